//! What `khabar top` draws: golden files in `golden/top`, and windows of any size.

mod golden;

use std::collections::BTreeMap;
use std::time::Duration;

use khabar::status::{
    History, Instance, Language, Latency, Memory, Partition, Progress, Quality, Rates, Records, Stage, State,
    Status,
};
use khabar::top::{View, furthest, text};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

fn counts(pairs: &[(&str, u64)]) -> BTreeMap<String, u64> {
    pairs.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
}

fn partition(number: i32, lag: Option<i64>) -> Partition {
    Partition {
        topic: "news.raw".to_owned(),
        partition: number,
        lag,
        watermark: lag.map(|lag| 120_000 - lag),
        committed: lag.map(|lag| 119_000 - lag),
        end: lag.map(|_| 120_000),
        in_flight: 40,
        rate: 412.5,
        ..Partition::default()
    }
}

fn view() -> View {
    let language = |articles, density| Language {
        articles,
        entities_per_thousand_characters: Some(density),
        ..Language::default()
    };
    let languages =
        [("ar", language(98_000, 11.2)), ("fr", language(7_100, 9.81)), ("unknown", language(12, 0.0))];
    let status = Status {
        instance: Instance {
            version: "0.1.0".to_owned(),
            knowledge_base: "khabar-kb 2026-11".to_owned(),
            uptime_seconds: 5_400,
            config: "4116ebe9".to_owned(),
            models: [("ar", "fast-1"), ("en", "fast-1")].map(|(of, name)| (of.into(), name.into())).into(),
        },
        stages: [("decode", 0.000_03, 0), ("extract", 0.0021, 4), ("encode", 0.000_06, 0)]
            .map(|(name, seconds, queue)| (name.to_owned(), Stage { queue, seconds: Some(seconds) }))
            .into(),
        state: State { ready: true, ..State::default() },
        records: Records {
            consumed: 1_205_512,
            published: 1_204_000,
            dead_lettered: 1_400,
            dropped: 12,
            abandoned: 20,
            in_flight: 80,
        },
        rates: Rates {
            published: 825.3,
            consumed: 826.0,
            consumed_bytes: 2_500_000.0,
            published_bytes: 11_000_000.0,
            dead_lettered: 1.1,
        },
        latency: Latency { p50: Some(0.012), p95: Some(0.35), p99: Some(2.5) },
        memory: Memory {
            in_flight_bytes: 40 << 20,
            budget_bytes: 128 << 20,
            producer_queue: 31,
            ..Memory::default()
        },
        progress: Progress { partitions: 3, lag: 42_000, rate: 825.0 },
        partitions: vec![partition(0, Some(0)), partition(1, Some(42_000)), partition(2, None)],
        dead_letters: counts(&[
            ("invalid_json", 900),
            ("empty_body", 300),
            ("panic", 1),
            ("too_deep", 99),
            ("invalid_text", 60),
            ("wrong_shape", 40),
        ]),
        quality: Quality {
            languages: languages.into_iter().map(|(code, language)| (code.to_owned(), language)).collect(),
            empty_results: counts(&[("no_text", 3), ("language_unsupported", 9)]),
            ..Quality::default()
        },
        history: History {
            published: (0..120).map(|second| 800 + second % 50).collect(),
            dead_lettered: vec![1; 120],
            lag: (0..120).map(|second| 60_000 - 150 * second).collect(),
        },
        ..Status::default()
    };
    View { address: "http://127.0.0.1:9464".to_owned(), status: Some(status), ..View::default() }
}

fn status(view: &mut View) -> &mut Status {
    view.status.as_mut().unwrap()
}

#[test]
fn all_is_well() {
    golden::check("top/well.txt", &text(&view(), 100));
    golden::check("top/well-narrow.txt", &text(&view(), 80));
}

#[test]
fn all_is_not_well() {
    let mut view = view();
    let status = status(&mut view);
    status.state.ready = false;
    status.state.problems =
        vec!["the output has acknowledged nothing for 31 s: are its brokers up?".to_owned()];
    status.state.notes = vec!["partition news.raw/1 waits for room \u{1b}[31m(61 s)".to_owned()];
    status.partitions[1].waiting = Some("budget".to_owned());
    (status.memory.in_flight_bytes, status.memory.paused) = (130 << 20, true);
    (status.progress.rate, status.rates.published) = (0.0, 0.0);
    status.latency = Latency::default();
    golden::check("top/troubled.txt", &text(&view, 100));
}

#[test]
fn an_instance_that_went_away_leaves_its_last_numbers() {
    let why = "no khabar answers at http://127.0.0.1:9464: Connection refused (os error 111)";
    let trouble = Some((why.to_owned(), Duration::from_secs(12)));
    let shown = text(&View { trouble, ..view() }, 100);
    golden::check("top/away.txt", &shown);
    assert!(shown.starts_with("khabar no answer") && shown.contains("825 records/s"), "{shown}");
}

#[test]
fn nothing_is_known_yet() {
    let view = View { address: "http://127.0.0.1:9464".to_owned(), ..View::default() };
    assert_eq!(text(&view, 80).trim(), "khabar connecting  http://127.0.0.1:9464");
}

#[test]
fn partitions_scroll() {
    let mut view = view();
    assert_eq!(furthest(&view), 2);
    view.scrolled = 2;
    let shown = text(&view, 100);
    assert!(shown.contains("news.raw/2") && !shown.contains("news.raw/1"), "{shown}");
}

#[test]
fn a_low_window_keeps_what_matters_most() {
    let drawn = |height| {
        let mut terminal = Terminal::new(TestBackend::new(60, height)).unwrap();
        terminal.draw(|frame| frame.render_widget(&view(), frame.area())).unwrap();
        terminal.backend().to_string()
    };
    let low = drawn(12);
    assert!(low.contains("khabar ready") && low.contains("news.raw/1") && !low.contains("Latency"), "{low}");
    let middle = drawn(18);
    assert!(middle.contains("Latency") && middle.contains("news.raw/1"), "{middle}");
    assert!(!middle.contains("Dead letters"), "{middle}");
    assert!(drawn(24).contains("Dead letters"), "all of it");
}

#[test]
fn a_window_may_have_any_size() {
    let mut view = view();
    status(&mut view).state.notes = vec!["a long note ".repeat(40); 9];
    for (width, height) in [(1, 1), (3, 40), (20, 5), (60, 12), (79, 24), (300, 90)] {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| frame.render_widget(&view, frame.area())).unwrap();
    }
}
