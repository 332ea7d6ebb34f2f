//! Offices in English, French and Russian: `Foreign Minister X`, `le ministre de la Culture, X`, `глава МИД РФ X`,
//! `X, the president of Y,`.

use std::ops::Range;
use std::sync::LazyLock;

use crate::doc::{Doc, TokenKind};
use crate::enriched::{EntityType, Role};
use crate::entities::{Found, FoundMention};
use crate::gazetteer::Seen;
use crate::kb::word::Class;
use crate::lex::Lexicon;

/// Words for offices, in the cases that stand before a name.
static OFFICES: LazyLock<Lexicon<()>> = LazyLock::new(|| {
    let mut list = Lexicon::new();
    list.add(
        "president minister chancellor king queen prince princess emir secretary director chief head chairman chairwoman chair ceo \
         spokesman spokeswoman spokesperson governor mayor ambassador senator congressman congresswoman coach captain manager \
         commissioner judge prosecutor general leader lawmaker founder editor envoy premier commander pope bishop archbishop \
         economist analyst lawyer striker goalkeeper defender midfielder novelist writer actor actress singer director \
         président présidente ministre chancelier chancelière roi reine directeur directrice chef patron patronne porte-parole \
         gouverneur gouverneure maire ambassadeur ambassadrice sénateur sénatrice député députée entraîneur entraîneuse capitaine \
         secrétaire commissaire juge procureur procureure général leader fondateur fondatrice dirigeant dirigeante avocat avocate \
         écrivain écrivaine peintre cinéaste acteur actrice chanteur chanteuse attaquant gardien économiste",
        (),
    );
    for stem in [
        "президент",
        "министр",
        "губернатор",
        "мэр",
        "депутат",
        "сенатор",
        "директор",
        "тренер",
        "секретарь",
        "прокурор",
        "премьер",
        "лидер",
        "адвокат",
        "режиссер",
        "спикер",
        "вратарь",
        "защитник",
        "полузащитник",
        "канцлер",
        "король",
        "генерал",
        "адмирал",
        "ректор",
        "посол",
    ] {
        let soft = stem.strip_suffix('ь');
        let (base, ends) = match soft {
            Some(base) => (base, ["ь", "я", "ю", "ем", "е"]),
            None => (stem, ["", "а", "у", "ом", "е"]),
        };
        ends.iter().for_each(|end| list.add(&format!("{base}{end}"), ()));
    }
    list.add(
        "посла послу послом глава главы главе главу главой представитель представителя представителю представителем председатель \
         председателя председателю председателем руководитель руководителя руководителю руководителем начальник начальника начальнику \
         начальником заместитель заместителя заместителю заместителем нападающий нападающего нападающему нападающим критик критика \
         корреспондент корреспондента писатель писателя певец певица актер актриса судья судьи",
        (),
    );
    list
});

/// Tokens between an office and its holder.
const REACH: usize = 12;

/// The office of `person` before the name, else behind it.
pub(super) fn of(doc: &Doc, seen: &[Seen], found: &Found, person: &FoundMention, floor: u32) -> Option<Role> {
    before(doc, seen, found, person, floor).or_else(|| behind(doc, seen, found, person))
}

/// Whether the word at token `i` is an office.
pub(super) fn is_office(doc: &Doc, i: usize) -> bool {
    doc.tokens
        .get(i)
        .is_some_and(|t| OFFICES.look(doc.normalised_token(t), doc.folded_token(t), t.kind).is_some())
}

fn word(doc: &Doc, i: usize) -> &str {
    doc.tokens.get(i).map_or("", |t| doc.normalised_token(t))
}

fn capital(doc: &Doc, i: usize) -> bool {
    word(doc, i).starts_with(char::is_uppercase)
}

fn before(doc: &Doc, seen: &[Seen], found: &Found, person: &FoundMention, floor: u32) -> Option<Role> {
    let at = doc.token_at(person.range.start as usize);
    let sentence = doc.sentences.get(doc.sentence_at(person.range.start as usize)).map_or(0, |s| s.start);
    let lowest = floor.max(sentence);
    let comma = at > 0 && word(doc, at - 1) == ",";
    let edge = at - usize::from(comma);
    let mut head = None;
    for i in (edge.saturating_sub(REACH)..edge).rev() {
        let token = doc.tokens.get(i).filter(|t| t.start >= lowest)?;
        let other = super::covered(found, doc, token.start, person);
        if other.is_some_and(|m| m.kind == EntityType::Per) {
            break;
        }
        if other.is_none() && is_office(doc, i) {
            head = Some(i);
            break;
        }
        if other.is_none() && !goes_between(doc, seen, i, edge) {
            break;
        }
    }
    let office = head?;
    // right before a comma, what stands between belongs to the office: the president of Y, X
    if comma && office + 1 == edge && !described(doc, office) {
        return None;
    }
    let start = begin(doc, seen, office, lowest);
    role(doc, seen, found, person, start..edge, office)
}

/// Whether the office at token `i` has an article or an adjective before it, so that a comma may follow.
fn described(doc: &Doc, i: usize) -> bool {
    i > 0 && (doc.tokens.get(i - 1).is_some_and(|t| t.kind != TokenKind::Punct))
}

/// Whether the word at token `i`, before the name at token `edge`, may stand between an office and its holder.
fn goes_between(doc: &Doc, seen: &[Seen], i: usize, edge: usize) -> bool {
    let Some(token) = doc.tokens.get(i) else { return false };
    let text = word(doc, i);
    match token.kind {
        TokenKind::Punct => matches!(text, "-" | "«" | "»" | "\"" | "."),
        TokenKind::Latin => {
            let link = matches!(
                text,
                "of" | "the"
                    | "for"
                    | "de"
                    | "du"
                    | "des"
                    | "d'"
                    | "la"
                    | "le"
                    | "l'"
                    | "les"
                    | "and"
                    | "et"
                    | "en"
            );
            let nation = seen.get(i).is_some_and(|s| s.classes.is(Class::Nation));
            // le ministre de la culture: a noun behind its preposition
            let noun = i > 0 && matches!(word(doc, i - 1), "de" | "du" | "des" | "d'" | "la" | "l'" | "of");
            link || capital(doc, i) || nation || noun || i + 1 == edge && french_adjective(text)
        }
        TokenKind::Cyrillic => {
            capital(doc, i)
                || !is_verb(text)
                    && !matches!(
                        text,
                        "и" | "с" | "в" | "на" | "о" | "что" | "как" | "к" | "за" | "от" | "до" | "из"
                    )
        }
        _ => false,
    }
}

fn french_adjective(word: &str) -> bool {
    [
        "ais", "aise", "ien", "ienne", "ain", "aine", "ge", "and", "ande", "ol", "ole", "que", "al", "ale",
        "if", "ive",
    ]
    .iter()
    .any(|end| word.ends_with(end) && word.len() > 4)
}

/// Whether a Russian word looks like a verb: встретил, заявила, считает.
fn is_verb(word: &str) -> bool {
    word.chars().count() > 3
        && ["ил", "ал", "ел", "ла", "ли", "ло", "лся", "лась", "ет", "ит", "ют", "ут", "ят", "ть"]
            .iter()
            .any(|end| word.ends_with(end))
        && word.starts_with(char::is_lowercase)
}

/// The first token of the office at token `i`: with what describes it before it.
fn begin(doc: &Doc, seen: &[Seen], i: usize, lowest: u32) -> usize {
    let mut first = i;
    while let Some(b) = first.checked_sub(1) {
        let Some(token) = doc.tokens.get(b).filter(|t| t.start >= lowest) else { break };
        let text = word(doc, b);
        let joined = seen.get(first).is_some_and(|s| s.joined);
        let hyphen = text == "-" && b > 0;
        let nation = seen.get(b).is_some_and(|s| s.classes.is(Class::Nation));
        let describes = matches!(
            text,
            "former"
                | "deputy"
                | "vice"
                | "prime"
                | "foreign"
                | "acting"
                | "chief"
                | "senior"
                | "assistant"
                | "Premier"
                | "Première"
                | "ancien"
                | "ancienne"
                | "vice-"
                | "première"
                | "premier"
                | "ex"
        );
        let takes = match token.kind {
            TokenKind::Latin => {
                let stop = seen.get(b).is_some_and(|s| s.classes.is(Class::Stop));
                joined && (describes || nation || is_office(doc, b) || capital(doc, b) && !stop)
            }
            TokenKind::Cyrillic => {
                joined
                    && ["ый", "ий", "ой", "ого", "его", "ому", "ему", "ым", "им", "ая", "ую"]
                        .iter()
                        .any(|end| text.ends_with(end))
                    && text.chars().count() > 4
                    && !["ений", "аний"].iter().any(|end| text.ends_with(end))
                    || joined && is_office(doc, b)
            }
            _ => false,
        };
        if hyphen && doc.tokens.get(first).is_some_and(|t| t.start == token.end) {
            first = b - 1;
        } else if takes {
            first = b;
        } else {
            break;
        }
    }
    first
}

/// `X, the president of Y,`: the office between two commas behind the name.
fn behind(doc: &Doc, seen: &[Seen], found: &Found, person: &FoundMention) -> Option<Role> {
    let at = doc.token_at(person.range.end as usize);
    if word(doc, at) != "," {
        return None;
    }
    let article =
        usize::from(matches!(word(doc, at + 1), "the" | "a" | "an" | "le" | "la" | "l'" | "un" | "une"));
    let first = at + 1 + article;
    let end = (first..first + REACH).find(|i| matches!(word(doc, *i), "," | "." | ";" | "(" | ")"))?;
    let sentence = doc.sentences.get(doc.sentence_at(person.range.start as usize))?.end;
    let office = (first..end.min(first + 4)).find(|i| is_office(doc, *i))?;
    let plain = (first..end).all(|i| {
        doc.tokens.get(i).is_some_and(|t| t.end <= sentence)
            && (i <= office || goes_between(doc, seen, i, end))
            && !matches!(word(doc, i), "who" | "qui" | "which" | "said" | "and" | "et")
    });
    let other = doc.tokens.get(first).zip(doc.tokens.get(end)).is_none_or(|(a, b)| {
        found.mentions_in(doc.field, a.start..b.start).any(|(_, m)| m.kind == EntityType::Per)
    });
    (plain && !other).then(|| role(doc, seen, found, person, first..end, office)).flatten()
}

/// The role whose words are `tokens`, with its noun at token `office`.
fn role(
    doc: &Doc,
    seen: &[Seen],
    found: &Found,
    person: &FoundMention,
    tokens: Range<usize>,
    office: usize,
) -> Option<Role> {
    let start = doc.tokens.get(tokens.start)?.start;
    let end = doc.tokens.get(tokens.end.checked_sub(1)?)?.end;
    let organisation = found
        .mentions_in(doc.field, start..end)
        .map(|(_, m)| m)
        .find(|m| matches!(m.kind, EntityType::Org | EntityType::Loc) && m.nested_in.is_none());
    let mut role = super::role(doc, seen, found, person, start..end, organisation);
    if let Some(organisation) = organisation {
        let part = |from: u32, to: u32| doc.original(from as usize..to.max(from) as usize).trim();
        let ahead = part(start, organisation.range.start).trim_end_matches([' ', '«', '"', '“', '\'', '’']);
        let links = [" of", " the", " de", " du", " des", " la", " le", " les", " l", " d", " de l"];
        let mut title = ahead;
        while let Some(shorter) = links.iter().find_map(|link| title.strip_suffix(link)) {
            title = shorter.trim_end();
        }
        // the CPUC president: what it is of comes first
        let behind = doc.tokens.get(office).is_some_and(|t| t.start >= organisation.range.end);
        let title = if behind || title.is_empty() { part(organisation.range.end, end) } else { title };
        role.title = title.to_owned();
    }
    Some(role)
}

#[cfg(test)]
mod tests {
    use crate::doc::Doc;
    use crate::enriched::Field;
    use crate::kb::Kb;
    use crate::tagger::{Model, Taggers};

    /// Title and holder of each office in `text`.
    fn offices(text: &str, language: &str) -> Vec<(String, String)> {
        let docs = [Doc::new(Field::Body, text)];
        let taggers = Taggers { fast: Model::embedded(), accurate: None };
        let found = crate::entities::find(&Kb::embedded(), &taggers, &docs, language);
        let name = |id: Option<String>| {
            let entity = found.entities.iter().find(|e| Some(&e.id) == id.as_ref());
            entity.map_or(String::new(), |e| e.name.clone())
        };
        let roles = super::super::find(&docs, &found, language);
        roles.into_iter().map(|role| (role.title, name(role.person))).collect()
    }

    fn check(language: &str, text: &str, title: &str, name: &str) {
        assert_eq!(offices(text, language), [(title.to_owned(), name.to_owned())], "{text}");
    }

    #[test]
    fn an_office_before_the_name() {
        check(
            "en",
            "They met Turkish Foreign Minister Hakan Fidan in Ankara.",
            "Turkish Foreign Minister",
            "Hakan Fidan",
        );
        check("en", "Coach Elena Marchetti left early.", "Coach", "Elena Marchetti");
        check(
            "fr",
            "Le ministre de la Culture, Paul Marchal, est parti.",
            "ministre de la Culture",
            "Paul Marchal",
        );
        check(
            "fr",
            "Le président de la Commission européenne, Paul Marchal, est parti.",
            "président",
            "Paul Marchal",
        );
        check(
            "ru",
            "Встречу провел министр экономики Казахстана Иван Лесной.",
            "министр экономики",
            "Иван Лесной",
        );
    }

    #[test]
    fn an_office_behind_the_name() {
        check("en", "Mary Hill, the director of a school, left early.", "director of a school", "Mary Hill");
    }

    #[test]
    fn a_verb_parts_an_office_from_a_name() {
        assert_eq!(offices("Le président a reçu Paul Marchal hier.", "fr"), []);
        assert_eq!(offices("Президент встретил Ивана Лесного вчера.", "ru"), []);
    }
}
