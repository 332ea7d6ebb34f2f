//! Towns in the news that are written like a verb or a thing: تدمر, جنين, درعا.

/// Whether a town's name is the word that is written like it: تدمر behind what wants a verb, جنين beside its mother, درعا with an
/// adjective of its case.
pub(super) fn is_verb_or_thing(word: &str, before: &str, after: &str) -> bool {
    const WANT_VERB: [&str; 16] = [
        "التي", "الذي", "وهي", "هي", "ان", "لن", "لم", "قد", "سوف", "كي", "لكي", "لا", "كانت", "او", "بان",
        "وقد",
    ];
    match word {
        "تدمر" => WANT_VERB.contains(&before),
        "جنين" => {
            matches!(
                before,
                "زرع"
                    | "حمل"
                    | "قلب"
                    | "رحم"
                    | "نمو"
                    | "ولاده"
                    | "اجهاض"
                    | "فقدان"
                    | "كل"
                    | "اول"
            ) || matches!(after, "مجمد" | "مشوه" | "الام" | "امه" | "حي" | "ميت" | "بشري")
        }
        "درعا" => after.ends_with('ا') && after.len() > 8 && !after.starts_with("ال"),
        _ => false,
    }
}
