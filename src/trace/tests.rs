use std::collections::BTreeSet;

use super::*;

#[test]
fn ids_are_not_zero_and_do_not_repeat() {
    let ids = Ids::default();
    let spans: BTreeSet<_> = (0..10_000).map(|_| ids.span()).collect();
    let traces: BTreeSet<_> = (0..10_000).map(|_| ids.trace()).collect();
    assert_eq!((spans.len(), traces.len()), (10_000, 10_000));
    assert!(!spans.contains(&[0; 8]) && !traces.contains(&[0; 16]));
    let (one, other) = (Ids::default(), Ids::default());
    assert_ne!(one.trace(), other.trace(), "two processes");
}

#[test]
fn a_share_is_a_share() {
    let ids = Ids::default();
    let hits = |share| (0..10_000).filter(|_| ids.hits(share)).count();
    assert_eq!((hits(0.0), hits(1.0)), (0, 10_000));
    // 10,000 draws are within 5 of their standard deviations, 30.
    assert!((850..=1150).contains(&hits(0.1)), "{}", hits(0.1));
}

#[test]
fn without_a_collector_there_is_no_tracer() {
    let settings = Settings { sample_ratio: 1.0, ..Settings::default() };
    let metrics = Metrics::new("test", "test", None);
    assert!(Tracer::start(&settings, About::default(), &metrics).unwrap().is_none());
}
