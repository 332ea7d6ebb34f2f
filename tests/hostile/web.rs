//! Hostile pages, events and characters.

use super::*;

pub fn markup() -> Vec<HostileInput> {
    let page =
        |body: &str| format!("<!DOCTYPE html><html><head><title>t</title></head><body>{body}</body></html>");
    let article = format!("<article>{}</article>", format!("<p>{ARABIC}</p>").repeat(8));
    let attributes: String = (0..100_000).map(|i| format!(" a{i}=1")).collect();
    let formatting: String = (0..200).map(|i| format!("<b class=c{i}>")).collect();
    let deep = Rejected(Reason::TooDeep);
    let many = Rejected(Reason::TooManyNodes);
    vec![
        input("html_100000_nested", page(&"<div>".repeat(100_000)), deep),
        input("html_100000_open_bold", page(&"<b>x".repeat(100_000)), deep),
        input("html_100000_open_paragraphs", page(&format!("<p>{ARABIC}").repeat(50_000)), Either),
        input("html_100000_open_links", page(&"<a href=x><p>".repeat(50_000)), Either),
        input("html_200_nested", page(&format!("{}{article}", "<div>".repeat(200))), Either),
        input("html_300000_elements", page(&"<br>".repeat(300_000)), many),
        input("html_100000_attributes", page(&format!("<p{attributes}>{ARABIC}")), many),
        input(
            "html_formatting_blow_up",
            page(&format!("<p>{formatting}</p>{}", "<p>x".repeat(50_000))),
            many,
        ),
        input("html_nested_tables", page(&"<table><tr><td>".repeat(2_000)), deep),
        input("html_misnested", page(&"<b><i></b></i><table><p></table>".repeat(5_000)), Either),
        input("html_entity_flood", page(&format!("{article}<p>{}</p>", "&amp;".repeat(500_000))), many),
        input(
            "html_unknown_entities",
            page(&format!("<p>{}</p>", "&x;&#0;&#x110000;&#xD800;".repeat(20_000))),
            Either,
        ),
        input("html_open_comment", page(&format!("<!-- {article}")), Either),
        input("html_open_script", page(&format!("<script>{article}")), Either),
        input("html_open_tag", page(&format!("{article}<p class=\"{}", "x".repeat(MIB))), Either),
        input("html_open_brackets", page(&"<".repeat(MIB)), many),
        input("html_foreign_content", page(&"<svg><foreignObject><math><mi>".repeat(2_000)), deep),
        input("html_templates", page(&"<template>".repeat(20_000)), deep),
        input("html_selects", page(&"<select><option>x".repeat(20_000)), Either),
        input("html_empty", page(""), Rejected(Reason::NoArticleInHtml)),
        input(
            "html_only_scripts",
            page("<script>var a = '<p>text</p>';</script>"),
            Rejected(Reason::NoArticleInHtml),
        ),
        input(
            "html_broken_json_ld",
            page(&format!(
                "<script type=\"application/ld+json\">{{\"@type\": \"NewsArticle\",</script>{article}"
            )),
            Diagnostic(Code::MetadataIgnored),
        ),
        input(
            "html_deep_json_ld",
            page(&format!("<script type=\"application/ld+json\">{}</script>{article}", "[".repeat(100_000))),
            Diagnostic(Code::MetadataIgnored),
        ),
        input(
            "xml_billion_laughs",
            "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">\
             <!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">]><lolz>&c;&c;&c;</lolz>",
            Rejected(Reason::WrongShape),
        ),
        input(
            "json_body_of_deep_markup",
            format!("{{\"body\": \"{}{ARABIC}\"}}", "<div>".repeat(100_000)),
            Diagnostic(Code::MarkupRemoved),
        ),
        input("json_body_of_many_tags", format!("{{\"body\": \"{}\"}}", "<br>".repeat(300_000)), many),
    ]
}

pub fn events() -> Vec<HostileInput> {
    let event = Rejected(Reason::InvalidCloudEvent);
    let structured = [("content-type", "application/cloudevents+json")];
    let json = format!("{{\"body\": \"{ARABIC}\"}}");
    vec![
        with_headers("event_without_id", json.clone(), &[("ce_specversion", "1.0")], event),
        with_headers(
            "event_of_version_9",
            json.clone(),
            &[("ce_specversion", "9"), ("ce_id", "1"), ("ce_source", "/s"), ("ce_type", "t")],
            event,
        ),
        with_headers(
            "event_with_bad_time",
            json.clone(),
            &[
                ("ce_specversion", "1.0"),
                ("ce_id", "1"),
                ("ce_source", "/s"),
                ("ce_type", "t"),
                ("ce_time", "soon"),
            ],
            Diagnostic(Code::BadDate),
        ),
        with_headers(
            "event_structured_without_data",
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\"}",
            &structured,
            event,
        ),
        with_headers("event_structured_array", "[]", &structured, event),
        with_headers("event_structured_text", ARABIC, &structured, Rejected(Reason::InvalidJson)),
        with_headers("event_structured_deep", "[".repeat(100_000), &structured, Rejected(Reason::TooDeep)),
        with_headers(
            "event_bad_base64",
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"data_base64\":\"*\"}",
            &structured,
            event,
        ),
        with_headers(
            "event_in_an_event",
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\
             \"data\":{\"specversion\":\"1.0\",\"data\":{\"body\":\"x y z\"}}}",
            &structured,
            Diagnostic(Code::Unwrapped),
        ),
        with_headers("event_batch", "[]", &[("content-type", "application/cloudevents-batch+json")], event),
        invalid_headers(),
    ]
}

fn invalid_headers() -> HostileInput {
    let mut input = input("headers_1000_invalid", ARABIC, Either);
    for i in 0..1000 {
        let value = if i % 2 == 0 { None } else { Some(Bytes::from_static(&[0xFF, 0x00, 0xC0])) };
        let name = ["content-type", "content-encoding", "ce_specversion", "x"][i % 4];
        input.raw.headers.0.push((name.to_owned(), value));
    }
    input
}

pub fn characters() -> Vec<HostileInput> {
    let invisible = Diagnostic(Code::InvisibleCharacters);
    vec![
        input("nul_flood", around(&[0], 10_000), Diagnostic(Code::ControlCharacters)),
        input(
            "all_control_characters",
            format!("{ARABIC}{}", (1..32u8).map(char::from).collect::<String>()),
            Diagnostic(Code::ControlCharacters),
        ),
        input(
            "bidi_override_flood",
            format!("{ARABIC}{}", "\u{202E}\u{2066}\u{202A}".repeat(100_000)),
            invisible,
        ),
        input(
            "bidi_between_letters",
            ARABIC.chars().flat_map(|c| [c, '\u{200F}']).collect::<String>(),
            invisible,
        ),
        input(
            "zero_width_flood",
            format!("{}{ARABIC}", "\u{200B}\u{200D}\u{FEFF}".repeat(100_000)),
            invisible,
        ),
        input("combining_marks_flood", format!("ا{}", "\u{064B}\u{0301}".repeat(200_000)), Either),
        input("joined_emoji_flood", format!("{ARABIC}{}", "👩\u{200D}".repeat(50_000)), Either),
        input("one_word_of_2_mb", "ا".repeat(MIB), Either),
        input("no_sentence_ends_1_mb", "كلمة ".repeat(MIB / 9), Either),
        input("quotation_marks_1_mb", "\"«»“” ".repeat(MIB / 12), Either),
        input("digits_1_mb", "1٢,.3 ".repeat(MIB / 8), Either),
        input("brackets_in_prose", "[".repeat(MIB), Either),
        input("newlines_1_mb", format!("{ARABIC}{}", "\n".repeat(MIB)), Either),
        input("private_use_and_unassigned", "\u{E000}\u{10FFFF}\u{FFFF}\u{378}".repeat(10_000), Either),
        input("presentation_forms", "\u{FDFA}\u{FEFB}".repeat(100_000), Either),
        input(
            "every_sign_of_the_plane",
            (0x20..0xFFFEu32).filter_map(char::from_u32).collect::<String>(),
            Either,
        ),
    ]
}
