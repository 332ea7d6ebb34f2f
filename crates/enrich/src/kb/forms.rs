//! The forms that a name is found by.

use super::compile::Form;

use super::russian;

/// Adds the forms of one name as the tables write it: `~` before it means that it needs context.
///
/// `language` is `ar`, `en`, `fr` or `ru`; Russian names are declined, `person` in every word.
pub fn add(forms: &mut Vec<Form>, written: &str, language: &str, person: bool) {
    let (weak, name) = match written.strip_prefix('~') {
        Some(name) => (true, name),
        None => (false, written),
    };
    if name.is_empty() {
        return;
    }
    let capitals = is_acronym(name);
    let mut push = |text: String| forms.push(Form { text, weak, capitals });
    if language == "ru" && !capitals {
        russian::decline(name, person).into_iter().for_each(&mut push);
    } else {
        let plain = without_marks(name);
        if plain != name {
            push(plain);
        }
        push(name.to_owned());
    }
}

/// The name without the mark of [`add`].
pub fn plain(written: &str) -> &str {
    written.strip_prefix('~').unwrap_or(written)
}

/// Short and all capitals: `US`, `WHO`, `США`.
fn is_acronym(name: &str) -> bool {
    name.chars().count() <= 6
        && name.chars().filter(|c| c.is_uppercase()).count() >= 2
        && name.chars().all(|c| c.is_uppercase() || !c.is_alphabetic())
}

/// Latin letters without the diacritics that English writers leave out.
fn without_marks(name: &str) -> String {
    const PAIRS: &str = "áaàaâaãaäaåaāaăaąaçcćcčcďdđdéeèeêeëeēeėeęeěeğgģgíiìiîiïiīiıiİIķkłlļlñnńnňnņnóoòoôoõoöoøoōoőořrśsšsşsșsťtţtțtúuùuûuüuūuůuűuýyÿyźzžzżzÁAÀAÂAÄAÅAĀAÇCČCÉEÈEÊEËEÎIÍIĪIŁLÑNÓOÔOÖOØOŘRŚSŠSŞSȘSŤTÚUÜUŪUÝYŽZŻZ";
    let map = |c: char| {
        let mut pairs = PAIRS.chars();
        while let (Some(from), Some(to)) = (pairs.next(), pairs.next()) {
            if from == c {
                return to;
            }
        }
        c
    };
    if name.is_ascii() { name.to_owned() } else { name.chars().map(map).collect() }
}
