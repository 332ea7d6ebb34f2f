//! Russian nouns for a kind that stand before a name without belonging to it: `в городе Вязники`, `сайт North`.

use crate::doc::{Doc, TokenKind};
use crate::enriched::EntityType;
use crate::tagger::Tagged;

/// Before places.
const PLACES: &str = "город города городу городом городе село села селу селом селе деревня деревни деревне деревню деревней \
    посёлок посёлка посёлке поселок поселка поселке";
/// Before outlets, brands and teams.
const OUTLETS: &str = "издание издания изданию изданием издании сайт сайта сайту сайтом сайте портал портала порталу порталом портале \
    газета газеты газете газету газетой журнал журнала журналу журналом журнале телеканал телеканала телеканалу телеканалом телеканале \
    агентство агентства агентству агентством агентстве марка марки марке марку маркой бренд бренда бренду брендом бренде \
    команда команды команде команду командой проект проекта проекту проектом проекте сервис сервиса сервису сервисом сервисе";

/// Ends a Russian place before the plural of a noun for its kind, which is of several: `в Лесном и Горном районах`.
fn end_of_several(doc: &Doc, tagged: &mut Tagged) {
    const PLURALS: [&str; 9] =
        ["районах", "районов", "районы", "областях", "областей", "округах", "округов", "городах", "селах"];
    let word = |i: usize| doc.tokens.get(i).map_or("", |t| doc.normalised_token(t));
    let joined = tagged.tokens.start.checked_sub(1).is_some_and(|i| matches!(word(i), "и" | ","));
    if tagged.tokens.len() == 2 && joined && PLURALS.contains(&word(tagged.tokens.end - 1)) {
        tagged.tokens.end -= 1;
    }
}

/// What the tagger found without the noun that begins it, where a word with a capital follows that.
pub(super) fn without(doc: &Doc, mut tagged: Tagged) -> Tagged {
    if tagged.kind == EntityType::Loc {
        end_of_several(doc, &mut tagged);
    }
    let nouns = match tagged.kind {
        EntityType::Loc => PLACES,
        EntityType::Org => OUTLETS,
        _ => return tagged,
    };
    let first = tagged.tokens.start;
    let Some(noun) = doc.tokens.get(first).filter(|t| t.kind == TokenKind::Cyrillic) else { return tagged };
    let capital =
        |i: usize| doc.tokens.get(i).is_some_and(|t| doc.normalised_token(t).starts_with(char::is_uppercase));
    let word = doc.normalised_token(noun);
    if tagged.tokens.len() > 1 && capital(first + 1) && nouns.split_whitespace().any(|noun| noun == word) {
        tagged.tokens.start += 1;
    }
    tagged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enriched::Field;

    #[test]
    fn the_plural_of_a_kind_is_of_several() {
        for (text, tokens, end) in [
            ("в Лесном и Горном районах идет", 3..5, 4),
            ("на Лесных островах идет", 1..3, 3),
            ("и Северного полюса", 1..3, 3),
            ("в Лесной области идет", 1..3, 3),
        ] {
            let tagged = Tagged { tokens, kind: EntityType::Loc, probability: 0.9 };
            assert_eq!(without(&Doc::new(Field::Body, text), tagged).tokens.end, end, "{text}");
        }
    }

    #[test]
    fn the_kind_of_a_place_or_an_outlet_is_outside() {
        for (text, tokens, kind, expected) in [
            ("живет в городе Вязники", 2..4, EntityType::Loc, 3),
            ("пишет издание North News", 1..4, EntityType::Org, 2),
            ("работы компания North", 1..3, EntityType::Org, 1),
            ("в городе солнца", 1..3, EntityType::Loc, 1),
            ("город Золотой", 0..1, EntityType::Loc, 0),
            ("Город Золотой", 0..2, EntityType::Loc, 0),
            ("проект Берег", 0..2, EntityType::Misc, 0),
        ] {
            let tagged = Tagged { tokens, kind, probability: 0.9 };
            assert_eq!(without(&Doc::new(Field::Body, text), tagged).tokens.start, expected, "{text}");
        }
    }
}
