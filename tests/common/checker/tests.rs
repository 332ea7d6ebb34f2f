//! A checker that cannot fail proves nothing: each promise is broken once here.

use super::*;

const KEYS: [&[u8]; 2] = [b"a", b"b"];

fn source(offset: i64) -> Source {
    Source { partition: ("raw".to_owned(), 0), offset }
}

/// Ten records of two keys; the last one is broken.
fn sent() -> Vec<Sent> {
    (0..10)
        .map(|offset| Sent {
            source: source(offset),
            key: Some(KEYS[usize::try_from(offset).unwrap() % 2].to_vec()),
            end: if offset == 9 { End::DeadLetter } else { End::Output },
        })
        .collect()
}

/// All of them arrived as they should: processed at millisecond 100 + offset, keys in partitions 0 and 1.
fn arrived() -> Vec<Arrived> {
    sent()
        .into_iter()
        .map(|s| Arrived {
            partition: i32::try_from(s.source.offset % 2).unwrap(),
            offset: s.source.offset / 2,
            at_ms: 100 + s.source.offset,
            source: s.source,
            key: s.key,
            end: s.end,
        })
        .collect()
}

/// The copy of a record that comes again, after everything else.
fn again(record: &Arrived) -> Arrived {
    Arrived { offset: record.offset + 100, at_ms: record.at_ms + 1_000, ..record.clone() }
}

fn crash(at_ms: i64, committed: i64) -> Crash {
    Crash { at_ms, owned: BTreeMap::from([(("raw".to_owned(), 0), committed)]) }
}

fn broken(arrived: &[Arrived], crashes: &[Crash]) -> String {
    check(&sent(), arrived, crashes).verdict().expect_err("a broken promise")
}

#[test]
fn what_arrived_once_and_in_order_is_fine() {
    let report = check(&sent(), &arrived(), &[]);
    assert_eq!(report.verdict(), Ok(()));
    assert_eq!((report.sent, report.in_output, report.in_dead_letters, report.repeats), (10, 9, 1, 0));
    assert_eq!(report.keys, 3, "two keys in the output and one among the dead letters");
}

#[test]
fn a_lost_record_is_found() {
    let mut records = arrived();
    records.remove(4);
    assert_eq!(broken(&records, &[]), "1 missing: raw/0/4");
}

#[test]
fn a_lost_dead_letter_is_found() {
    let mut records = arrived();
    records.retain(|r| r.end == End::Output);
    assert_eq!(broken(&records, &[]), "1 missing: raw/0/9");
}

#[test]
fn a_repeat_needs_a_crash() {
    let mut records = arrived();
    records.push(again(&records[6]));
    assert_eq!(broken(&records, &[]), "1 repeated without excuse: raw/0/6");
    let report = check(&sent(), &records, &[crash(200, 5)]);
    assert_eq!(report.verdict(), Ok(()));
    assert_eq!((report.repeats, report.excused), (1, 5));
}

#[test]
fn a_repeat_below_the_committed_offset_has_no_excuse() {
    let mut records = arrived();
    records.push(again(&records[6]));
    assert_eq!(broken(&records, &[crash(200, 7)]), "1 repeated without excuse: raw/0/6");
}

#[test]
fn a_record_processed_after_the_crash_has_no_excuse() {
    let mut records = arrived();
    records.push(again(&records[6]));
    assert_eq!(broken(&records, &[crash(105, 0)]), "1 repeated without excuse: raw/0/6");
}

#[test]
fn a_partition_of_somebody_else_has_no_excuse() {
    let mut records = arrived();
    records.push(again(&records[6]));
    let other = Crash { at_ms: 200, owned: BTreeMap::from([(("raw".to_owned(), 1), 0)]) };
    assert_eq!(broken(&records, &[other]), "1 repeated without excuse: raw/0/6");
}

#[test]
fn one_crash_excuses_one_repeat() {
    let mut records = arrived();
    records.push(again(&records[6]));
    records.push(again(&again(&records[6])));
    assert_eq!(broken(&records, &[crash(200, 0)]), "1 repeated without excuse: raw/0/6");
}

#[test]
fn a_change_of_order_within_a_key_is_found() {
    let mut records = arrived();
    let (low, high) = (records[2].offset, records[4].offset);
    records[2].offset = high;
    records[4].offset = low;
    assert_eq!(broken(&records, &[]), "1 out of order: raw/0/4");
}

/// After a crash a run of records comes again: the repeats are older than what came before them, which is
/// no change of order. Were the last copies kept instead of the first, this would be one.
#[test]
fn order_is_judged_by_first_copies() {
    let mut records = arrived();
    let repeats: Vec<Arrived> = records[5..8].iter().map(again).collect();
    records.extend(repeats);
    assert_eq!(check(&sent(), &records, &[crash(200, 5)]).verdict(), Ok(()));
}

#[test]
fn the_wrong_topic_is_found() {
    let mut records = arrived();
    records[3].end = End::DeadLetter;
    assert!(broken(&records, &[]).contains("1 in the wrong topic: raw/0/3"));
}

#[test]
fn both_topics_are_one_too_many() {
    let mut records = arrived();
    let copy = Arrived { end: End::DeadLetter, ..again(&records[3]) };
    records.push(copy);
    assert!(broken(&records, &[crash(200, 0)]).contains("1 in the wrong topic: raw/0/3"));
}

#[test]
fn a_record_that_nobody_sent_is_found() {
    let mut records = arrived();
    records.push(Arrived { source: source(77), ..again(&records[0]) });
    assert_eq!(broken(&records, &[]), "1 sent by nobody: raw/0/77");
}

#[test]
fn a_changed_key_is_found() {
    let mut records = arrived();
    records[1].key = None;
    assert_eq!(broken(&records, &[]), "1 under another key: raw/0/1");
}
