//! Hostile records, built in code: what a topic may hold when producers are broken or mean harm.
//!
//! Used by the test of the stages and by those that send the same records through Kafka and through
//! files. Each must end as an enriched record or as a dead letter with a reason, never in a panic or
//! a stall.

use std::io::Write;
use std::path::Path;

use bytes::Bytes;
use khabar::envelope::{Headers, Raw, Reason};
use khabar_enrich::DiagnosticCode as Code;

mod web;

/// One hostile record.
pub struct HostileInput {
    /// Its name, good for a file.
    pub name: &'static str,
    /// The record.
    pub raw: Raw,
    /// How it must end.
    pub expect: Expect,
}

/// How a hostile record must end.
#[derive(Debug, Clone, Copy)]
pub enum Expect {
    /// As a dead letter for this reason.
    Rejected(Reason),
    /// As an enriched record with a diagnostic of this code.
    Diagnostic(Code),
    /// As an enriched record or a dead letter.
    Either,
}

use Expect::{Diagnostic, Either, Rejected};

const ARABIC: &str = "أعلنت وزارة النقل في مدينة الواحة يوم الاثنين افتتاح خط جديد للقطارات.";
const RUSSIAN: &str = "В городе Заречье в понедельник открыли новый мост через реку.";
const MIB: usize = 1 << 20;

/// All of them.
#[allow(dead_code)]
pub fn all() -> Vec<HostileInput> {
    [encodings(), json_syntax(), json_shapes(), transport(), web::markup(), web::events(), web::characters()]
        .into_iter()
        .flatten()
        .collect()
}

/// Writes the values into a folder, `NAME.bin` each, for reading them as files. Returns how many.
#[allow(dead_code)]
pub fn write_into(folder: &Path) -> std::io::Result<usize> {
    let inputs = all();
    for input in &inputs {
        let mut file = std::fs::File::create(folder.join(format!("{}.bin", input.name)))?;
        file.write_all(input.raw.value.as_deref().unwrap_or_default())?;
    }
    Ok(inputs.len())
}

fn input(name: &'static str, value: impl Into<Vec<u8>>, expect: Expect) -> HostileInput {
    with_headers(name, value, &[], expect)
}

fn with_headers(
    name: &'static str,
    value: impl Into<Vec<u8>>,
    headers: &[(&str, &str)],
    expect: Expect,
) -> HostileInput {
    let headers =
        headers.iter().map(|(n, v)| ((*n).to_owned(), Some(Bytes::from((*v).to_owned())))).collect();
    let raw = Raw {
        key: Some(Bytes::from_static(name.as_bytes())),
        value: Some(Bytes::from(value.into())),
        headers: Headers(headers),
    };
    HostileInput { name, raw, expect }
}

fn utf16(text: &str, big: bool) -> Vec<u8> {
    text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
}

/// Bytes without any order, the same in every run.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15u64;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        })
        .collect()
}

fn around(bad: &[u8], times: usize) -> Vec<u8> {
    [ARABIC.as_bytes(), &bad.repeat(times), ARABIC.as_bytes()].concat()
}

fn encodings() -> Vec<HostileInput> {
    let cut = &ARABIC.as_bytes()[..ARABIC.len() - 2];
    let one_bad = around(&[0xFF], 1);
    let utf32: Vec<u8> =
        format!("\u{FEFF}{ARABIC}").chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
    let windows_1256 = encoding_rs::WINDOWS_1256.encode(ARABIC).0.into_owned();
    let windows_1251 = encoding_rs::WINDOWS_1251.encode(RUSSIAN).0.into_owned();
    let mut lone_unit = utf16(&format!("\u{FEFF}{}", ARABIC.repeat(3)), false);
    lone_unit.splice(20..22, [0x3D, 0xD8]);
    let mut odd = utf16(&format!("\u{FEFF}{ARABIC}"), true);
    odd.pop();
    let text = |charset| [("content-type", charset)];
    vec![
        input("empty", "", Rejected(Reason::EmptyBody)),
        input("white_space_only", " \r\n\t\u{a0}\u{3000}", Rejected(Reason::EmptyBody)),
        input("byte_order_mark_only", "\u{FEFF}", Rejected(Reason::EmptyBody)),
        input("utf8_overlong", around(&[0xC0, 0xAF], 30), Rejected(Reason::InvalidText)),
        input("utf8_encoded_surrogates", around(&[0xED, 0xA0, 0x80], 30), Rejected(Reason::InvalidText)),
        input("utf8_beyond_unicode", around(&[0xF4, 0x90, 0x80, 0x80], 20), Rejected(Reason::InvalidText)),
        input("utf8_five_byte_form", around(&[0xF8, 0x88, 0x80, 0x80, 0x80], 1), Either),
        input("utf8_lone_continuations", around(&[0x80, 0xBF], 40), Rejected(Reason::InvalidText)),
        input("utf8_cut_in_a_character", cut, Diagnostic(Code::ReplacedInvalidBytes)),
        input("utf8_one_bad_byte", one_bad, Diagnostic(Code::ReplacedInvalidBytes)),
        input(
            "utf8_with_mark",
            format!("\u{FEFF}{{\"body\": \"{ARABIC}\"}}"),
            Diagnostic(Code::ByteOrderMark),
        ),
        input("two_byte_order_marks", format!("\u{FEFF}\u{FEFF}{{\"body\": \"{ARABIC}\"}}"), Either),
        input(
            "utf16_le_with_mark",
            utf16(&format!("\u{FEFF}{ARABIC}"), false),
            Diagnostic(Code::ByteOrderMark),
        ),
        input(
            "utf16_be_with_mark",
            utf16(&format!("\u{FEFF}{ARABIC}"), true),
            Diagnostic(Code::ByteOrderMark),
        ),
        input(
            "utf16_le_json",
            utf16(&format!("{{\"body\": \"{ARABIC}\"}}"), false),
            Diagnostic(Code::CharsetDetected),
        ),
        input(
            "utf16_be_json",
            utf16(&format!("{{\"body\": \"{ARABIC}\"}}"), true),
            Diagnostic(Code::CharsetDetected),
        ),
        input("utf16_lone_surrogate", lone_unit, Diagnostic(Code::ReplacedInvalidBytes)),
        input("utf16_odd_length", odd, Diagnostic(Code::ReplacedInvalidBytes)),
        input("utf32_le_with_mark", utf32, Diagnostic(Code::ByteOrderMark)),
        input("windows_1256_undeclared", windows_1256, Diagnostic(Code::CharsetDetected)),
        with_headers(
            "windows_1251_declared_utf8",
            windows_1251,
            &text("text/plain; charset=utf-8"),
            Diagnostic(Code::CharsetDetected),
        ),
        with_headers(
            "utf8_declared_windows_1252",
            ARABIC,
            &text("text/plain; charset=windows-1252"),
            Diagnostic(Code::CharsetMismatch),
        ),
        with_headers(
            "unknown_charset",
            ARABIC,
            &text("text/plain; charset=klingon"),
            Rejected(Reason::UnknownCharset),
        ),
        with_headers(
            "charset_of_100_kb",
            ARABIC,
            &text(&format!("text/plain; charset={}", "x".repeat(100_000))),
            Rejected(Reason::UnknownCharset),
        ),
        input("noise", noise(20_000), Either),
        input("noise_without_magic", [b"x".to_vec(), noise(20_000)].concat(), Rejected(Reason::InvalidText)),
        input(
            "picture",
            [&[0xFF, 0xD8, 0xFF, 0xE0, 0, 16][..], b"JFIF", &noise(9_000)].concat(),
            Rejected(Reason::InvalidText),
        ),
    ]
}

fn json_syntax() -> Vec<HostileInput> {
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

fn json_shapes() -> Vec<HostileInput> {
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

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn transport() -> Vec<HostileInput> {
    let packed = gzip(ARABIC.repeat(200).as_bytes());
    let frame = zstd::encode_all(ARABIC.repeat(200).as_bytes(), 3).unwrap();
    let broken = Rejected(Reason::DecompressionFailed);
    let bomb = Rejected(Reason::DecompressedTooLarge);
    let mut flipped = packed.clone();
    flipped[40] ^= 0x55;
    vec![
        input("body_of_50_mb", "a".repeat(50 * MIB), Rejected(Reason::TooLarge)),
        with_headers("gzip_cut", &packed[..packed.len() / 2], &[("content-encoding", "gzip")], broken),
        with_headers(
            "gzip_without_trailer",
            &packed[..packed.len() - 8],
            &[("content-encoding", "gzip")],
            broken,
        ),
        with_headers("gzip_flipped_bit", flipped, &[("content-encoding", "gzip")], broken),
        with_headers("gzip_that_is_none", ARABIC, &[("content-encoding", "gzip")], broken),
        with_headers("gzip_empty", "", &[("content-encoding", "gzip")], Either),
        input("gzip_undeclared", packed.clone(), Diagnostic(Code::UndeclaredCompression)),
        input("gzip_in_gzip_undeclared", gzip(&packed), Rejected(Reason::InvalidText)),
        input("gzip_bomb", gzip(&vec![b'a'; 64 * MIB]), bomb),
        with_headers(
            "gzip_bomb_in_gzip",
            gzip(&gzip(&vec![b'a'; 64 * MIB])),
            &[("content-encoding", "gzip, gzip")],
            bomb,
        ),
        with_headers("zstd_cut", &frame[..frame.len() - 5], &[("content-encoding", "zstd")], broken),
        with_headers("zstd_that_is_none", ARABIC, &[("content-encoding", "zstd")], broken),
        input("zstd_bomb", zstd::encode_all(&vec![b'a'; 64 * MIB][..], 3).unwrap(), bomb),
        input(
            "zstd_huge_window",
            [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0xA8, 0x01, 0x00, 0x00, b'x'].to_vec(),
            broken,
        ),
        with_headers(
            "encoding_unknown",
            ARABIC,
            &[("content-encoding", "br")],
            Rejected(Reason::UnsupportedContentEncoding),
        ),
        with_headers(
            "encoding_stacked_1000_times",
            ARABIC,
            &[("content-encoding", &"gzip,".repeat(1000))],
            Rejected(Reason::UnsupportedContentEncoding),
        ),
        schema_registry("schema_registry_avro", &[0, 0, 0, 0, 7, 0x0C, 0x61, 0x62]),
        schema_registry("schema_registry_json", b"\0\0\0\x01\x02{\"body\": \"x\"}"),
    ]
}

fn schema_registry(name: &'static str, value: &[u8]) -> HostileInput {
    input(name, value, Rejected(Reason::SchemaRegistryFramed))
}
