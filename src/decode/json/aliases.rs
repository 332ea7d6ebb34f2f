//! Which member of a JSON object fills which field.
//!
//! Built-in names are compared without case and without anything but letters and digits, so that
//! `publishedAt`, `published_at` and `@PublishedAt` are one name. Configured paths are compared to the
//! letter and come first.

use rustc_hash::FxHashMap;

use super::value::Value;
use crate::decode::FieldName;

/// Names by field, best first. Where a source has two (a canonical URL and the one that was asked
/// for, a body and a cut preview), the order says which one counts.
#[rustfmt::skip]
const NAMES: &[(FieldName, &[&str])] = &[
    (FieldName::Id, &["id", "guid", "uri", "uuid", "articleid", "storyid", "storiesid", "docid", "documentid",
        "identifier", "newsid", "itemid", "nodeid"]),
    (FieldName::Url, &["canonicalurl", "canonicallink", "canonical", "url", "link", "permalink", "weburl",
        "articleurl", "responsedurl", "respondedurl", "requestedurl", "originalurl", "sourceurl", "pageurl",
        "mainentityofpage", "externalurl", "ogurl", "href", "source"]),
    (FieldName::Title, &["title", "headline", "headlines", "articletitle", "headlinetext", "headlinemain",
        "ogtitle", "dctitle", "titlerss", "titlepage", "name", "alternativeheadline"]),
    (FieldName::Authors, &["authors", "author", "byline", "bylines", "by", "creator", "creators", "dccreator",
        "writer", "writers", "reporter", "articleauthor", "byl", "bylineoriginal"]),
    (FieldName::Publisher, &["publisher", "sourcename", "sitename", "ogsitename", "metasitename", "medianame",
        "source", "outlet", "publication", "newspaper", "agency", "provider", "providername", "infosources",
        "infosource", "sourcedomain", "sourcehostname", "hostname", "domain", "canonicaldomain",
        "copyrightholder", "feedname"]),
    (FieldName::Published, &["published", "datepublished", "publishedat", "publisheddate", "publishdate",
        "publicationdate", "publishingdate", "datepublish", "pubdate", "datetimepub", "publishedtime",
        "articlepublishedtime", "publishedon", "publishtime", "publicationtime", "timepublished", "firstcreated",
        "contentcreated", "versioncreated", "datecreated", "issued", "datetime", "date", "dcdate", "dcdateissued",
        "dctermscreated", "created",
        "createdat", "timestamp"]),
    (FieldName::Fetched, &["fetched", "fetchedat", "crawled", "crawledat", "crawldate", "crawltime",
        "datedownload", "downloaded", "downloadedat", "downloaddate", "scraped", "scrapedat", "retrieved",
        "retrievedat", "accessed", "accessedat", "indexeddate", "indexedat", "collected", "collectedat",
        "collectdate", "ingestedat", "filedate"]),
    (FieldName::Section, &["section", "articlesection", "sectionname", "category", "categoryname", "rubric",
        "desk", "channel", "categories", "genre"]),
    (FieldName::Tags, &["tags", "tag", "keywords", "topics", "subjects", "metakeywords", "newskeywords",
        "articletag", "labels", "concepts", "categories"]),
    (FieldName::Language, &["language", "lang", "inlanguage", "languagecode", "langcode", "metalang", "oglocale",
        "locale", "fulllanguage", "languages"]),
    (FieldName::Body, &["body", "articlebody", "maintext", "contenttext", "textcontent", "fulltext", "plaintext",
        "bodytext", "bodies", "text", "articletext", "content", "contenthtml", "bodyhtml", "bodyxhtml",
        "articlehtml", "contentencoded", "html", "rawtext", "rawhtml"]),
];

/// What stands in for a body when there is none.
const SUMMARIES: &[&str] = &[
    "description",
    "summary",
    "excerpt",
    "abstract",
    "lead",
    "standfirst",
    "teaser",
    "snippet",
    "descriptions",
    "descriptiontext",
    "metadescription",
];

/// Paths of built-in shapes whose last name alone would say too little.
const PATHS: &[(FieldName, &str)] = &[
    (FieldName::Url, "html.responded_url"),
    (FieldName::Url, "html.requested_url"),
    (FieldName::Publisher, "html.source_info.publisher"),
    (FieldName::Fetched, "html.crawl_date"),
];

/// Keys of objects that only wrap the article.
pub const WRAPPERS: &[&str] = &[
    "article", "_source", "data", "item", "story", "document", "doc", "payload", "record", "message", "news",
];

/// Ranks of built-in names start here, those of summaries and paths further on.
const BUILT_IN: u16 = 1_000;
/// Where ranks of summaries start.
pub const SUMMARY: u16 = 2_000;
const PATH: u16 = 3_000;

/// Longest normalised name that is worth looking up.
const LONGEST: usize = 24;

/// The table, ready for lookups.
#[derive(Debug)]
pub struct Aliases {
    names: FxHashMap<&'static str, Vec<(FieldName, u16)>>,
    paths: Vec<(FieldName, u16, Path)>,
}

/// A way into a document: `a.b.0.c`, `bodies[].value`.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    written: String,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq)]
enum Step {
    Key(String),
    Each,
}

/// A place where a field may be found.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'v, 'a> {
    /// The field.
    pub field: FieldName,
    /// Lower is better.
    pub rank: u16,
    /// Index among the root's members, when it is one.
    pub member: Option<usize>,
    /// Name or path as written.
    pub name: &'v str,
    /// What is there.
    pub found: Found<'v, 'a>,
}

/// What a name or a path led to.
#[derive(Debug, Clone, Copy)]
pub enum Found<'v, 'a> {
    /// One value.
    One(&'v Value<'a>),
    /// A path with `[]`: to be followed.
    Many(&'v Path),
}

impl Aliases {
    /// The built-in table behind configured paths.
    pub fn new(configured: &[(FieldName, Vec<String>)]) -> Self {
        let mut names: FxHashMap<&'static str, Vec<(FieldName, u16)>> = FxHashMap::default();
        let with_summaries = NAMES.iter().map(|(f, n)| (*f, *n, BUILT_IN));
        for (field, list, base) in with_summaries.chain([(FieldName::Body, SUMMARIES, SUMMARY)]) {
            for (rank, name) in (base..).zip(list) {
                names.entry(name).or_default().push((field, rank));
            }
        }
        let own = configured.iter().flat_map(|(field, paths)| {
            (0..BUILT_IN).zip(paths).map(|(rank, path)| (*field, rank, Path::new(path)))
        });
        let built_in = (PATH..).zip(PATHS).map(|(rank, (field, path))| (*field, rank, Path::new(path)));
        Self { names, paths: own.chain(built_in).collect() }
    }

    /// The fields that a member called `key` may fill, with ranks.
    pub fn of_key(&self, key: &str) -> &[(FieldName, u16)] {
        let mut buffer = [0u8; LONGEST];
        let mut length = 0;
        for byte in key.bytes() {
            if !byte.is_ascii_alphanumeric() {
                if byte.is_ascii() {
                    continue;
                }
                return &[];
            }
            let Some(slot) = buffer.get_mut(length) else { return &[] };
            *slot = byte.to_ascii_lowercase();
            length += 1;
        }
        let name = buffer.get(..length).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or("");
        self.names.get(name).map_or(&[], Vec::as_slice)
    }

    /// All candidates in `root`, by field, best first; of equal keys the last counts.
    pub fn candidates<'v, 'a>(&'v self, root: &'v Value<'a>) -> Vec<Candidate<'v, 'a>> {
        let Value::Object(members) = root else { return Vec::new() };
        let mut all = Vec::with_capacity(32);
        for (index, (key, value)) in members.iter().enumerate() {
            for (field, rank) in self.of_key(key) {
                all.push(Candidate {
                    field: *field,
                    rank: *rank,
                    member: Some(index),
                    name: key,
                    found: Found::One(value),
                });
            }
        }
        for (field, rank, path) in &self.paths {
            if let Some((member, found)) = path.begin(members) {
                all.push(Candidate { field: *field, rank: *rank, member, name: &path.written, found });
            }
        }
        all.sort_by_key(|c| (c.field as u8, c.rank, std::cmp::Reverse(c.member)));
        all
    }
}

impl Path {
    fn new(written: &str) -> Self {
        let mut steps = Vec::new();
        for part in written.split('.') {
            let name = part.trim_end_matches("[]");
            if !name.is_empty() {
                steps.push(Step::Key(name.to_owned()));
            }
            steps.extend((0..(part.len() - name.len()) / 2).map(|_| Step::Each));
        }
        Self { written: written.to_owned(), steps }
    }

    /// Whether the path leads anywhere; without `[]`, where to.
    fn begin<'v, 'a>(
        &'v self,
        members: &'v [(std::borrow::Cow<'a, str>, Value<'a>)],
    ) -> Option<(Option<usize>, Found<'v, 'a>)> {
        let (Step::Key(first), rest) = self.steps.split_first()? else { return None };
        let (index, (_, value)) = members.iter().enumerate().rev().find(|(_, (k, _))| k == first)?;
        let mut at = value;
        if rest.contains(&Step::Each) {
            return Some((None, Found::Many(self)));
        }
        for step in rest {
            at = step.follow(at)?;
        }
        Some((rest.is_empty().then_some(index), Found::One(at)))
    }

    /// Every value that a path with `[]` leads to.
    pub fn follow_all<'v, 'a>(&self, root: &'v Value<'a>) -> Vec<&'v Value<'a>> {
        let mut at = vec![root];
        for step in &self.steps {
            at = at
                .into_iter()
                .flat_map(|value| match (step, value) {
                    (Step::Each, Value::List(items)) => items.iter().collect::<Vec<_>>(),
                    (Step::Each, _) => Vec::new(),
                    (Step::Key(_), value) => step.follow(value).into_iter().collect(),
                })
                .collect();
        }
        at
    }
}

impl Step {
    fn follow<'v, 'a>(&self, value: &'v Value<'a>) -> Option<&'v Value<'a>> {
        match (self, value) {
            (Step::Key(key), Value::List(items)) => items.get(key.parse::<usize>().ok()?),
            (Step::Key(key), value) => value.get(key),
            (Step::Each, _) => None,
        }
    }
}

/// The plain name of a field: no remark is made when it is what matched.
pub fn own_name(field: FieldName) -> &'static str {
    match field {
        FieldName::Id => "id",
        FieldName::Url => "url",
        FieldName::Title => "title",
        FieldName::Body => "body",
        FieldName::Authors => "authors",
        FieldName::Publisher => "publisher",
        FieldName::Published => "published",
        FieldName::Fetched => "fetched",
        FieldName::Section => "section",
        FieldName::Tags => "tags",
        FieldName::Language => "language",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::json::value::{Limits, parse};

    #[test]
    fn names_are_compared_by_letters_and_digits() {
        let aliases = Aliases::new(&[]);
        for key in ["publishedAt", "published_at", "PUBLISHED-AT", "@publishedAt"] {
            assert_eq!(aliases.of_key(key).first().map(|(f, _)| *f), Some(FieldName::Published), "{key}");
        }
        assert!(aliases.of_key("عنوان").is_empty());
        assert!(aliases.of_key(&"x".repeat(1 << 20)).is_empty());
    }

    #[test]
    fn every_name_is_in_its_normal_form_and_fits() {
        let all = NAMES.iter().flat_map(|(_, names)| *names).chain(SUMMARIES);
        for name in all {
            assert!(name.len() <= LONGEST && name.bytes().all(|b| b.is_ascii_lowercase()), "{name}");
        }
    }

    #[test]
    fn configured_paths_come_first() {
        let paths = vec!["story.parts.1.text".to_owned(), "story.parts[].text".to_owned()];
        let aliases = Aliases::new(&[(FieldName::Body, paths)]);
        let limits = Limits { max_depth: 9, max_nodes: 99 };
        let json = r#"{"body": "b", "story": {"parts": [{"text": "x"}, {"text": "y"}]}}"#;
        let root = parse(json, limits).unwrap().value;
        let found = aliases.candidates(&root);
        let Found::One(first) = found[0].found else { panic!("a plain path") };
        assert_eq!(first.as_str(), Some("y"));
        let Found::Many(path) = found[1].found else { panic!("a path with []") };
        let texts: Vec<_> = path.follow_all(&root).into_iter().filter_map(Value::as_str).collect();
        assert_eq!(texts, ["x", "y"]);
        assert_eq!(found[2].name, "body");
    }
}
