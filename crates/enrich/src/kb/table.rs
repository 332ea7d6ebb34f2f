//! Tables of entities as people write them: one entity a line, its cells parted by tabs.
//!
//! ```text
//! # type  Arabic                        English                    French  Russian  extra
//! ORG     مصرف الراجحي|~الراجحي         Al Rajhi Bank                               qid=Q1799105;prior=600
//! PER     ليلى الحسن                    Leila Al-Hassan
//! ```
//!
//! Types are PER, ORG, LOC, EVENT and MISC. The names of a cell are parted by `|`, and the first is the one that is
//! shown; `~` before a name says that it needs context, because it is also an ordinary word or somebody else's name.
//! Empty cells at the end may be left out. `extra` holds `key=value` parted by `;`: `qid` (Wikidata), `geo`
//! (GeoNames), `iso` (ISO 3166), `prior` (how well known, 0 to 1000), `lat`, `lon` and `p` (`city`, `region` or
//! `country`: what the point stands for). Lines that begin with `#` and empty lines say nothing.

use std::fmt;

use super::compile::{Form, Record};
use super::forms;
use crate::enriched::{EntityType, PlacePrecision};

/// Languages of the cells with names.
pub const LANGUAGES: [&str; 4] = ["ar", "en", "fr", "ru"];
/// Type, names in four languages, extra.
pub const COLUMNS: usize = 6;
/// How well known an entity is whose row does not say it.
pub const PRIOR: u32 = 600;
const KEYS: [&str; 7] = ["qid", "geo", "iso", "prior", "lat", "lon", "p"];

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong, and what is allowed.
    pub problem: String,
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.problem)
    }
}

impl std::error::Error for RowError {}

/// All entities of a table.
///
/// # Errors
/// The first row that is no entity.
pub fn read(text: &str) -> Result<Vec<Record>, RowError> {
    let mut records = Vec::new();
    for (line, row) in (1..).zip(text.strip_prefix('\u{feff}').unwrap_or(text).lines()) {
        if row.trim().is_empty() || row.starts_with('#') {
            continue;
        }
        let cells: Vec<&str> = row.split('\t').map(str::trim).collect();
        records.push(entity(&cells).map_err(|problem| RowError { line, problem })?);
    }
    Ok(records)
}

/// The entity of a row.
///
/// # Errors
/// In words, without the line.
pub fn entity(cells: &[&str]) -> Result<Record, String> {
    if cells.len() > COLUMNS {
        return Err(format!(
            "{} cells, but a row has at most {COLUMNS}: type, names in Arabic, English, French and Russian, extra",
            cells.len()
        ));
    }
    let cell = |i: usize| cells.get(i).copied().unwrap_or_default();
    let Some(kind) = EntityType::ALL.iter().find(|kind| kind.as_str() == cell(0)) else {
        let allowed = EntityType::ALL.map(EntityType::as_str).join(", ");
        return Err(format!("the type {:?} is none of {allowed} (cells are parted by tabs)", cell(0)));
    };
    let (names, mut forms) = names(&[cell(1), cell(2), cell(3), cell(4)], *kind == EntityType::Per);
    if forms.is_empty() {
        return Err("an entity without any name".to_owned());
    }
    if *kind == EntityType::Loc {
        forms.iter_mut().for_each(without_head);
    }
    if !matches!(kind, EntityType::Org | EntityType::Misc) {
        forms.iter_mut().for_each(|f| f.capitals &= f.text.chars().count() <= 6);
    }
    let extra = Extra::read(cell(5))?;
    Ok(Record {
        kind: *kind,
        names,
        wikidata: extra.qid,
        geonames: extra.geo,
        iso: extra.iso,
        country: String::new(),
        point: extra.point,
        prior: extra.prior,
        forms,
    })
}

/// The first name of each cell, and all forms of all of them.
pub fn names(cells: &[&str; 4], person: bool) -> ([String; 4], Vec<Form>) {
    let mut all = Vec::new();
    let names = std::array::from_fn(|i| {
        for name in cells[i].split('|') {
            forms::add(&mut all, name.trim(), LANGUAGES[i], person);
        }
        forms::plain(cells[i].split('|').next().unwrap_or_default().trim()).to_owned()
    });
    (names, all)
}

/// The words that stand before a place and are no part of its name, and then tell that the name is one of a place.
const HEADS: [&str; 9] = ["محافظة", "ولاية", "مدينة", "منطقة", "حي", "جهة", "بلدة", "قرية", "مديرية"];

/// `محافظة المهرة` is found as `المهرة` behind such a word.
fn without_head(form: &mut Form) {
    if let Some((head, rest)) = form.text.split_once(' ')
        && HEADS.contains(&head)
    {
        (form.text, form.weak) = (rest.to_owned(), true);
    }
}

struct Extra {
    qid: Option<u32>,
    geo: Option<u32>,
    iso: String,
    prior: u32,
    point: Option<(f64, f64, PlacePrecision)>,
}

impl Extra {
    fn read(text: &str) -> Result<Self, String> {
        let mut out = Self { qid: None, geo: None, iso: String::new(), prior: PRIOR, point: None };
        let (mut lat, mut lon, mut precision) = (None, None, PlacePrecision::Region);
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            let wrong = |allowed: &str| format!("{key}={value}: {allowed}");
            let number = |text: &str, allowed: &str| text.parse::<u32>().map_err(|_| wrong(allowed));
            let degrees = |most: f64, allowed: &str| match value.parse::<f64>() {
                Ok(degrees) if degrees.abs() <= most => Ok(Some(degrees)),
                _ => Err(wrong(allowed)),
            };
            match key {
                "qid" => {
                    let item = "a Wikidata item is written like Q1065";
                    out.qid = Some(number(value.strip_prefix('Q').unwrap_or_default(), item)?);
                }
                "geo" => out.geo = Some(number(value, "a GeoNames id is a number")?),
                "iso" => out.iso = value.to_owned(),
                "prior" => {
                    let allowed = "prior is 0 to 1000";
                    out.prior = number(value, allowed)?;
                    if out.prior > 1000 {
                        return Err(wrong(allowed));
                    }
                }
                "lat" => lat = degrees(90.0, "degrees north, -90 to 90")?,
                "lon" => lon = degrees(180.0, "degrees east, -180 to 180")?,
                "p" => {
                    precision = match value {
                        "city" => PlacePrecision::City,
                        "region" => PlacePrecision::Region,
                        "country" => PlacePrecision::Country,
                        _ => return Err(wrong("p is city, region or country")),
                    }
                }
                _ => return Err(format!("{key:?} is none of {}", KEYS.join(", "))),
            }
        }
        out.point = match (lat, lon) {
            (Some(lat), Some(lon)) => Some((lat, lon, precision)),
            (None, None) => None,
            _ => return Err("lat and lon belong together".to_owned()),
        };
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_entities() {
        let text = "# people\n\nPER\tليلى الحسن|~ليلى\tLeila Al-Hassan\nLOC\tولاية سوسة\t\t\t\tlat=35.8;lon=10.6;qid=Q1;prior=300\n";
        let records = read(text).unwrap();
        assert_eq!(records[0].names[1], "Leila Al-Hassan");
        let weak: Vec<&str> =
            records.iter().flat_map(|r| &r.forms).filter(|f| f.weak).map(|f| f.text.as_str()).collect();
        assert_eq!(weak, ["ليلى", "سوسة"]);
        assert_eq!((records[1].wikidata, records[1].prior), (Some(1), 300));
        assert_eq!(records[1].point, Some((35.8, 10.6, PlacePrecision::Region)));
    }

    #[test]
    fn a_wrong_row_is_named_with_what_is_allowed() {
        let problem = |text: &str| read(text).unwrap_err().to_string();
        for (text, expected) in [
            ("PERSON\tليلى", "line 1: the type \"PERSON\" is none of PER, ORG, LOC, EVENT, MISC"),
            ("\n#\nPER\t", "line 3: an entity without any name"),
            ("PER\ta\tb\tc\td\te\tf", "line 1: 7 cells, but a row has at most 6"),
            ("PER\tليلى\t\t\t\tqid=1065", "line 1: qid=1065: a Wikidata item is written like Q1065"),
            ("PER\tليلى\t\t\t\tprior=1001", "line 1: prior=1001: prior is 0 to 1000"),
            ("LOC\tسوسة\t\t\t\tlat=99", "line 1: lat=99: degrees north"),
            ("LOC\tسوسة\t\t\t\tlat=9", "line 1: lat and lon belong together"),
            ("LOC\tسوسة\t\t\t\tcolour=red", "line 1: \"colour\" is none of qid, geo"),
        ] {
            assert!(problem(text).starts_with(expected), "{text:?}: {}", problem(text));
        }
    }
}
