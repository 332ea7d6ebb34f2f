//! `khabar top`, `khabar tap` and `/status.json`.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use khabar::samples::Samples;
use khabar::status::Status;
use serde_json::Value;

use crate::demo::{Demo, khabar, output};
use crate::served::{anywhere, enriched, get, letter, request, served};

fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// Where nobody listens.
fn nowhere() -> String {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    format!("http://127.0.0.1:{port}")
}

#[test]
fn the_status_of_a_demo_holds_to_its_schema_and_its_books_balance() {
    let demo = Demo::start(&[]);
    let schema = std::fs::read_to_string("docs/schema/khabar.status-1.schema.json").unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let (code, head, body) = get(&demo.url, "/status.json");
        assert_eq!(code, 200);
        assert!(head.contains("content-type: application/json"), "{head}");
        let value: Value = serde_json::from_str(&body).unwrap();
        let wrong: Vec<_> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
        let status: Status = serde_json::from_value(value).unwrap();
        let r = &status.records;
        let ended = r.published + r.dead_lettered + r.dropped + r.abandoned + r.in_flight;
        assert_eq!(r.consumed, ended, "{r:?}");
        let full = status.quality.entities_per_thousand_characters.is_some_and(|density| density > 1.0)
            && status.latency.p99.is_some()
            && status.stages["extract"].seconds.is_some()
            && !status.dead_letters.is_empty()
            && status.partitions.len() == 2
            && status.rates.published > 1.0;
        if full {
            assert!(status.state.ready && status.samples, "{:?}", status.state);
            assert_eq!(status.dead_letters.values().sum::<u64>(), r.dead_lettered);
            assert_eq!(status.instance.version, env!("CARGO_PKG_VERSION"));
            assert_eq!(status.memory.budget_bytes, 128 << 20);
            break;
        }
        assert!(Instant::now() < deadline, "not within a minute: a full status\n{status:#?}");
        std::thread::sleep(Duration::from_millis(100));
    }

    let (code, shown, _) = said(&output(&["top", "--once", "--url", &demo.url]));
    assert_eq!(code, Some(0));
    assert!(shown.starts_with("khabar ready") && shown.contains("demo.raw/1"), "{shown}");
    assert!(!shown.contains('\u{1b}'), "plain text: {shown}");
    let (code, shown, _) =
        said(&output(&["tap", "--url", &demo.url, "--language", "ar", "-n", "2", "--output", "jsonl"]));
    assert_eq!((code, shown.lines().count()), (Some(0), 2));
    for line in shown.lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        assert_eq!(
            (&record["schema"], &record["language"]["detected"]),
            (&"khabar.enriched/1".into(), &"ar".into())
        );
    }
    let (code, shown, _) = said(&output(&["tap", "dead-letters", "--url", &demo.url, "--count", "1"]));
    assert_eq!(code, Some(0));
    assert!(shown.starts_with("dead letter  ") && shown.contains("demo.raw/"), "{shown}");
}

#[test]
fn only_get_is_answered_and_nothing_odd() {
    let admin = served(anywhere(), Samples::new(true));
    let at = admin.address.to_string();
    for path in ["/", "/status.json", "/events", "/metrics", "/healthz", "/readyz"] {
        for method in ["POST", "PUT", "DELETE"] {
            let head = format!(
                "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
            );
            assert_eq!(request(&at, &head).0, 405, "{method} {path}");
        }
    }
    let (code, _, body) = get(&at, "/status");
    assert!(code == 404 && body.contains("/status.json"), "{code} {body}");
    let (code, _, body) = get(&at, "/events?only=everything");
    assert!(code == 400 && body.contains("only=articles"), "{code} {body}");
    let (code, _, _) =
        request(&at, &format!("GET / HTTP/1.1\r\nhost: localhost\r\nlong: {}\r\n\r\n", "x".repeat(1 << 16)));
    assert_eq!(code, 431);
    for path in ["/", "/status.json", "/metrics", "/healthz"] {
        let (_, head, _) = get(&at, path);
        for header in ["x-content-type-options: nosniff", "cache-control: no-store", "frame-ancestors 'none'"]
        {
            assert!(head.contains(header), "{path}: no {header} in\n{head}");
        }
    }
}

#[test]
fn nobody_there_is_told_in_one_line() {
    let url = nowhere();
    for command in [&["top"][..], &["top", "--once"], &["tap"], &["tap", "dead-letters"]] {
        let (code, _, shown) = said(&output(&[command, &["--url", &url]].concat()));
        assert_eq!(code, Some(1), "{command:?}: {shown}");
        let expected = format!("khabar: no khabar answers at {url}: ");
        assert!(shown.starts_with(&expected) && shown.contains("admin.listen"), "{shown}");
        assert_eq!(shown.lines().count(), 1, "{shown}");
    }
    let (code, _, shown) = said(&output(&["top", "--url", "https://127.0.0.1:1"]));
    assert_eq!(code, Some(2));
    assert!(shown.contains("speaks plain HTTP"), "{shown}");
}

/// Whoever answers there may be anybody: what it says neither steers the terminal nor fills it.
#[test]
fn somebody_else_is_told_and_not_obeyed() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let page = format!("<html>\u{1b}]0;owned\u{7}\u{1b}[2J\n\n{}</html>\n", "long ".repeat(5000));
    let answer = |status: &str, kind: &str, body: &str| {
        let length = body.len();
        format!("HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n{body}")
    };
    let answers = [
        (vec!["top", "--once"], answer("404 No", "text/html", &page), "answers 404: <html>"),
        (vec!["tap"], answer("404 No", "text/html", &page), "answers 404: <html>"),
        (vec!["top", "--once"], answer("200 OK", "text/html", &page), "is no khabar of this version"),
        (vec!["tap"], answer("200 OK", "text/html", &page), "it sends no events"),
        (
            vec!["tap"],
            answer("200 OK", "text/event-stream", "event: article\ndata: {\n\n"),
            "no khabar of this version",
        ),
        (
            vec!["top", "--once"],
            answer("200 OK", "application/json", r#"{"schema":"x"}"#),
            "no khabar of this version",
        ),
        (vec!["top", "--once"], "\u{1b}[2J\r\n\r\n".to_owned(), "no khabar answers at"),
    ];
    let served: Vec<_> = answers.iter().map(|(_, answer, _)| answer.clone()).collect();
    let server = std::thread::spawn(move || {
        for answer in served {
            let (mut stream, _) = listener.accept().unwrap();
            let mut head = BufReader::new(stream.try_clone().unwrap()).lines();
            while head.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    for (command, _, expected) in &answers {
        let (code, _, shown) = said(&output(&[command, &["--url", &url][..]].concat()));
        assert_eq!(code, Some(1), "{command:?}: {shown}");
        assert!(shown.contains(expected), "{command:?}: {shown}");
        assert!(!shown.contains(['\u{1b}', '\u{7}']), "{command:?} obeys: {shown:?}");
        assert!(shown.lines().count() == 1 && shown.len() < 600, "{command:?} floods: {shown}");
    }
    server.join().unwrap();
}

#[test]
fn options_that_do_not_go_together_are_refused() {
    for (arguments, why) in [
        (&["tap", "--reason", "panic"][..], "khabar tap dead-letters"),
        (&["tap", "dead-letters", "--language", "ar"], "is of articles"),
        (&["tap", "dead-letters", "--reason", "panick"], "panic"),
        (&["top", "--url", "x:1", "--config", "y"], "cannot be used with"),
    ] {
        let (code, _, shown) = said(&output(arguments));
        assert_eq!(code, Some(2), "{arguments:?}: {shown}");
        assert!(shown.contains(why), "{arguments:?}: {shown}");
    }
}

#[test]
fn settings_say_where_the_instance_is() {
    let admin = served(anywhere(), Samples::new(false));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("khabar.toml");
    let with = |listen: &str| {
        std::fs::write(&path, format!("[admin]\nlisten = {listen:?}\n")).unwrap();
        said(&output(&["top", "--once", "--config", path.to_str().unwrap()]))
    };
    let (code, shown, _) = with(&format!("0.0.0.0:{}", admin.address.port()));
    assert!(code == Some(0) && shown.contains("no partitions assigned"), "{code:?} {shown}");
    let (code, _, shown) = with("");
    assert!(code == Some(1) && shown.contains("admin.listen is empty"), "{code:?} {shown}");
}

#[test]
fn no_samples_reach_a_tap() {
    let demo = Demo::start(&["--no-samples"]);
    let (code, _, shown) = said(&output(&["tap", "--url", &demo.url]));
    assert_eq!(code, Some(1));
    assert!(shown.contains("answers 404") && shown.contains("--no-samples"), "{shown}");
}

#[test]
fn a_tap_goes_on_when_the_instance_is_back() {
    let with = |title: &str| {
        let samples = Samples::new(true);
        samples.article(1, || enriched(title, "A canary in Cairo."));
        samples.letter(khabar::envelope::Reason::InvalidJson, || letter("k", "{", "line 1"));
        samples
    };
    let first = served(anywhere(), with("Before"));
    let at = first.address;
    let mut tap = khabar(&["tap", "--url", &at.to_string(), "--output", "jsonl", "--count", "2"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(tap.stdout.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().contains("Before"));
    drop(first);
    let mut told = BufReader::new(tap.stderr.take().unwrap()).lines();
    assert!(told.next().unwrap().unwrap().ends_with("waiting for it to come back"));
    let deadline = Instant::now() + Duration::from_secs(60);
    // Its port is free once its thread has ended.
    let second = loop {
        match std::panic::catch_unwind(|| served(at, with("After"))) {
            Ok(second) => break second,
            Err(_) => assert!(Instant::now() < deadline, "the port is not free within a minute"),
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(lines.next().unwrap().unwrap().contains("After"), "what the second instance shows is new");
    assert!(told.next().unwrap().unwrap().ends_with("is back"));
    assert!(tap.wait().unwrap().success());
    drop(second);
}
