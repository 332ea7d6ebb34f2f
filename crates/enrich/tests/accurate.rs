//! The accurate tier with the model that is shipped.

use std::io::BufRead;
use std::sync::Arc;

use khabar_enrich::encoder::Encoder;
use khabar_enrich::enriched::Enriched;
use khabar_enrich::{Article, Enricher, Settings, Tier};
use khabar_kernels::Path;

fn encoder() -> Encoder {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/accurate.bin");
    Encoder::parse(&std::fs::read(path).expect(path)).expect("the model that is shipped")
}

fn enricher(path: Path) -> Enricher {
    let settings = Settings { tier: Tier::Accurate, ..Settings::default() };
    Enricher::new(settings).with_encoder(Some(Arc::new(encoder().with_path(path))))
}

fn article(body: &str) -> Article {
    Article { body: body.to_owned(), ..Article::default() }
}

fn all(found: &Enriched) -> String {
    format!("{found:?}")
}

fn names(found: &Enriched) -> Vec<String> {
    let each = found.mentions.iter().filter(|m| m.nested_in.is_none());
    each.map(|m| format!("{} {}", m.kind.as_str(), m.text)).collect()
}

/// Names that no list has, in four languages.
#[test]
fn names_that_nobody_has_listed() {
    let enricher = enricher(Path::best());
    for (text, expected) in [
        ("وقالت المحامية رغد السالمي إن شركة نورثفيلد افتتحت مكتبا في مدينة كرنبوسة.", "PER رغد السالمي"),
        (
            "Mayor Odrick Vellamo opened the plant of Brastwick Industries near Kolmar on Monday.",
            "PER Odrick Vellamo",
        ),
        (
            "Le maire Yvon Kerdraval a inauguré mardi l'usine de la société Brastwick à Pontivel.",
            "PER Yvon Kerdraval",
        ),
        ("Мэр города Ардан Велешкин открыл завод компании Брастлинк под Зареченском.", "PER Ардан Велешкин"),
    ] {
        let found = names(&enricher.enrich(&article(text)));
        assert!(found.iter().any(|name| name == expected), "{expected} is missing: {found:?}");
    }
}

#[test]
fn records_name_the_model_that_read_them() {
    let models = enricher(Path::best()).models();
    assert!(models.values().all(|name| name.starts_with("accurate") && !name.contains('+')), "{models:?}");
    assert_eq!(models.len(), 4);
}

#[test]
fn the_seed_is_the_same_on_every_path() {
    let seed = include_str!("../../../seeds/000_374f6dea2bdb99e4.txt");
    let article = article(seed);
    let best = all(&enricher(Path::best()).enrich(&article));
    for path in Path::available() {
        assert!(all(&enricher(path).enrich(&article)) == best, "{} says something else", path.name());
    }
}

/// `KHABAR_E2E_TEXT=FILE.jsonl KHABAR_ARTICLES=300 cargo test --release -p khabar-enrich --test accurate -- --ignored`: real
/// articles (JSON lines with `body`) on every path and by several threads that share one model.
#[test]
#[ignore = "needs real articles"]
fn real_articles_are_the_same_on_every_path_and_by_any_number_of_threads() {
    let file = std::env::var("KHABAR_E2E_TEXT").expect("KHABAR_E2E_TEXT names a file");
    let most = std::env::var("KHABAR_ARTICLES").ok().and_then(|n| n.parse().ok()).unwrap_or(300);
    let lines = std::io::BufReader::new(std::fs::File::open(&file).expect("the file")).lines();
    let bodies: Vec<Article> = lines
        .take(most)
        .map(|line| {
            let value: serde_json::Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
            article(value["body"].as_str().expect("a body"))
        })
        .collect();
    let one = enricher(Path::best());
    let alone: Vec<String> = bodies.iter().map(|a| all(&one.enrich(a))).collect();
    let by_four = std::thread::scope(|scope| {
        let each: Vec<_> = (0..4)
            .map(|n| {
                let (one, bodies) = (&one, &bodies);
                scope.spawn(move || {
                    bodies.iter().skip(n).step_by(4).map(|a| all(&one.enrich(a))).collect::<Vec<_>>()
                })
            })
            .collect();
        each.into_iter().map(|thread| thread.join().expect("a thread")).collect::<Vec<_>>()
    });
    for (i, found) in alone.iter().enumerate() {
        assert!(by_four[i % 4][i / 4] == *found, "article {i} is another by four threads");
    }
    // The best path was just run twice. The portable one takes some thirty times as long.
    for path in Path::available().into_iter().filter(|path| *path != Path::best()) {
        let other = enricher(path);
        let few = if path == Path::PORTABLE { most.div_ceil(100) } else { most };
        for (i, (article, found)) in bodies.iter().zip(&alone).enumerate().take(few) {
            assert!(all(&other.enrich(article)) == *found, "article {i} is another on {}", path.name());
        }
        println!("{few} articles, the same on {}", path.name());
    }
    println!("{} articles, the same by one and by four threads", alone.len());
}
