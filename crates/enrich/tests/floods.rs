//! Hostile texts: floods of one thing. Each must come back, with spans that hold; one that took time
//! quadratic in its length would not.

use khabar_enrich::{Article, Enricher, Settings};

/// What is repeated.
const FLOODS: [&str; 50] = [
    "a",
    "ا",
    "ا ",
    "a ",
    "1",
    "1.",
    "1,",
    "1 ",
    ".",
    "...",
    ". ",
    "!",
    "؟",
    "\n",
    "\r",
    "\r\n",
    " ",
    "\u{64E}",
    "ا\u{64E}",
    "e\u{301}",
    "\u{301}",
    "e\u{301}\u{64E}",
    "\u{640}",
    "\u{200F}",
    "\u{200D}",
    "👨\u{200D}",
    "🇫🇷",
    "(",
    "«",
    "\"",
    "\" ",
    "“a”",
    "'",
    "l'",
    "U.S.",
    "أ.",
    "ﷺ",
    "\u{F900}",
    "\u{1100}\u{1161}",
    "\u{600}",
    "و",
    "وال",
    "قال ",
    "محمد ",
    "في عمان ",
    "Mary Hill said prices, ",
    "\"We go on,\" he said. ",
    "« Non, a-t-il dit, non ». ",
    "«Да, — сказал он. — Нет». ",
    "\n— Non, dit-il, le ",
];

fn enrich(body: String) {
    let article = Article { title: Some(body.clone()), body, ..Article::default() };
    let out = Enricher::new(Settings { normalised: true, ..Settings::default() }).enrich(&article);
    assert!(!out.entities.is_empty() || !out.diagnostics.is_empty());
    for mention in &out.mentions {
        let [from, to] = mention.span.byte.map(|at| at as usize);
        assert_eq!(article.body.get(from..to), Some(mention.text.as_str()));
    }
}

#[test]
fn floods_come_back() {
    for flood in FLOODS {
        enrich(flood.repeat(300_000 / flood.len()));
    }
}

#[test]
fn a_base_under_a_flood_of_marks_comes_back() {
    enrich(format!("e{}", "\u{301}\u{323}".repeat(100_000)));
    enrich(format!("ا{}", "\u{651}\u{64E}".repeat(100_000)));
    enrich(format!("{}ا", "\u{640}\u{301}".repeat(100_000)));
}

#[test]
fn mixed_floods_come_back() {
    for pair in FLOODS.windows(2) {
        enrich(pair.concat().repeat(20_000));
        enrich(pair[0].repeat(20_000) + &pair[1].repeat(20_000));
    }
}
