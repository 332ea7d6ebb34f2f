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

mod json;
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
    [
        encodings(),
        json::syntax(),
        json::shapes(),
        transport(),
        web::markup(),
        web::events(),
        web::characters(),
    ]
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
