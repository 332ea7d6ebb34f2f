//! A small set of bits in front of a list of words: most words of a text are in none of the lists, and
//! this says so from the first cache, without hashing a word to its end.

/// Bits for the words of one list. It lets every word of the list through, and few others.
#[derive(Debug, Clone)]
pub(crate) struct Sieve {
    bits: Box<[u64; Sieve::WORDS]>,
}

impl Default for Sieve {
    fn default() -> Self {
        Self { bits: Box::new([0; Self::WORDS]) }
    }
}

impl Sieve {
    /// 4 KiB for each list.
    const BITS: u32 = 15;
    const WORDS: usize = 1 << (Self::BITS - 6);

    /// Lets `word` through from now on.
    pub fn add(&mut self, word: &str) {
        let (place, bit) = Self::place(word.as_bytes());
        self.bits[place] |= bit;
    }

    /// Whether `word` may have been added.
    #[inline]
    pub fn may_hold(&self, word: &str) -> bool {
        let (place, bit) = Self::place(word.as_bytes());
        self.bits[place] & bit != 0
    }

    /// By length, first eight and last eight bytes: four letters of Arabic or Cyrillic each.
    #[inline]
    fn place(word: &[u8]) -> (usize, u64) {
        const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
        let (first, last) = match (word.first_chunk::<8>(), word.last_chunk::<8>()) {
            (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
            _ => (word.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)), 0),
        };
        let mixed = (first ^ last.rotate_left(29) ^ word.len() as u64).wrapping_mul(ODD);
        let bit = mixed >> (64 - Self::BITS);
        ((bit >> 6) as usize % Self::WORDS, 1 << (bit & 63))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lets_all_of_its_words_through_and_few_others() {
        let words: Vec<String> = (0..1_000).map(|n| format!("{}كلمة{n}", "و".repeat(n % 7))).collect();
        let mut sieve = Sieve::default();
        for word in ["", "و", "في"].into_iter().chain(words.iter().map(String::as_str)) {
            sieve.add(word);
            assert!(sieve.may_hold(word), "{word:?} is held back");
        }
        let strangers = (0..10_000).map(|n| format!("غريب{n}{}", "ن".repeat(n % 5)));
        let through = strangers.filter(|word| sieve.may_hold(word)).count();
        assert!(through < 1_000, "{through} of 10000 strangers come through");
    }
}
