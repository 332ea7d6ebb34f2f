//! How Kafka's own clients choose a partition.

/// The partition that Kafka's own clients choose for a key: murmur2, as they compute it.
pub fn murmur2_partition(key: &[u8], partitions: usize) -> i32 {
    const M: u32 = 0x5bd1_e995;
    let mut hash = 0x9747_b28c ^ u32::try_from(key.len()).expect("a short key");
    let chunks = key.chunks_exact(4);
    let rest = chunks.remainder();
    for chunk in chunks {
        let mut k = u32::from_le_bytes([chunk[0], chunk[1], chunk[2], chunk[3]]).wrapping_mul(M);
        k = (k ^ (k >> 24)).wrapping_mul(M);
        hash = hash.wrapping_mul(M) ^ k;
    }
    if !rest.is_empty() {
        let tail = rest.iter().rev().fold(0, |tail, &byte| tail << 8 | u32::from(byte));
        hash = (hash ^ tail).wrapping_mul(M);
    }
    hash = (hash ^ (hash >> 13)).wrapping_mul(M);
    hash ^= hash >> 15;
    i32::try_from((hash & 0x7fff_ffff) as usize % partitions).expect("a partition")
}

#[test]
fn murmur2_is_that_of_kafka() {
    // The vectors of Kafka's own tests.
    let known: [(&[u8], i32); 6] = [
        (b"21", -973_932_308),
        (b"foobar", -790_332_482),
        (b"a-little-bit-long-string", -985_981_536),
        (b"a-little-bit-longer-string", -1_486_304_829),
        (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971),
        (b"abc", 479_470_107),
    ];
    for (key, hash) in known {
        let positive = usize::try_from(hash & 0x7fff_ffff).expect("positive");
        assert_eq!(murmur2_partition(key, 1_000_003), i32::try_from(positive % 1_000_003).expect("small"));
    }
}
