use super::*;
use proptest::prelude::*;

/// Four records of one partition: keys 1, 1, none, 2, the last a broken one.
fn sources() -> Vec<Source> {
    let of = |offset, key, end| Source { place: Some((0, offset)), key, end };
    vec![
        of(0, Some(1), End::Output),
        of(1, Some(1), End::Output),
        of(2, None, End::Output),
        of(3, Some(2), End::DeadLetter),
    ]
}

fn excuse(from_ms: i64, to_ms: i64, floor: i64) -> Excuse {
    Excuse { from_ms, to_ms, floors: vec![Some(floor)] }
}

/// Record number and time of each, all in their right topic and in partition 0.
fn check(arrivals: &[(usize, i64)], excuses: &[Excuse]) -> Findings {
    let sources = sources();
    let mut checker = Checker::new(&sources);
    for (number, at_ms) in arrivals {
        let end = sources[*number].end;
        assert!(checker.arrived(Arrival { number: *number, end, partition: 0, at_ms: *at_ms }));
    }
    checker.finish(excuses, &[])
}

const ALL: [(usize, i64); 4] = [(0, 1), (1, 2), (2, 3), (3, 4)];

#[test]
fn everything_once_and_in_order() {
    let findings = check(&ALL, &[]);
    assert_eq!((findings.published, findings.dead_lettered, findings.duplicated), (3, 1, 0));
    assert!(findings.lost.is_empty() && findings.unexcused.is_empty() && findings.out_of_order.is_empty());
}

#[test]
fn a_missing_record_is_lost_unless_retention_removed_it() {
    assert_eq!(check(&ALL[1..], &[]).lost, [0]);
    let sources = sources();
    let findings = Checker::new(&sources).finish(&[], &[(0, 0, 3)]);
    assert_eq!((findings.expired, findings.lost), (3, vec![3]));
}

#[test]
fn a_record_that_nobody_sent_is_refused() {
    let sources = sources();
    let arrival = Arrival { number: 4, end: End::Output, partition: 0, at_ms: 0 };
    assert!(!Checker::new(&sources).arrived(arrival));
}

#[test]
fn a_repeat_needs_an_excuse() {
    let again = [&ALL[..], &[(1, 50)]].concat();
    let with = |excuses: &[Excuse]| check(&again, excuses).unexcused.len();
    assert_eq!(with(&[]), 1, "no event");
    assert_eq!(with(&[excuse(10, 20, 1)]), 0, "not committed when it happened");
    assert_eq!(with(&[excuse(10, 20, 2)]), 1, "committed before");
    assert_eq!(with(&[excuse(60, 70, 0)]), 1, "only afterwards");
    assert_eq!(with(&[excuse(-9, 1, 0)]), 1, "over before it first arrived");
    assert_eq!(with(&[Excuse { floors: vec![None], ..excuse(10, 20, 0) }]), 1, "another partition");
}

#[test]
fn an_event_excuses_one_repeat_of_a_record() {
    let again = [&ALL[..], &[(1, 50), (1, 60)]].concat();
    assert_eq!(check(&again, &[excuse(10, 20, 0)]).unexcused, [(1, 2, 60)]);
    assert_eq!(check(&again, &[excuse(10, 20, 0), excuse(55, 56, 0)]).unexcused, []);
    assert_eq!(check(&again, &[excuse(10, 20, 0)]).duplicated, 2);
}

#[test]
fn the_bound_counts_what_was_not_committed() {
    assert_eq!(check(&ALL, &[excuse(10, 20, 1)]).bound, 3);
    assert_eq!(check(&ALL, &[excuse(2, 3, 0)]).bound, 3, "the last came after it");
}

#[test]
fn order_is_that_of_first_arrivals() {
    assert_eq!(check(&[(1, 1), (0, 2), (2, 3), (3, 4)], &[]).out_of_order, [0]);
    let repeated = [(0, 1), (1, 2), (0, 3), (1, 4), (2, 5), (3, 6)];
    assert!(check(&repeated, &[]).out_of_order.is_empty(), "repeats are discarded");
    assert!(check(&[(2, 1), (0, 2), (3, 3), (1, 4)], &[]).out_of_order.is_empty(), "other keys");
}

#[test]
fn a_wrong_topic_and_a_second_partition_are_seen() {
    let sources = sources();
    let mut checker = Checker::new(&sources);
    for (number, end, partition) in
        [(0, End::Output, 0), (1, End::Output, 1), (2, End::Output, 0), (3, End::Output, 0)]
    {
        checker.arrived(Arrival { number, end, partition, at_ms: 0 });
    }
    let findings = checker.finish(&[], &[]);
    assert_eq!((findings.misplaced, findings.scattered), (vec![3], vec![1]));
}

proptest! {
    /// Whatever arrives: every copy is counted once, and a repeat is either excused or not.
    #[test]
    fn the_counts_add_up(
        arrivals in prop::collection::vec((0_usize..4, 0_i64..100), 0..40),
        events in prop::collection::vec((0_i64..100, 0_i64..50, 0_i64..4), 0..4),
    ) {
        let excuses: Vec<Excuse> =
            events.iter().map(|(from, lasts, floor)| excuse(*from, from + lasts, *floor)).collect();
        let findings = check(&arrivals, &excuses);
        let seen = findings.published + findings.dead_lettered;
        prop_assert_eq!(seen + findings.lost.len(), 4);
        prop_assert_eq!(seen + findings.duplicated, arrivals.len());
        prop_assert!(findings.unexcused.len() <= findings.duplicated);
        prop_assert!(findings.duplicated - findings.unexcused.len() <= findings.bound);
        prop_assert_eq!(check(&arrivals, &[]).unexcused.len(), findings.duplicated);
    }

    /// A replay of a whole range after one crash is always excused, and only from the committed offset on.
    #[test]
    fn a_crash_excuses_what_comes_again_from_the_committed_offset(committed in 0_i64..4, from in 0_usize..4) {
        let again = ALL.iter().skip(from).map(|(number, at)| (*number, at + 100));
        let arrivals: Vec<(usize, i64)> = ALL.iter().copied().chain(again).collect();
        let findings = check(&arrivals, &[excuse(10, 10, committed)]);
        let below = usize::try_from(committed).unwrap().saturating_sub(from);
        prop_assert_eq!(findings.unexcused.len(), below);
    }
}

#[test]
fn a_record_that_is_not_in_the_input_may_arrive_and_need_not() {
    let mut sources = sources();
    sources[1].place = None;
    let mut checker = Checker::new(&sources);
    for number in [0, 2, 3] {
        checker.arrived(Arrival { number, end: sources[number].end, partition: 0, at_ms: 1 });
    }
    assert!(checker.finish(&[], &[]).lost.is_empty());
    let mut checker = Checker::new(&sources);
    for number in [1, 0, 2, 3, 1] {
        checker.arrived(Arrival { number, end: sources[number].end, partition: 0, at_ms: 1 });
    }
    let findings = checker.finish(&[excuse(0, 9, 0)], &[]);
    assert_eq!((findings.out_of_order.len(), findings.published), (0, 3));
    assert_eq!(findings.unexcused.len(), 1, "twice is once too often all the same");
}
