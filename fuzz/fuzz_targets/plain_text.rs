//! Plain text in any encoding: bytes as they are, and valid UTF-8 must come through unchanged.
#![no_main]
#![forbid(unsafe_code)]

use khabar_fuzz::decode::Format;
use khabar_fuzz::{raw, through};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let article = through(Format::Text, &raw(data, &[]));
    let plain = !data.starts_with(&[0x1f, 0x8b, 8]) && !data.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]);
    // Without a byte order mark or the zeros of UTF-16, and without a declaration, which only markup has.
    let bare = !data.starts_with(&[0xEF, 0xBB, 0xBF])
        && !data.iter().take(8).any(|b| matches!(b, 0 | 4 | 6))
        && !data.trim_ascii_start().starts_with(b"<");
    if let (true, true, Some(article), Ok(text)) = (plain, bare, article, std::str::from_utf8(data)) {
        assert_eq!(article.body, text);
    }
    through(Format::Auto, &raw(data, &[]));
});
