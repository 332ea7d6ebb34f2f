//! How time grows with hostile text: `cargo run --release -p khabar-enrich --example floods`.
//!
//! For each flood the CPU seconds of 1 MB and of 8 MB, and their ratio, which should be near 8.

use khabar_enrich::{Article, Enricher, Settings};

fn main() {
    let enricher = Enricher::new(Settings { normalised: true, ..Settings::default() });
    let floods = [
        "a",
        "ا",
        "ا ",
        "a ",
        "1",
        "1,",
        "1 ",
        ".",
        ". ",
        "!",
        "a\n",
        "\r",
        " ",
        "\u{64E}",
        "ا\u{64E}",
        "e\u{301}",
        "\u{301}",
        "\u{301}\u{323}",
        "e\u{301}\u{64E}",
        "\u{640}",
        "\u{200F}",
        "👨\u{200D}",
        "🇫🇷",
        "🇫",
        "(",
        "«",
        "»",
        "\"",
        "\" ",
        "“a”",
        "“",
        "' ",
        "l'",
        "U.S.",
        "a.",
        "أ.",
        "ﷺ",
        "\u{F900}",
        "\u{1100}\u{1161}",
        "\u{600}",
        "و",
        "وال",
        "قال ",
        "محمد ",
        "روسيا ",
        "وزير ",
        "20 ",
        "مليون ",
        "John ",
        "said ",
        "يوم ",
        "«قال ",
        "واحد و",
    ];
    for flood in floods {
        let seconds = |bytes: usize| {
            let article = Article { body: flood.repeat(bytes / flood.len()), ..Article::default() };
            let before = cpu_seconds();
            let out = enricher.enrich(&article);
            (cpu_seconds() - before, out.mentions.len())
        };
        let ((small, _), (large, mentions)) = (seconds(1 << 20), seconds(8 << 20));
        let flag = if large / small > 20.0 && large > 1.0 { "  <-- not linear" } else { "" };
        println!(
            "{flood:<16?} {small:8.3} s {large:8.3} s {:6.1} {mentions:8} mentions{flag}",
            large / small
        );
    }
}

/// CPU time of the main thread; wall-clock is no measure on a busy machine. Linux only.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    stat.split(' ').next().and_then(|ns| ns.parse::<f64>().ok()).unwrap_or_default() / 1e9
}
