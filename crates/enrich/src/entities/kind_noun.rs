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

/// What a place's name may end with in small letters, without its ending.
const TAILS: &str = "област край кра район округ мор рек озер остров город республик губерни волост проспект улиц площад шоссе \
    набережн переулк бульвар мост вокзал аэропорт хребет хребт гор залив пролив канал океан парк сквер тракт посел сел";

/// Ends a Russian place before small words that are no noun for its kind: `на Дону коронавирус`, and before the plural of one,
/// which is of several: `в Веселовском и Кашарском районах`.
fn end_small(doc: &Doc, tagged: &mut Tagged) {
    while tagged.tokens.len() > 1 {
        let last = doc.tokens.get(tagged.tokens.end - 1).filter(|t| t.kind == TokenKind::Cyrillic);
        let Some(word) = last.map(|t| doc.normalised_token(t)) else { return };
        let small = word.starts_with(char::is_lowercase);
        let kind = TAILS.split_whitespace().any(|tail| word.starts_with(tail));
        let several = ["ах", "ях", "ами", "ями"].iter().any(|end| word.ends_with(end));
        if !small || kind && !several {
            return;
        }
        tagged.tokens.end -= 1;
    }
}

/// What the tagger found without the noun that begins it, where a word with a capital follows that.
pub(super) fn without(doc: &Doc, mut tagged: Tagged) -> Tagged {
    if tagged.kind == EntityType::Loc {
        end_small(doc, &mut tagged);
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
    fn a_place_ends_before_small_words() {
        for (text, end) in [
            ("На Дону паводок начался", 2),
            ("в Лесном и Горном районах идет", 4),
            ("в Лесной области идет", 3),
            ("на Лесном озере тихо", 3),
        ] {
            let first = usize::from(text.starts_with('Н')).max(1);
            let (from, to) = if text.contains("Горном") { (3, 5) } else { (first, 3) };
            let tagged = Tagged { tokens: from..to, kind: EntityType::Loc, probability: 0.9 };
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
