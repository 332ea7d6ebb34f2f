//! `cargo bench -p khabar-enrich`: what the accurate tier costs, in CPU time of one thread, in one run with the fast tier.
//! `KHABAR_E2E_TEXT=FILE.jsonl` (JSON lines with `body`) reads real articles instead of the seed, `KHABAR_ARTICLES` so many.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use khabar_enrich::doc::Doc;
use khabar_enrich::encoder::Encoder;
use khabar_enrich::encoder::words::words;
use khabar_enrich::enriched::Field;
use khabar_enrich::{Article, Enricher, Settings, Tier};
use khabar_kernels::Path;

fn main() {
    let most = std::env::var("KHABAR_ARTICLES").ok().and_then(|n| n.parse().ok()).unwrap_or(100);
    let bodies: Vec<String> = match std::env::var("KHABAR_E2E_TEXT") {
        Ok(file) => std::fs::read_to_string(&file)
            .expect("the file that KHABAR_E2E_TEXT names")
            .lines()
            .take(most)
            .map(|line| {
                serde_json::from_str::<serde_json::Value>(line).expect("JSON")["body"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned()
            })
            .collect(),
        Err(_) => vec![include_str!("../../../seeds/000_374f6dea2bdb99e4.txt").to_owned(); 10],
    };
    let count: usize = bodies.iter().map(|body| words(body).len()).sum();
    println!("{} articles, {count} words", bodies.len());
    let started = Instant::now();
    let file =
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/accurate.bin")).expect("the model");
    let encoder = Encoder::parse(&file).expect("the model that is shipped");
    println!(
        "loaded in {:.0} ms, {:.1} MB in memory, {:.1} MB in the file",
        started.elapsed().as_secs_f64() * 1e3,
        encoder.bytes() as f64 / 1e6,
        file.len() as f64 / 1e6,
    );
    let pieces: usize = {
        let mut cutter = khabar_enrich::encoder::pieces::Cutter::default();
        let mut out = Vec::new();
        let each = bodies.iter().flat_map(|body| words(body).into_iter().map(move |word| &body[word]));
        each.for_each(|word| encoder.pieces().cut(word, &mut cutter, &mut out));
        out.len()
    };
    println!("{:.2} pieces a word", pieces as f64 / count.max(1) as f64);
    let docs: Vec<[Doc; 1]> = bodies.iter().map(|body| [Doc::new(Field::Body, body)]).collect();
    time("the encoder alone", count, || docs.iter().map(|docs| encoder.score(docs).len()).sum());
    let articles: Vec<Article> =
        bodies.iter().map(|body| Article { body: body.clone(), ..Article::default() }).collect();
    let run = |enricher: &Enricher| articles.iter().map(|a| enricher.enrich(a).mentions.len()).sum();
    let settings = Settings { tier: Tier::Accurate, ..Settings::default() };
    let accurate = Enricher::new(settings).with_encoder(Some(Arc::new(encoder)));
    let slow = time("accurate tier, all", count, || run(&accurate));
    let fast = Enricher::new(Settings::default());
    let quick = time("fast tier, all", count, || run(&fast));
    println!("the fast tier is {:.0} times as fast", slow / quick);
    println!("on {}", Path::best().name());
}

/// Runs `work` twice; prints words a CPU-second and returns the best time.
fn time(name: &str, words: usize, mut work: impl FnMut() -> usize) -> f64 {
    let best = (0..2).map(|_| {
        let before = cpu_seconds();
        black_box(work());
        cpu_seconds() - before
    });
    let best = best.fold(f64::INFINITY, f64::min);
    println!("{name:<20} {best:8.3} s {:9.0} words a second", words as f64 / best);
    best
}

/// CPU time of the calling thread, where the system tells it.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    stat.split(' ').next().and_then(|ns| ns.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}
