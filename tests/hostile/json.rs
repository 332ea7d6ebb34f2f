//! Hostile JSON: broken, huge, deep, of the wrong types.

use super::*;

pub fn syntax() -> Vec<HostileInput> {
    let body = |escape: &str| format!("{{\"body\": \"{ARABIC} {escape} {ARABIC}\"}}");
    let many: String = (0..50_000).map(|i| format!("\"k{i}\": 1, ")).collect();
    let same = "\"title\": \"x\", ".repeat(50_000);
    let invalid = Rejected(Reason::InvalidJson);
    vec![
        input(
            "json_arrays_100000_deep",
            ["[{\"a\":", "["].concat().repeat(50_000),
            Rejected(Reason::TooDeep),
        ),
        input("json_objects_100000_deep", "{\"a\":".repeat(100_000), Rejected(Reason::TooDeep)),
        input(
            "json_deep_beside_a_body",
            format!("{{\"body\": \"{ARABIC}\", \"x\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000)),
            Rejected(Reason::TooDeep),
        ),
        input(
            "json_as_deep_as_allowed",
            format!("{{\"body\": \"{ARABIC}\", \"x\": {}{}}}", "[".repeat(255), "]".repeat(255)),
            Either,
        ),
        input(
            "json_million_values",
            format!("{{\"x\": [0{}]}}", ",0".repeat(MIB)),
            Rejected(Reason::TooManyNodes),
        ),
        input("json_lone_high_surrogate", body(r"\ud83d"), Diagnostic(Code::LoneSurrogates)),
        input("json_lone_low_surrogate", body(r"\ude00"), Diagnostic(Code::LoneSurrogates)),
        input("json_swapped_surrogates", body(r"\ude00\ud83d"), Diagnostic(Code::LoneSurrogates)),
        input("json_surrogate_flood", body(&r"\ud800".repeat(100_000)), Diagnostic(Code::LoneSurrogates)),
        input(
            "json_surrogate_in_key",
            format!(r#"{{"\ud800": 1, "body": "{ARABIC}"}}"#),
            Diagnostic(Code::LoneSurrogates),
        ),
        input("json_duplicate_bodies", r#"{"body": "one", "body": "two"}"#, Diagnostic(Code::DuplicateKeys)),
        input(
            "json_50000_equal_keys",
            format!("{{{same} \"body\": \"{ARABIC}\"}}"),
            Diagnostic(Code::DuplicateKeys),
        ),
        input("json_50000_keys", format!("{{{many} \"body\": \"{ARABIC}\"}}"), Either),
        input("json_number_beyond_double", format!("{{\"n\": 1e999, \"body\": \"{ARABIC}\"}}"), invalid),
        input(
            "json_number_of_100000_digits",
            format!("{{\"n\": {}, \"body\": \"{ARABIC}\"}}", "9".repeat(100_000)),
            invalid,
        ),
        input(
            "json_identity_beyond_64_bits",
            format!("{{\"id\": {}, \"body\": \"{ARABIC}\"}}", "9".repeat(30)),
            Diagnostic(Code::WrongType),
        ),
        input("json_nan", format!("{{\"n\": NaN, \"body\": \"{ARABIC}\"}}"), invalid),
        input("json_infinity", format!("{{\"n\": -Infinity, \"body\": \"{ARABIC}\"}}"), invalid),
        input("json_trailing_garbage", format!("{{\"body\": \"{ARABIC}\"}} }}"), invalid),
        input(
            "json_two_documents",
            format!("{{\"body\": \"{ARABIC}\"}}\n{{\"body\": \"{ARABIC}\"}}"),
            invalid,
        ),
        input("json_cut", format!("{{\"body\": \"{ARABIC}"), invalid),
        input("json_single_quotes", "{'body': 'x'}", invalid),
        input("json_comment", format!("{{/* c */ \"body\": \"{ARABIC}\"}}"), invalid),
        input("json_raw_control", "{\"body\": \"a\u{1}b\"}", invalid),
        input("json_nul_escaped", body(r"\u0000"), Diagnostic(Code::ControlCharacters)),
        input("json_bad_escape", body(r"\x41"), invalid),
        input("json_key_of_1_mb", format!("{{\"{}\": 1, \"body\": \"{ARABIC}\"}}", "k".repeat(MIB)), Either),
        input("json_string_open_1_mb", format!("{{\"body\": \"{}", "a".repeat(MIB)), invalid),
    ]
}

pub fn shapes() -> Vec<HostileInput> {
    let fields =
        ["id", "url", "title", "authors", "publisher", "published", "fetched", "section", "tags", "language"];
    let all_fields = |value: &str| {
        let members: String = fields.iter().map(|f| format!("\"{f}\": {value}, ")).collect();
        format!("{{{members} \"body\": \"{ARABIC}\"}}")
    };
    let wrong = Rejected(Reason::WrongShape);
    let empty = Rejected(Reason::EmptyBody);
    vec![
        input("types_all_numbers", all_fields("1.5"), Diagnostic(Code::WrongType)),
        input("types_all_booleans", all_fields("true"), Diagnostic(Code::WrongType)),
        input("types_all_objects", all_fields("{\"x\": [1]}"), Diagnostic(Code::WrongType)),
        input("types_all_lists_of_lists", all_fields("[[[]]]"), Diagnostic(Code::WrongType)),
        input("types_all_nulls", all_fields("null"), Either),
        input("types_all_none_strings", all_fields("\"None\""), Diagnostic(Code::Placeholder)),
        input("types_all_nul_strings", all_fields("\"\\u0000\""), Either),
        input(
            "dates_that_are_none",
            format!("{{\"published\": \"99/99/9999\", \"fetched\": -1, \"body\": \"{ARABIC}\"}}"),
            Diagnostic(Code::BadDate),
        ),
        input("body_number", "{\"body\": 12}", wrong),
        input("body_boolean", "{\"body\": false}", wrong),
        input("body_object", "{\"body\": {\"a\": {}}}", wrong),
        input("body_lists_of_numbers", "{\"body\": [1, [2]]}", wrong),
        input("body_null", "{\"body\": null}", empty),
        input("body_white_space", "{\"body\": \"\\n \\u2003\"}", empty),
        input("body_word_for_nothing", "{\"body\": \"None\"}", empty),
        input("title_only", format!("{{\"title\": \"{ARABIC}\"}}"), empty),
        input("object_empty", "{}", empty),
        input("array_empty", "[]", Either),
        input(
            "array_of_articles",
            format!("[{{\"body\": \"{ARABIC}\"}}, {{\"body\": \"{ARABIC}\"}}]"),
            wrong,
        ),
        with_headers("json_scalar", "12", &[("content-type", "application/json")], wrong),
        input("json_null", "null", empty),
        input("graph_of_nothing", "{\"@graph\": []}", wrong),
        input(
            "tags_by_the_million",
            format!("{{\"tags\": \"{}\", \"body\": \"{ARABIC}\"}}", "a;b;".repeat(MIB / 4)),
            Either,
        ),
        input(
            "title_of_2_mb",
            format!("{{\"title\": \"{}\", \"body\": \"{ARABIC}\"}}", "ط ".repeat(2 * MIB / 3)),
            Either,
        ),
        large_key(),
        no_key(),
    ]
}

fn large_key() -> HostileInput {
    let mut input = input("key_of_1_mb", ARABIC, Diagnostic(Code::LargeKey));
    input.raw.key = Some(Bytes::from(vec![b'k'; MIB]));
    input
}

fn no_key() -> HostileInput {
    let mut input = input("no_key", ARABIC, Either);
    input.raw.key = None;
    input
}
