//! The source tables as records.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, anyhow, bail, ensure};
use khabar_enrich::enriched::{EntityType, PlacePrecision};
use khabar_enrich::kb::compile::{Form, Record, words};
use khabar_enrich::kb::forms;
use khabar_enrich::kb::table::{self, LANGUAGES};
use khabar_enrich::kb::word::Class;

use super::lexicon::Lexicon;

/// Curated tables under `data/curated`, those that were there first before the broader ones: of two entities that share a
/// name the first is the likelier reading.
const TABLES: [&str; 10] = [
    "places",
    "organisations",
    "people",
    "companies",
    "clubs",
    "other",
    "leaders",
    "institutions",
    "regions_events",
    "media_business_sport",
];

/// All entities: countries, then the curated tables, then cities.
pub fn read(data: &Path, lexicon: &Lexicon) -> anyhow::Result<Vec<Record>> {
    let mut records = countries(data)?;
    for table in TABLES {
        let path = data.join(format!("curated/{table}.tsv"));
        for row in rows(&path, table::COLUMNS)? {
            let cells: Vec<&str> = row.cells.iter().map(String::as_str).collect();
            records.push(table::entity(&cells).map_err(|problem| anyhow!("{}: {problem}", row.place))?);
        }
    }
    let known: BTreeMap<u32, usize> =
        records.iter().enumerate().filter_map(|(i, r)| Some((r.geonames?, i))).collect();
    let rules = CityRules::read(&data.join("curated/city_rules.tsv"))?;
    for form in records.iter_mut().filter(|r| r.kind == EntityType::Loc).flat_map(|r| &mut r.forms) {
        form.weak |= rules.weak.contains(&words(&form.text).join(" ")) && form.text.chars().count() <= 4;
    }
    for row in rows(&data.join("geonames/cities.tsv"), 9)? {
        let city = city(&row, &rules, lexicon).with_context(|| row.place.clone())?;
        match city.geonames.and_then(|id| known.get(&id)) {
            // A curated row with this id: it says the names, the table adds the point.
            Some(i) => {
                let record = &mut records[*i];
                record.point = record.point.or(city.point);
                record.country = city.country;
                record.forms.extend(city.forms.into_iter().filter(|f| !f.weak));
                for (name, other) in record.names.iter_mut().zip(city.names) {
                    if name.is_empty() {
                        *name = other;
                    }
                }
            }
            None if !city.forms.is_empty() => records.push(city),
            None => {}
        }
    }
    for record in &mut records {
        record.forms.sort();
        record.forms.dedup();
        ensure!(
            !record.names[0].is_empty() && !record.names[1].is_empty(),
            "an entity has no Arabic or no English name: {:?}",
            record.names
        );
    }
    Ok(records)
}

struct Row {
    place: String,
    cells: Vec<String>,
}

impl Row {
    fn cell(&self, i: usize) -> &str {
        self.cells.get(i).map_or("", String::as_str)
    }
}

fn rows(path: &Path, columns: usize) -> anyhow::Result<Vec<Row>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
    let mut rows = Vec::new();
    for (n, line) in text.lines().enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let place = format!("{}:{}", path.display(), n + 1);
        let cells: Vec<String> = line.split('\t').map(|c| c.trim().to_owned()).collect();
        ensure!(cells.len() <= columns, "{place}: {} columns, expected at most {columns}", cells.len());
        rows.push(Row { place, cells });
    }
    Ok(rows)
}

fn names(row: &Row, first: usize) -> ([String; 4], Vec<Form>) {
    table::names(&std::array::from_fn(|i| row.cell(first + i)), false)
}

fn countries(data: &Path) -> anyhow::Result<Vec<Record>> {
    let mut more = BTreeMap::new();
    for row in rows(&data.join("curated/countries.tsv"), 6)? {
        more.insert(row.cell(0).to_owned(), row);
    }
    let mut records = Vec::new();
    for row in rows(&data.join("cldr/territories.tsv"), 9)? {
        let code = row.cell(0);
        let (mut names, mut forms) = names(&row, 1);
        let mut wikidata = None;
        if let Some(extra) = more.remove(code) {
            let (preferred, added) = self::names(&extra, 1);
            for (name, new) in names.iter_mut().zip(preferred) {
                if !new.is_empty() {
                    *name = new;
                }
            }
            forms.extend(added);
            wikidata = qid(extra.cell(5))?;
        }
        // British-style ampersands are never written in running text.
        for (i, language) in LANGUAGES.iter().enumerate().skip(1) {
            if names[i].contains('&') {
                let and = if *language == "en" { "and" } else { "et" };
                forms::add(&mut forms, &names[i].replace('&', and), language, false);
            }
        }
        let people: f64 = row.cell(8).parse().unwrap_or(0.0);
        records.push(Record {
            kind: EntityType::Loc,
            names,
            wikidata,
            geonames: row.cell(5).parse().ok(),
            iso: code.to_owned(),
            country: String::new(),
            point: point(row.cell(6), row.cell(7), PlacePrecision::Country)?,
            prior: 850 + (people.max(1.0).log10() * 10.0) as u32,
            forms,
        });
    }
    if let Some(code) = more.keys().next() {
        bail!("curated/countries.tsv: {code} is not in cldr/territories.tsv");
    }
    Ok(records)
}

fn qid(text: &str) -> anyhow::Result<Option<u32>> {
    if text.is_empty() {
        return Ok(None);
    }
    let number = text.strip_prefix('Q').with_context(|| format!("not a Wikidata item: {text:?}"))?;
    Ok(Some(number.parse()?))
}

type Point = Option<(f64, f64, PlacePrecision)>;

fn point(lat: &str, lon: &str, precision: PlacePrecision) -> anyhow::Result<Point> {
    if lat.is_empty() || lon.is_empty() {
        return Ok(None);
    }
    Ok(Some((lat.parse()?, lon.parse()?, precision)))
}

/// Names of cities that are something else more often.
struct CityRules {
    drop: BTreeSet<String>,
    weak: BTreeSet<String>,
}

impl CityRules {
    fn read(path: &Path) -> anyhow::Result<Self> {
        let (mut drop, mut weak) = (BTreeSet::new(), BTreeSet::new());
        for row in rows(path, 2)? {
            let list = match row.cell(0) {
                "drop" => &mut drop,
                "weak" => &mut weak,
                other => bail!("{}: unknown rule {other:?}", row.place),
            };
            list.extend(row.cell(1).split_whitespace().map(|w| words(w).join(" ")));
        }
        Ok(Self { drop, weak })
    }
}

fn city(row: &Row, rules: &CityRules, lexicon: &Lexicon) -> anyhow::Result<Record> {
    let people: f64 = row.cell(2).parse()?;
    let capital = row.cell(5) == "1";
    let big = capital || people >= 1e6;
    let mut all = Vec::new();
    let cells = [row.cell(6), row.cell(7), "", row.cell(8)];
    for (cell, language) in cells.iter().zip(LANGUAGES) {
        for name in cell.split('|').filter(|n| !n.is_empty()) {
            forms::add(&mut all, name, language, false);
        }
    }
    all.retain(|f| !rules.drop.contains(&words(&f.text).join(" ")));
    for form in &mut all {
        let key = words(&form.text);
        form.weak |= rules.weak.contains(&key.join(" "));
        if let [word] = key.as_slice() {
            // Surnames, given names and ordinary words name small cities only behind a cue; so do
            // short names and, in Latin and Cyrillic, towns that are mostly surnames.
            let classes = lexicon.get(word).copied().unwrap_or_default();
            let name = classes.any(Class::Given, Class::Surname);
            let ordinary = classes.any(Class::Common, Class::Stop) || classes.is(Class::Nation);
            let arabic = word.starts_with(|c: char| ('ء'..='ي').contains(&c));
            let short = word.chars().count() <= if arabic { 3 } else { 4 };
            let surname = !arabic && ["US", "GB", "CA", "AU", "NZ"].contains(&row.cell(1)) && people < 5e5;
            form.weak |= ordinary || (!big && (name || (short && people < 3e5) || surname));
        }
    }
    // what is no name of the city is not what it is called
    let dropped = |name: &&str| rules.drop.contains(&words(name).join(" "));
    let first = |cell: &str| {
        let kept = cell.split('|').find(|name| !dropped(name));
        kept.or(cell.split('|').next()).unwrap_or_default().to_owned()
    };
    Ok(Record {
        kind: EntityType::Loc,
        names: [first(cells[0]), first(cells[1]), String::new(), first(cells[3])],
        wikidata: None,
        geonames: row.cell(0).parse().ok(),
        iso: String::new(),
        country: row.cell(1).to_owned(),
        point: point(row.cell(3), row.cell(4), PlacePrecision::City)?,
        prior: 100 + ((people.max(1e4) / 1e4).log10() * 70.0) as u32 + if capital { 200 } else { 0 },
        forms: all,
    })
}
