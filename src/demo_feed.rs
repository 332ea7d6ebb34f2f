//! The demo's feed, embedded: the seed article and short made-up news in four languages and in the
//! shapes that ingestion systems write, with a few records that cannot be decoded and one deletion.
//!
//! The files are in `seeds/demo`; people, companies and events in them are invented.

use bytes::Bytes;

use crate::envelope::{Headers, Raw};

/// One record of the feed.
#[derive(Debug, Clone, PartialEq)]
pub struct DemoRecord {
    /// The file's name, for people.
    pub name: &'static str,
    /// What goes onto the topic.
    pub raw: Raw,
}

/// The feed in its order: articles of all languages mixed, broken records between them, and at the
/// end the deletion of an article that came before.
pub fn all() -> Vec<DemoRecord> {
    FILES
        .iter()
        .map(|file| DemoRecord {
            name: file.name,
            raw: Raw {
                key: file.key.map(|key| Bytes::from_static(key.as_bytes())),
                value: file.value.map(Bytes::from_static),
                headers: Headers(
                    file.headers
                        .iter()
                        .map(|(name, value)| ((*name).to_owned(), Some(Bytes::from_static(value.as_bytes()))))
                        .collect(),
                ),
            },
        })
        .collect()
}

struct File {
    name: &'static str,
    key: Option<&'static str>,
    headers: &'static [(&'static str, &'static str)],
    value: Option<&'static [u8]>,
}

macro_rules! file {
    ($name:literal, $key:expr $(, $header:literal = $value:literal)*) => {
        File {
            name: $name,
            key: $key,
            headers: &[$(($header, $value)),*],
            value: Some(include_bytes!(concat!("../seeds/demo/", $name))),
        }
    };
}

const FILES: &[File] = &[
    File {
        name: "seed.txt",
        key: Some("demo-seed-text"),
        headers: &[("content-type", "text/plain; charset=utf-8")],
        value: Some(include_bytes!("../seeds/000_374f6dea2bdb99e4.txt")),
    },
    // One article of its own kind each, in the order in which they are published.
    file!("ar-port.txt", Some("casablanca-port")),
    file!("en-harbour.txt", Some("valletta-ferry"), "content-type" = "text/plain"),
    file!("ar-seed.json", Some("demo-seed"), "content-type" = "application/json"),
    file!("fr-marche.txt", Some("lyon-marche")),
    file!("ar-news-please.json", Some("amman-water")),
    file!("ru-windows-1251.txt", Some("kazan-school"), "content-type" = "text/plain; charset=windows-1251"),
    file!("en-schema-org.json", None, "content-type" = "application/ld+json"),
    file!("ar-schema-org.json", Some("sharjah-books"), "content-type" = "application/ld+json"),
    file!("broken-json.json", Some("demo-broken"), "content-type" = "application/json"),
    file!("ar-ninjs3.json", Some("league-food")),
    file!("fr-trafilatura.json", Some("dakar-mer")),
    file!("ar-newsapi.json", Some("jeddah-rain")),
    file!("en-newsapi.json", Some("rail-strike")),
    file!("ru-mediacloud.json", Some("arctic-station")),
    file!("ar-json-feed.json", Some("student-satellite")),
    file!("en-json-feed.json", Some("tasmania-wine")),
    file!("ar-trafilatura.json", None),
    file!("broken-empty-body.json", Some("demo-empty")),
    file!("fr-news-please.json", Some("strasbourg-horloge")),
    file!("ar-fundus.json", Some("kuwait-hand")),
    file!("ru-fundus.json", Some("yerevan-chess")),
    file!("ar-page.html", Some("riyadh-train"), "content-type" = "text/html; charset=utf-8"),
    file!("en-page.html", Some("merthyr-library"), "content-type" = "text/html"),
    file!("ru-page.html", Some("almaty-night")),
    file!("ar-windows-1256.txt", Some("kairouan-pages"), "content-type" = "text/plain; charset=windows-1256"),
    file!("broken-truncated.json.gz", Some("demo-cut"), "content-encoding" = "gzip"),
    file!("ar-windows-1256.html", Some("doha-chess"), "content-type" = "text/html"),
    file!(
        "ar-cloudevents-binary.json",
        Some("aswan-solar"),
        "content-type" = "application/json",
        "ce_specversion" = "1.0",
        "ce_type" = "org.example.article.published",
        "ce_source" = "https://nile.example/cms",
        "ce_id" = "nile-20261121-07",
        "ce_time" = "2026-11-21T06:00:05Z"
    ),
    file!(
        "en-cloudevents-structured.json",
        Some("stone-lion"),
        "content-type" = "application/cloudevents+json; charset=utf-8"
    ),
    file!(
        "ar-gzip.json.gz",
        Some("baghdad-surgery"),
        "content-type" = "application/json",
        "content-encoding" = "gzip"
    ),
    file!("broken-schema-registry.bin", Some("demo-framed")),
    file!("ar-event-registry.json", Some("opec-2027")),
    file!("fr-ninjs3.json", Some("montreal-neige")),
    file!("en-newspaper4k.json", Some("timber-bridge")),
    file!("ar-hijri.txt", Some("rajab-1448")),
    file!("broken-invalid-bytes.txt", Some("demo-bytes"), "content-type" = "text/plain; charset=utf-8"),
    File { name: "tombstone", key: Some("jeddah-rain"), headers: &[], value: None },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_file_of_the_folder_is_in_the_feed() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/demo");
        let on_disk: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        let embedded: BTreeSet<String> = all()
            .iter()
            .map(|record| record.name.to_owned())
            .filter(|name| name != "seed.txt" && name != "tombstone")
            .collect();
        assert_eq!(on_disk, embedded);
    }

    #[test]
    fn half_is_arabic_and_the_deletion_follows_its_article() {
        let feed = all();
        let count = |prefix: &str| feed.iter().filter(|r| r.name.starts_with(prefix)).count();
        assert!(count("ar-") >= 15 && count("en-") >= 6 && count("fr-") >= 4 && count("ru-") >= 4);
        assert!(count("broken-") >= 5);
        let deletion = feed.iter().position(|r| r.raw.value.is_none()).unwrap();
        let article = feed.iter().position(|r| r.raw.key == feed[deletion].raw.key).unwrap();
        assert!(article < deletion);
    }
}
