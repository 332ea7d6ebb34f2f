//! Byte offsets to code points and UTF-16 units, without counting from the start.

/// Bytes between checkpoints: small enough to count through in some nanoseconds.
const BLOCK: usize = 128;

/// Checkpoints into one text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Positions {
    /// Characters and characters outside the BMP before each block; empty when the text is ASCII.
    checkpoints: Vec<[u32; 2]>,
}

impl Positions {
    /// Counts through `text` once.
    pub fn new(text: &str) -> Self {
        if text.is_ascii() {
            return Self::default();
        }
        let mut checkpoints = Vec::with_capacity(text.len() / BLOCK + 1);
        let mut sum = [0u32; 2];
        for block in text.as_bytes().chunks(BLOCK) {
            checkpoints.push(sum);
            let [chars, astral] = count(block);
            sum = [sum[0] + chars, sum[1] + astral];
        }
        Self { checkpoints }
    }

    /// Code points and UTF-16 units before byte `at` of `text`, the text that this was made of; `at`
    /// must be a character boundary.
    pub fn at(&self, text: &str, at: usize) -> (u32, u32) {
        let at = at.min(text.len());
        let Some(last) = self.checkpoints.len().checked_sub(1) else { return (at as u32, at as u32) };
        let block = (at / BLOCK).min(last);
        let sum = self.checkpoints[block];
        let [chars, astral] = count(&text.as_bytes()[block * BLOCK..at]);
        let chars = sum[0] + chars;
        (chars, chars + sum[1] + astral)
    }
}

/// Characters that start in `bytes`, and how many of them take four bytes (two UTF-16 units).
fn count(bytes: &[u8]) -> [u32; 2] {
    // Sums of bytes and blocks of at most BLOCK bytes, so that the compiler can use wide registers.
    let (mut chars, mut astral) = (0u32, 0u32);
    for part in bytes.chunks(BLOCK) {
        let (mut c, mut a) = (0u8, 0u8);
        for &byte in part {
            c += u8::from((byte as i8) >= -0x40);
            a += u8::from(byte >= 0xF0);
        }
        chars += u32::from(c);
        astral += u32::from(a);
    }
    [chars, astral]
}
