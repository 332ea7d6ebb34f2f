//! The books under any order of events.

use proptest::prelude::*;

use super::*;

fn position(partition: i32, offset: i64) -> Position {
    Position { topic: "t".into(), partition, offset, timestamp: None }
}

#[test]
fn a_dropped_ticket_frees_memory_but_never_the_offset() {
    let ledger = Ledger::new();
    let slot = ledger.open("t".into(), 0, Some(10));
    let (ticket, _) = ledger.admit(slot, position(0, 10), 5, 50).expect("admitted");
    drop(ticket);
    assert_eq!(ledger.bytes(), 0);
    assert_eq!(ledger.snapshot().in_flight, 1);
    assert!(
        ledger.to_commit(&[slot], |_, _| None).is_empty(),
        "an offset without an end was offered for commit"
    );
    assert_eq!(ledger.close(slot), 1);
    assert!(ledger.snapshot().reconciles());
}

#[test]
fn late_reports_change_nothing_but_their_own_count() {
    let ledger = Ledger::new();
    let old = ledger.open("t".into(), 0, None);
    let (ticket, _) = ledger.admit(old, position(0, 1), 1, 1).expect("admitted");
    ledger.close(old);
    let new = ledger.open("t".into(), 0, None);
    assert!(ledger.admit(new, position(0, 1), 1, 1).is_some());
    assert!(!ticket.complete(End::Published), "a report of an old generation was counted");
    let books = ledger.snapshot();
    assert_eq!((books.totals.published, books.totals.late_reports, books.in_flight), (0, 1, 1));
    assert!(ledger.admit(old, position(0, 2), 1, 1).is_none(), "a stale slot admitted a record");
}

#[test]
fn records_that_grow_wait_for_each_other_and_one_alone_never_waits() {
    let ledger = Ledger::new();
    let slot = ledger.open("t".into(), 0, None);
    let admit = |offset| ledger.admit(slot, position(0, offset), 10, 10).expect("admitted").0;
    let (first, second, third) = (admit(0), admit(1), admit(2));
    assert!(first.grow(500, 100), "larger than the budget, but alone");
    assert_eq!(ledger.bytes(), 520);
    assert!(!second.grow(60, 100), "there is no room beside the first");
    assert_eq!(ledger.bytes(), 520, "a refusal changed the books");
    assert!(third.grow(10, 100), "what did not grow needs no room");
    first.complete(End::Published);
    assert!(second.grow(60, 100) && !third.grow(60, 100));
    assert!(second.grow(60, 100), "asking twice takes nothing twice");
    drop(second);
    assert!(third.grow(60, 100), "what a dropped ticket held was not given back");
    third.complete(End::Published);
    assert_eq!(ledger.bytes(), 0);
}

#[test]
fn a_committed_offset_of_an_older_log_is_not_ours() {
    let ledger = Ledger::new();
    let slot = ledger.open("t".into(), 0, None);
    ledger.committed("t", 0, 1000);
    let (ticket, _) = ledger.admit(slot, position(0, 4), 1, 1).expect("admitted");
    ticket.complete(End::Published);
    ledger.committed("t", 0, 1000);
    let due = ledger.to_commit(&[slot], |_, _| None);
    assert_eq!(due, [("t".into(), 0, 5)], "the new log's offsets must be committed");
    assert!(!ledger.are_committed(&due));
    ledger.committed("t", 0, 5);
    assert!(ledger.are_committed(&due) && ledger.to_commit(&[slot], |_, _| None).is_empty());
}

#[test]
fn statistics_of_an_earlier_assignment_are_not_believed() {
    let ledger = Ledger::new();
    let slot = ledger.open("t".into(), 0, Some(2));
    for offset in 2..5 {
        let (ticket, _) = ledger.admit(slot, position(0, offset), 1, 1).expect("admitted");
        ticket.complete(End::Published);
    }
    // The client had committed 5 before the group's offsets went back to 2.
    ledger.heard_committed("t", 0, 5);
    let due = ledger.to_commit(&[slot], |_, _| None);
    assert_eq!(due, [("t".into(), 0, 5)], "it stays uncommitted");
    ledger.heard_committed("t", 0, 5);
    assert!(ledger.are_committed(&due));
}

#[test]
fn how_far_a_partition_was_committed_is_known_after_it_went() {
    let ledger = Ledger::new();
    let slot = ledger.open("t".into(), 0, Some(3));
    let (ticket, _) = ledger.admit(slot, position(0, 4), 1, 1).expect("admitted");
    ticket.complete(End::Published);
    ledger.committed("t", 0, 5);
    ledger.close(slot);
    assert_eq!((ledger.reached("t", 0), ledger.reached("t", 1)), (Some(5), None));
    ledger.open("t".into(), 0, None);
    assert_eq!(ledger.reached("t", 0), Some(5), "no answer is none that it is committed nowhere");
    ledger.believe("t", 0, Some(2));
    assert_eq!(ledger.reached("t", 0), Some(2), "what it was begun at is believed");
    ledger.believe("t", 0, None);
    assert_eq!(ledger.reached("t", 0), None, "a log made anew has not been committed");
}

#[derive(Debug, Clone)]
enum Step {
    Admit(usize),
    Complete(usize, bool),
    Lose(usize),
    Reassign(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => (0usize..3).prop_map(Step::Admit),
        4 => (any::<usize>(), any::<bool>()).prop_map(|(i, ok)| Step::Complete(i, ok)),
        1 => any::<usize>().prop_map(Step::Lose),
        1 => (0usize..3).prop_map(Step::Reassign),
    ]
}

#[test]
fn a_record_gives_back_what_it_turned_out_not_to_take() {
    let ledger = Ledger::new();
    let slot = ledger.open("t".into(), 0, None);
    let (ticket, _) = ledger.admit(slot, position(0, 0), 3, 100).expect("admitted");
    let (other, _) = ledger.admit(slot, position(0, 1), 3, 100).expect("admitted");
    assert!(ticket.grow(300, 1000));
    ticket.settle(40);
    assert_eq!(ledger.bytes(), 140);
    ticket.settle(50);
    assert_eq!(ledger.bytes(), 140, "it takes no more than it did");
    assert!(other.grow(950, 1000), "what does not count as grown any more is in the way");
    drop((ticket, other));
    assert_eq!(ledger.bytes(), 0);
}

proptest! {
    /// Whatever happens in whatever order, the books balance and no commit passes a record in flight.
    #[test]
    fn books_balance(steps in proptest::collection::vec(step(), 1..300)) {
        let ledger = Ledger::new();
        let mut slots: Vec<Slot> = (0..3).map(|p| ledger.open("t".into(), p, None)).collect();
        let mut next = [0i64; 3];
        let mut tickets: Vec<Ticket> = Vec::new();
        // Lowest offset of each partition that is not known to be delivered in this generation.
        let mut open: [std::collections::BTreeSet<i64>; 3] = Default::default();
        for step in steps {
            match step {
                Step::Admit(p) => {
                    let admitted = ledger.admit(slots[p], position(p as i32, next[p]), 3, 30);
                    tickets.push(admitted.expect("offsets rise").0);
                    open[p].insert(next[p]);
                    next[p] += 1;
                }
                Step::Complete(i, ok) if !tickets.is_empty() => {
                    let ticket = tickets.swap_remove(i % tickets.len());
                    let (p, offset) = (ticket.position.partition as usize, ticket.position.offset);
                    let end = if ok { End::Published } else { End::DeadLettered(Reason::InvalidJson) };
                    if ticket.complete(end) {
                        open[p].remove(&offset);
                    }
                }
                Step::Lose(i) if !tickets.is_empty() => drop(tickets.swap_remove(i % tickets.len())),
                Step::Reassign(p) => {
                    ledger.close(slots[p]);
                    slots[p] = ledger.open("t".into(), p as i32, None);
                    next[p] = open[p].first().copied().unwrap_or(next[p]);
                    open[p].clear();
                }
                _ => {}
            }
            let books = ledger.snapshot();
            prop_assert!(books.reconciles(), "{:?}", books);
            for (_, p, mark) in ledger.to_commit(&slots, |_, _| None) {
                let lowest = open[p as usize].first().copied();
                prop_assert!(lowest.is_none_or(|l| mark <= l), "commit {} passes {:?}", mark, lowest);
            }
        }
    }
}
