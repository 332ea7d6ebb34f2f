//! Compression: what `content-encoding` declares, and what magic bytes show.

use std::borrow::Cow;
use std::io::Read;

use khabar_enrich::DiagnosticCode;

use super::remarks::Remarks;
use crate::envelope::{Reason, Reject};

const GZIP_MAGIC: &[u8] = &[0x1f, 0x8b, 0x08];
const ZSTD_MAGIC: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
/// Nobody stacks more on purpose.
const MAX_LAYERS: usize = 4;
/// 2^27 bytes: the largest window that a zstd frame may ask us to keep (the library's own default).
const MAX_ZSTD_WINDOW_LOG: u32 = 27;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Codec {
    Gzip,
    Zstd,
}

/// The record's bytes without compression. `declared` is the `content-encoding` header: a list in the
/// order in which the codecs were applied. Without one, gzip and zstd are known by their magic bytes.
///
/// Memory grows with what comes out, never with what a header promises, and never beyond `limit`.
///
/// # Errors
/// A codec that we do not have, broken or cut data, or more than `limit` bytes.
pub fn decompress<'a>(
    value: &'a [u8],
    declared: Option<&str>,
    limit: usize,
    remarks: &mut Remarks,
) -> Result<Cow<'a, [u8]>, Reject> {
    let codecs = match declared.map(str::trim).filter(|d| !d.is_empty()) {
        Some(declared) => listed(declared)?,
        None => {
            let Some((codec, message)) = recognised(value) else { return Ok(Cow::Borrowed(value)) };
            remarks.add(DiagnosticCode::UndeclaredCompression, message);
            vec![codec]
        }
    };
    let mut bytes = Cow::Borrowed(value);
    for codec in codecs.iter().rev() {
        bytes = Cow::Owned(match codec {
            Codec::Gzip => read_all("gzip", flate2::read::MultiGzDecoder::new(&*bytes), bytes.len(), limit)?,
            Codec::Zstd => {
                let mut reader = zstd::Decoder::with_buffer(&*bytes).map_err(|e| failed("zstd", &e))?;
                reader.window_log_max(MAX_ZSTD_WINDOW_LOG).map_err(|e| failed("zstd", &e))?;
                read_all("zstd", reader, bytes.len(), limit)?
            }
        });
    }
    Ok(bytes)
}

fn recognised(value: &[u8]) -> Option<(Codec, &'static str)> {
    if value.starts_with(GZIP_MAGIC) {
        return Some((Codec::Gzip, "gzip by its magic bytes, without a content-encoding header"));
    }
    value
        .starts_with(ZSTD_MAGIC)
        .then_some((Codec::Zstd, "zstd by its magic bytes, without a content-encoding header"))
}

fn listed(declared: &str) -> Result<Vec<Codec>, Reject> {
    let mut codecs = Vec::new();
    for name in declared.split(',').map(str::trim) {
        match name.to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => codecs.push(Codec::Gzip),
            "zstd" => codecs.push(Codec::Zstd),
            "identity" | "" => {}
            _ => {
                let shown: String = name.chars().filter(char::is_ascii_graphic).take(40).collect();
                return Err(Reject::new(
                    Reason::UnsupportedContentEncoding,
                    format!("content-encoding {shown:?} is not supported: use gzip, zstd or identity"),
                ));
            }
        }
    }
    if codecs.len() > MAX_LAYERS {
        return Err(Reject::new(
            Reason::UnsupportedContentEncoding,
            format!("content-encoding lists {} codecs, at most {MAX_LAYERS} are undone", codecs.len()),
        ));
    }
    Ok(codecs)
}

fn read_all(codec: &str, reader: impl Read, compressed: usize, limit: usize) -> Result<Vec<u8>, Reject> {
    let mut out = Vec::with_capacity(compressed.saturating_mul(4).min(limit).min(1 << 20));
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    reader.take(most).read_to_end(&mut out).map_err(|e| failed(codec, &e))?;
    if out.len() > limit {
        return Err(Reject::new(
            Reason::DecompressedTooLarge,
            format!("more than {limit} bytes once decompressed (decode.max_decompressed_bytes)"),
        ));
    }
    Ok(out)
}

fn failed(codec: &str, error: &std::io::Error) -> Reject {
    Reject::new(Reason::DecompressionFailed, format!("{codec} data is broken or cut short: {error}"))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(data: &[u8]) -> Vec<u8> {
        let mut w = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        w.write_all(data).unwrap();
        w.finish().unwrap()
    }

    fn reason(value: &[u8], declared: Option<&str>, limit: usize) -> Reason {
        decompress(value, declared, limit, &mut Remarks::default()).unwrap_err().reason
    }

    #[test]
    fn undoes_stacked_codecs_in_order() {
        let value = zstd::encode_all(&gzip(b"text")[..], 1).unwrap();
        let mut remarks = Remarks::default();
        let out = decompress(&value, Some("x-gzip, identity, ZSTD"), 100, &mut remarks).unwrap();
        assert_eq!(&*out, b"text");
        assert!(remarks.into_diagnostics().is_empty());
    }

    #[test]
    fn knows_magic_bytes() {
        for value in [gzip(b"text"), zstd::encode_all(&b"text"[..], 1).unwrap()] {
            let mut remarks = Remarks::default();
            assert_eq!(&*decompress(&value, None, 100, &mut remarks).unwrap(), b"text");
            assert_eq!(remarks.into_diagnostics()[0].code, DiagnosticCode::UndeclaredCompression);
        }
    }

    #[test]
    fn broken_and_bombs() {
        let mut cut = gzip(&[b'a'; 10_000]);
        cut.truncate(cut.len() - 9);
        assert_eq!(reason(&cut, Some("gzip"), 1 << 20), Reason::DecompressionFailed);
        assert_eq!(reason(b"plain", Some("gzip"), 1 << 20), Reason::DecompressionFailed);
        assert_eq!(reason(b"plain", Some("zstd"), 1 << 20), Reason::DecompressionFailed);
        assert_eq!(reason(b"plain", Some("br"), 1 << 20), Reason::UnsupportedContentEncoding);
        assert_eq!(reason(&gzip(&vec![0; 1 << 20]), None, 1000), Reason::DecompressedTooLarge);
        let bomb = zstd::encode_all(&vec![0; 1 << 20][..], 1).unwrap();
        assert_eq!(reason(&bomb, None, 1000), Reason::DecompressedTooLarge);
    }
}
