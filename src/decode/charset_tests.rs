use encoding_rs::{KOI8_R, WINDOWS_1251, WINDOWS_1252, WINDOWS_1256};
use khabar_enrich::DiagnosticCode as Code;

use super::*;

const ARABIC: &str = "قال الوزير إن الاجتماع سيعقد في العاصمة يوم الخميس المقبل.";
const RUSSIAN: &str = "Министр сообщил, что встреча пройдёт в столице в четверг.";
const FRENCH: &str = "Le ministère a déclaré que la réunion se tiendra à Genève, où l'été s'achève.";

fn read(bytes: &[u8], declared: Option<&str>) -> Result<(String, Vec<Code>), Reason> {
    let mut remarks = Remarks::default();
    let text = decode(bytes, declared, &mut remarks).map_err(|r| r.reason)?.into_owned();
    Ok((text, remarks.into_diagnostics().into_iter().map(|d| d.code).collect()))
}

fn utf16(text: &str, big: bool) -> Vec<u8> {
    text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
}

fn iso_8859_6(text: &str) -> Vec<u8> {
    // The standard encoder writes it as it is read.
    encoding_rs::ISO_8859_6.encode(text).0.into_owned()
}

#[test]
fn detects_the_sets_of_short_articles() {
    for (bytes, text) in [
        (WINDOWS_1256.encode(ARABIC).0.into_owned(), ARABIC),
        (iso_8859_6(ARABIC), ARABIC),
        (WINDOWS_1251.encode(RUSSIAN).0.into_owned(), RUSSIAN),
        (KOI8_R.encode(RUSSIAN).0.into_owned(), RUSSIAN),
        (encoding_rs::IBM866.encode(RUSSIAN).0.into_owned(), RUSSIAN),
        (WINDOWS_1252.encode(FRENCH).0.into_owned(), FRENCH),
    ] {
        assert_eq!(read(&bytes, None), Ok((text.to_owned(), vec![Code::CharsetDetected])));
    }
}

#[test]
fn marks_win() {
    let utf8 = [&[0xEF, 0xBB, 0xBF], ARABIC.as_bytes()].concat();
    assert_eq!(read(&utf8, Some("windows-1251")), Ok((ARABIC.to_owned(), vec![Code::ByteOrderMark])));
    for big in [false, true] {
        let marked = utf16(&format!("\u{FEFF}{ARABIC}"), big);
        assert_eq!(read(&marked, None), Ok((ARABIC.to_owned(), vec![Code::ByteOrderMark])));
        let units = format!("\u{FEFF}{ARABIC}");
        let marked: Vec<u8> = units
            .chars()
            .flat_map(|c| if big { u32::from(c).to_be_bytes() } else { u32::from(c).to_le_bytes() })
            .collect();
        assert_eq!(read(&marked, None), Ok((ARABIC.to_owned(), vec![Code::ByteOrderMark])));
    }
}

#[test]
fn wide_text_without_a_mark() {
    for text in [ARABIC, RUSSIAN, "{\"title\": \"قمة\"}"] {
        for big in [false, true] {
            assert_eq!(
                read(&utf16(text, big), None),
                Ok((text.to_owned(), vec![Code::CharsetDetected])),
                "{text} {big}"
            );
        }
    }
}

#[test]
fn declarations() {
    let bytes = WINDOWS_1251.encode(RUSSIAN).0;
    assert_eq!(read(&bytes, Some("CP1251")), Ok((RUSSIAN.to_owned(), vec![])));
    assert_eq!(read(&bytes, Some("klingon")), Err(Reason::UnknownCharset));
    assert_eq!(
        read(RUSSIAN.as_bytes(), Some("cp1251")),
        Ok((RUSSIAN.to_owned(), vec![Code::CharsetMismatch]))
    );
    assert_eq!(read(&bytes, Some("utf-8")), Ok((RUSSIAN.to_owned(), vec![Code::CharsetDetected])));
    assert_eq!(read(&utf16(RUSSIAN, true), Some("utf-16be")), Ok((RUSSIAN.to_owned(), vec![])));
    for page in [
        "<html><meta charset=\"windows-1251\"><p>Да</p>",
        "<html><META http-equiv=content-type content='text/html; charset=windows-1251'><p>Да</p>",
        "<?xml version='1.0' encoding='windows-1251'?><p>Да</p>",
    ] {
        let bytes = WINDOWS_1251.encode(page).0;
        assert_eq!(read(&bytes, None), Ok((page.to_owned(), vec![])));
    }
}

#[test]
fn a_few_bad_bytes_are_replaced_and_many_are_not() {
    let mut cut = ARABIC.as_bytes().to_vec();
    cut.truncate(cut.len() - 2);
    let (text, codes) = read(&cut, None).unwrap();
    assert!(text.ends_with('\u{FFFD}') && codes == [Code::ReplacedInvalidBytes], "{text} {codes:?}");
    let noise: Vec<u8> = (0..2000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    assert_eq!(read(&noise, None), Err(Reason::InvalidText));
    assert_eq!(read(&[0xFF, 0xFE, 0x00, 0xD8], None), Err(Reason::InvalidText));
}
