//! How fast articles are understood on one thread, and the share of each layer.
//!
//! `cargo bench --bench layers`; `KHABAR_E2E_TEXT` names a file of real articles (JSON lines, gzip or not, with
//! `body` and, where known, `title`, `lang` and `date`), `KHABAR_BENCH_LANGUAGE` leaves only those of a `lang`,
//! `KHABAR_BENCH_RECORDS` (3,000) says how many are read. Times are CPU time of the thread (wall-clock where the system
//! does not tell), the better of two rounds; the reference of the same run is the segmentation alone. While it is at
//! it, it checks that every span of every record shows its text, and counts the detected languages.

#[path = "../tests/common/mod.rs"]
mod common;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::io::Read;
use std::time::Instant;

use khabar_enrich::aligned::AlignedText;
use khabar_enrich::article::{Moment, Precision};
use khabar_enrich::doc::Doc;
use khabar_enrich::tagger::Taggers;
use khabar_enrich::{
    Article, Enriched, Enricher, Field, Settings, Span, entities, fingerprint, language, roles,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let started = Instant::now();
    let kb = khabar_enrich::kb::Kb::embedded();
    println!("{:<22} {:7.1} ms", "load knowledge base", started.elapsed().as_secs_f64() * 1e3);
    let started = Instant::now();
    let enricher = Enricher::new(Settings::default());
    println!(
        "{:<22} {:7.1} ms, the knowledge base included",
        "load everything",
        started.elapsed().as_secs_f64() * 1e3
    );
    let count = std::env::var("KHABAR_BENCH_RECORDS").map_or(Ok(3_000), |n| n.parse())?;
    let articles = match std::env::var("KHABAR_E2E_TEXT") {
        Ok(file) => read(&file, std::env::var("KHABAR_BENCH_LANGUAGE").ok().as_deref(), count)?,
        Err(_) => made_up(count),
    };
    check(&enricher, &articles);

    let docs: Vec<Vec<Doc>> =
        articles.iter().map(|article| vec![Doc::new(Field::Body, &article.body)]).collect();
    let code = |article: &Article| article.language.clone().unwrap_or_default();
    let tokens: usize = docs.iter().flatten().map(|doc| doc.tokens.len()).sum();
    println!("{} articles, {tokens} tokens of bodies", articles.len());

    let aligned = time("normalise and fold", tokens, || {
        articles.iter().map(|article| AlignedText::new(&article.body).folded().len()).sum()
    });
    let doc = time("whole document", tokens, || {
        articles.iter().map(|article| Doc::new(Field::Body, &article.body).tokens.len()).sum()
    });
    println!("  of which tokens, sentences, clitics, positions: {:.3} µs a token", doc - aligned);
    time("language", tokens, || {
        articles.iter().filter(|article| language::detect(&article.body).code.is_some()).count()
    });
    time("fingerprint", tokens, || docs.iter().map(|docs| fingerprint::of(&docs[0]).minhash.len()).sum());
    time("sentence spans", tokens, || {
        let spans = |doc: &Doc| {
            doc.sentences.iter().map(|s| doc.span(s.start as usize..s.end as usize).char[1]).sum()
        };
        docs.iter().map(|docs| spans(&docs[0])).map(|n: u32| n as usize).sum()
    });
    let plain =
        |docs: &Vec<Doc>, article: &Article| entities::find(&kb, &Taggers::default(), docs, &code(article));
    let without = time("entities, no tagger", tokens, || {
        docs.iter().zip(&articles).map(|(d, a)| plain(d, a).mentions.len()).sum()
    });
    let layer =
        |docs: &Vec<Doc>, article: &Article| entities::find(&kb, enricher.taggers(), docs, &code(article));
    let with = time("entities", tokens, || {
        docs.iter().zip(&articles).map(|(d, a)| layer(d, a).mentions.len()).sum()
    });
    println!("  of which the tagger: {:.3} µs a token", with - without);
    let found: Vec<_> = docs.iter().zip(&articles).map(|(d, a)| layer(d, a)).collect();
    time("mentions", tokens, || docs.iter().zip(&found).map(|(d, f)| f.to_mentions(d).len()).sum());
    time("roles", tokens, || {
        let of = |((d, f), a): ((&Vec<Doc>, _), &Article)| roles::find(d, f, &code(a)).len();
        docs.iter().zip(&found).zip(&articles).map(of).sum()
    });
    time("quotes (no speakers)", tokens, || {
        docs.iter()
            .zip(&articles)
            .map(|(d, a)| khabar_enrich::quotes::find(&d[0], &[], &code(a)).0.len())
            .sum()
    });
    time("times and quantities", tokens, || {
        docs.iter()
            .zip(&articles)
            .map(|(d, a)| khabar_enrich::facts::find(&d[0], None, &code(a)).0.len())
            .sum()
    });
    let all = time("Enricher::enrich", tokens, || {
        articles.iter().map(|article| enricher.enrich(article).mentions.len()).sum()
    });
    println!("everything takes {:.2} times as long as segmentation alone", all / doc);
    Ok(())
}

/// CPU time of the main thread on Linux.
fn cpu_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    Some(stat.split(' ').next()?.parse::<f64>().ok()? / 1e9)
}

/// Runs `work` twice; prints and returns the best time in microseconds a token.
fn time(name: &str, tokens: usize, mut work: impl FnMut() -> usize) -> f64 {
    let best = (0..2)
        .map(|_| {
            let (wall, cpu) = (Instant::now(), cpu_seconds());
            black_box(work());
            match (cpu, cpu_seconds()) {
                (Some(before), Some(after)) => after - before,
                _ => wall.elapsed().as_secs_f64(),
            }
        })
        .fold(f64::INFINITY, f64::min);
    let each = best * 1e6 / tokens.max(1) as f64;
    println!("{name:<22} {best:7.3} s {each:7.3} µs a token {:9.0} tokens a second", tokens as f64 / best);
    each
}

/// Articles that nobody wrote.
fn made_up(count: usize) -> Vec<Article> {
    let article =
        |a: common::articles::Article| Article { title: Some(a.title), body: a.body, ..Article::default() };
    common::articles::articles(count).into_iter().map(article).collect()
}

fn read(file: &str, only: Option<&str>, most: usize) -> Result<Vec<Article>, Box<dyn std::error::Error>> {
    let bytes = std::fs::read(file)?;
    let mut texts = String::new();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_string(&mut texts)?;
    } else {
        texts = String::from_utf8(bytes)?;
    }
    let mut out = Vec::new();
    for line in texts.lines() {
        if out.len() == most {
            break;
        }
        let value: serde_json::Value = serde_json::from_str(line)?;
        let text = |key: &str| value[key].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        let language = text("lang");
        if only.is_some_and(|only| language.as_deref() != Some(only)) {
            continue;
        }
        let published = text("date").and_then(|date| date.get(..10).map(str::to_owned));
        let moment = |value| Moment { value, precision: Precision::Day, zone_known: false };
        let (title, body) = (text("title"), text("body").unwrap_or_default());
        out.push(Article { title, body, language, published: published.map(moment), ..Article::default() });
    }
    Ok(out)
}

/// Prints wrong spans and counts of what was found.
fn check(enricher: &Enricher, articles: &[Article]) {
    let (mut wrong, mut all) = (0, 0);
    let mut languages: BTreeMap<(String, String), usize> = BTreeMap::new();
    for article in articles {
        let out = enricher.enrich(article);
        let declared = article.language.clone().unwrap_or_default();
        *languages.entry((declared, out.language.detected.clone().unwrap_or_default())).or_default() += 1;
        let title = article.title.as_deref().unwrap_or("");
        let (in_title, in_body) = (positions(title), positions(&article.body));
        for (span, words) in spans(&out) {
            let (text, before) = match span.field {
                Field::Title => (title, &in_title),
                Field::Body => (article.body.as_str(), &in_body),
            };
            let [from, to] = span.byte.map(|at| at as usize);
            let right = text.get(from..to) == Some(words)
                && before[from] == Some([span.char[0], span.utf16[0]])
                && before[to] == Some([span.char[1], span.utf16[1]]);
            all += 1;
            wrong += usize::from(!right);
        }
    }
    println!("{all} spans, {wrong} of them wrong");
    for ((declared, detected), count) in languages {
        println!("declared {declared:>3}, detected {detected:>3}: {count}");
    }
}

fn spans(out: &Enriched) -> Vec<(Span, &str)> {
    let mentions = out.mentions.iter().map(|x| (x.span, x.text.as_str()));
    let roles = out.roles.iter().map(|x| (x.span, x.text.as_str()));
    let quotes = out.quotes.iter().map(|x| (x.span, x.text.as_str()));
    let quoted = out.quoted.iter().map(|x| (x.span, x.text.as_str()));
    let times = out.times.iter().map(|x| (x.span, x.text.as_str()));
    let quantities = out.quantities.iter().map(|x| (x.span, x.text.as_str()));
    mentions.chain(roles).chain(quotes).chain(quoted).chain(times).chain(quantities).collect()
}

/// Code points and UTF-16 units before each byte of a text; `None` inside a character.
fn positions(text: &str) -> Vec<Option<[u32; 2]>> {
    let mut out = vec![None; text.len() + 1];
    let mut sum = [0; 2];
    for (at, c) in text.char_indices() {
        out[at] = Some(sum);
        sum = [sum[0] + 1, sum[1] + c.len_utf16() as u32];
    }
    out[text.len()] = Some(sum);
    out
}
