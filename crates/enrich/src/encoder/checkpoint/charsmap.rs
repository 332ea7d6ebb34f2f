//! How SentencePiece's precompiled normaliser writes characters.
//!
//! Little-endian: the size in bytes of a trie, the trie, and behind it strings that end with a zero byte. The trie is a
//! double array as Darts-clone builds it (Yata et al., "A compact static double-array keeping character codes", 2007): units
//! of 32 bits with a label (8 bits and the highest), whether a value hangs on it (bit 8), and where its children are
//! (bits 10 to 30, times 256 where bit 9 is set); a value is the place of a string. Keys are UTF-8.

/// The longest that a character is written as: NFKC's longest has 18 characters.
const LONGEST: usize = 256;

/// Writings of characters.
#[derive(Debug)]
pub(super) struct CharsMap {
    units: Vec<u32>,
    strings: Vec<u8>,
}

impl CharsMap {
    /// `None` when the bytes are not such a map.
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let (size, rest) = bytes.split_first_chunk::<4>()?;
        let (trie, strings) = rest.split_at_checked(u32::from_le_bytes(*size) as usize)?;
        let (units, []) = trie.as_chunks::<4>() else { return None };
        let units: Vec<u32> = units.iter().map(|unit| u32::from_le_bytes(*unit)).collect();
        (!units.is_empty()).then(|| Self { units, strings: strings.to_vec() })
    }

    /// What a character is written as, `None` where it stays.
    ///
    /// # Errors
    /// When the map says nothing that can be written.
    pub fn write(&self, c: char) -> Result<Option<&str>, ()> {
        let mut buffer = [0; 4];
        let Some(at) = self.find(c.encode_utf8(&mut buffer).as_bytes()) else { return Ok(None) };
        let string = self.strings.get(at..).ok_or(())?;
        let end = string.iter().take(LONGEST + 1).position(|byte| *byte == 0).ok_or(())?;
        string.get(..end).and_then(|string| std::str::from_utf8(string).ok()).map(Some).ok_or(())
    }

    /// The value of a key.
    fn find(&self, key: &[u8]) -> Option<usize> {
        let mut at = children(*self.units.first()?);
        let mut unit = 0;
        for byte in key {
            at ^= usize::from(*byte);
            unit = *self.units.get(at)?;
            // No child of this label; zero is a value's.
            if unit & (1 << 31 | 0xff) != u32::from(*byte) || *byte == 0 {
                return None;
            }
            at ^= children(unit);
        }
        let has_value = unit >> 8 & 1 == 1;
        let value = self.units.get(at).filter(|_| has_value)?;
        Some((value & (u32::MAX >> 1)) as usize)
    }
}

/// How far away the children of a unit are.
fn children(unit: u32) -> usize {
    ((unit >> 10) << ((unit & 1 << 9) >> 6)) as usize
}

/// A map of one byte each: letters of ASCII to strings.
#[cfg(test)]
pub(super) fn sample(pairs: &[(u8, &str)]) -> Vec<u8> {
    let mut strings = Vec::new();
    // The root's children lie at 256 and on, each one's value 1,024 units behind it.
    let mut units = vec![0_u32; 2048];
    units[0] = 256 << 10;
    for (key, string) in pairs {
        let at = 256 ^ usize::from(*key);
        units[at] = u32::from(*key) | 1 << 8 | 1024 << 10;
        units[at ^ 1024] = 1 << 31 | strings.len() as u32;
        strings.extend_from_slice(string.as_bytes());
        strings.push(0);
    }
    let mut out = (4 * units.len() as u32).to_le_bytes().to_vec();
    out.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
    out.extend(strings);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_written_as_the_map_says() {
        let map = CharsMap::new(&sample(&[(b'A', "a"), (b'Q', "qu"), (b'\t', "")])).expect("a map");
        assert_eq!(map.write('A'), Ok(Some("a")));
        assert_eq!(map.write('Q'), Ok(Some("qu")));
        assert_eq!(map.write('\t'), Ok(Some("")));
        assert_eq!(map.write('b'), Ok(None));
        assert_eq!(map.write('\0'), Ok(None));
        assert_eq!(map.write('é'), Ok(None));
    }

    #[test]
    fn damaged_maps_are_refused() {
        let bytes = sample(&[(b'A', "a")]);
        assert!(CharsMap::new(&bytes[..100]).is_none(), "cut short");
        assert!(CharsMap::new(&[0; 4]).is_none(), "without a root");
        let without_strings = CharsMap::new(&bytes[..bytes.len() - 2]).expect("a trie");
        assert_eq!(without_strings.write('A'), Err(()));
    }
}
