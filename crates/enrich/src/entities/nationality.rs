//! Adjectives and nouns of nationality, origin and religion, which English and French write with a capital though they name
//! nothing: `the Japanese maker`, `les Polonais`.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use crate::doc::{Doc, TokenKind};
use crate::enriched::EntityType;
use crate::tagger::Tagged;

/// English ones in the singular; s makes their plural.
const ENGLISH: &str = "afghan african albanian algerian american angolan arab argentine argentinian armenian asian australian austrian \
    azerbaijani bahraini bangladeshi belarusian belgian bolivian bosnian brazilian british bulgarian cambodian cameroonian canadian chilean \
    chinese colombian congolese croatian cuban cypriot czech danish dutch ecuadorian egyptian emirati english eritrean estonian ethiopian \
    european filipino finnish french georgian german ghanaian greek hungarian icelandic indonesian iranian iraqi irish israeli italian \
    ivorian jamaican japanese jordanian kazakh kenyan korean kurdish kuwaiti kyrgyz laotian latvian lebanese liberian libyan lithuanian \
    malaysian malian maltese mauritanian mexican moldovan mongolian moroccan mozambican namibian nepalese nigerian norwegian omani \
    pakistani palestinian panamanian peruvian polish portuguese qatari romanian russian rwandan saudi scottish scots senegalese serbian \
    singaporean slovak slovenian somali spanish sudanese swedish swiss syrian taiwanese tajik tanzanian thai tunisian turkish turkmen \
    ugandan ukrainian uruguayan uzbek venezuelan vietnamese welsh yemeni zambian zimbabwean christian muslim islamic jewish catholic \
    protestant sunni shiite buddhist hindu elizabethan victorian latino hispanic";
/// French ones as they are written.
const FRENCH: &str = "africain africaine africains africaines algérien algérienne algériens algériennes allemand allemande allemands allemandes \
    américain américaine américains américaines anglais anglaise anglaises arabe arabes belge belges brésilien brésilienne brésiliens \
    brésiliennes britannique britanniques canadien canadienne canadiennes chinois chinoise chinoises congolais congolaise congolaises \
    égyptien égyptienne égyptiens égyptiennes espagnol espagnole espagnols espagnoles européen européenne européens européennes français \
    française françaises ghanéen ghanéenne ghanéens grec grecque grecs grecques guinéen guinéenne guinéens indien indienne iranien iranienne \
    iraniens irakien irakienne irakiens israélien israélienne israéliens italien italienne italiens italiennes ivoirien ivoirienne ivoiriens \
    japonais japonaise japonaises libanais libanaise libyen libyenne libyens malien malienne maliens marocain marocaine marocains marocaines \
    mauritanien mauritaniens nigérian nigériane nigérians palestinien palestinienne palestiniens polonais polonaise polonaises portugais \
    portugaise russe russes sénégalais sénégalaise serbe serbes soudanais suédois suédoise suisses syrien syrienne syriens tchadien \
    tchadienne tchadiens tunisien tunisienne tunisiens turc turque turcs turques ukrainien ukrainienne ukrainiens";

static NATIONS: LazyLock<FxHashSet<String>> = LazyLock::new(|| {
    let english = ENGLISH.split_whitespace().flat_map(|word| [word.to_owned(), format!("{word}s")]);
    english.chain(FRENCH.split_whitespace().map(str::to_owned)).collect()
});

/// Whether what the tagger takes for a name is one such word: a person may bear it (Irvine Welsh), a club its plural (Indians).
pub(super) fn is_nationality(doc: &Doc, tagged: &Tagged) -> bool {
    let word = |i: usize| {
        doc.tokens.get(i).filter(|t| t.kind == TokenKind::Latin).map_or("", |t| doc.folded_token(t))
    };
    let last = match tagged.tokens.len() {
        1 => tagged.tokens.start,
        // South Africans
        2 if matches!(
            word(tagged.tokens.start),
            "south" | "north" | "latin" | "central" | "west" | "east"
        ) =>
        {
            tagged.tokens.start + 1
        }
        _ => return false,
    };
    tagged.kind != EntityType::Per && NATIONS.contains(word(last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enriched::Field;

    #[test]
    fn adjectives_of_nations_are_no_names() {
        for (text, tokens, kind, expected) in [
            ("the Japanese maker", 1..2, EntityType::Misc, true),
            ("said Italians there", 1..2, EntityType::Org, true),
            ("and South Africans there", 1..3, EntityType::Loc, true),
            ("la Polonaise gagne", 1..2, EntityType::Misc, true),
            ("Irvine Welsh wrote; Welsh left", 4..5, EntityType::Per, false),
            ("the Japanese Garden there", 1..3, EntityType::Loc, false),
            ("in Japan there", 1..2, EntityType::Loc, false),
        ] {
            let tagged = Tagged { tokens, kind, probability: 0.9 };
            assert_eq!(is_nationality(&Doc::new(Field::Body, text), &tagged), expected, "{text}");
        }
    }
}
