//! A knowledge base with more entities in it: a compiled one taken apart, added to and compiled anew.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Kb;
use super::compile::{Names, Record, compile_names, words};
use super::format::{self, pooled};
use super::word::Classes;

impl Kb {
    /// This one with `more`. A row with the Wikidata item of a known entity adds its names to that one and its names
    /// are then the ones that are shown; any other is an entity of its own. Takes a moment: everything is compiled anew.
    pub fn with(&self, more: Vec<Record>) -> Self {
        let (mut records, mut names, lexicon) = self.take_apart();
        let mut known: BTreeMap<u32, usize> =
            records.iter().enumerate().filter_map(|(i, record)| Some((record.wikidata?, i))).collect();
        for record in more {
            let at = record.wikidata.and_then(|id| known.get(&id).copied());
            let at = at.unwrap_or(records.len());
            for form in &record.forms {
                let key = words(&form.text);
                if !key.is_empty() {
                    add(&mut names, key, at as u32, form.flags());
                }
            }
            match records.get_mut(at) {
                Some(old) => update(old, record),
                None => {
                    known.extend(record.wikidata.map(|id| (id, at)));
                    records.push(record);
                }
            }
        }
        Self::parse_or_say(Cow::Owned(compile_names(&records, &names, &lexicon)))
    }

    /// What it was compiled from; the forms of the records are left empty, their words are in the names.
    fn take_apart(&self) -> (Vec<Record>, Names, BTreeMap<String, Classes>) {
        let record = |i: usize| {
            let row = self.entities.get(i)?;
            let entity = self.entity(i as u32)?;
            let link = entity.link();
            Some(Record {
                kind: entity.kind(),
                names: std::array::from_fn(|i| pooled(&self.pool, row[i]).to_owned()),
                wikidata: (row[5] != 0).then_some(row[5]),
                geonames: link.geonames,
                iso: link.iso3166.unwrap_or_default(),
                country: pooled(&self.pool, row[10]).to_owned(),
                point: entity.point(),
                prior: entity.prior(),
                forms: Vec::new(),
            })
        };
        let records = (0..self.entities.len()).filter_map(record).collect();
        let word = |slot: u32| self.words.get(slot as usize).map_or("", |row| pooled(&self.pool, row[1]));
        let lexicon = self
            .words
            .iter()
            .filter(|row| row[1] != 0 && row[2] != 0)
            .map(|row| (pooled(&self.pool, row[1]).to_owned(), Classes::from_bits(row[2])))
            .collect();
        let mut children: BTreeMap<u32, Vec<(u32, u32)>> = BTreeMap::new();
        for [node, word, child] in self.edges.iter().filter(|edge| edge[2] != 0) {
            children.entry(*node).or_default().push((*word, *child));
        }
        let mut names = Names::new();
        let mut open: Vec<(u32, Vec<String>)> = self
            .words
            .iter()
            .filter(|row| row[3] != 0)
            .map(|row| (row[3], vec![pooled(&self.pool, row[1]).to_owned()]))
            .collect();
        while let Some((node, name)) = open.pop() {
            for reading in self.rows(node) {
                add(&mut names, name.clone(), reading >> 8, reading & (format::WEAK | format::CAPITALS));
            }
            for (slot, child) in children.get(&node).into_iter().flatten() {
                let mut longer = name.clone();
                longer.push(word(*slot).to_owned());
                open.push((*child, longer));
            }
        }
        (records, names, lexicon)
    }
}

fn add(names: &mut Names, key: Vec<String>, entity: u32, flags: u32) {
    names.entry(key).or_default().entry(entity).and_modify(|f| *f &= flags).or_insert(flags);
}

fn update(old: &mut Record, new: Record) {
    for (name, other) in old.names.iter_mut().zip(new.names) {
        if !other.is_empty() {
            *name = other;
        }
    }
    old.kind = new.kind;
    old.geonames = new.geonames.or(old.geonames);
    old.point = new.point.or(old.point);
    if !new.country.is_empty() {
        old.country = new.country;
    }
    old.prior = old.prior.max(new.prior);
    if !new.iso.is_empty() {
        old.iso = new.iso;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kb::table;

    #[test]
    fn what_is_taken_apart_is_compiled_to_the_same_bytes() {
        let kb = Kb::embedded();
        let again = kb.with(Vec::new());
        assert_eq!(again.len(), kb.len());
        assert_eq!(again.with(Vec::new()).version(), again.version());
        let (names, of_again) = (kb.take_apart().1, again.take_apart().1);
        assert_eq!(names.len(), of_again.len());
        assert!(names == of_again, "a name was lost or changed");
    }

    #[test]
    fn a_row_of_ones_own_is_found_and_a_known_item_takes_new_names() {
        let rows = "ORG\tشركة زهرة المدائن للنشر\tZahra Press\nORG\tأمم العالم\t\t\t\tqid=Q1065\n";
        let kb = Kb::embedded();
        let merged = kb.with(table::read(rows).unwrap());
        assert_eq!(merged.len(), kb.len() + 1);
        let read = |name: &str| {
            let mut node = None;
            for part in words(name) {
                let word = merged.word("", &part)?;
                node = match node {
                    None => word.root,
                    Some(node) => merged.next(node, word.id),
                };
            }
            let reading = merged.readings(node?).next()?;
            merged.entity(reading.entity)?.name("en").map(str::to_owned)
        };
        assert_eq!(read("شركة زهرة المدائن للنشر").as_deref(), Some("Zahra Press"));
        assert_eq!(read("أمم العالم").as_deref(), Some("United Nations"));
        assert_eq!(read("الأمم المتحدة").as_deref(), Some("United Nations"));
    }
}
