//! The nominative of Russian names that an article has in other cases alone: `Сергея Лунина` is `Сергей Лунин`,
//! `Министерства путей` is `Министерство путей`.
//!
//! A case is undone only where the grammar leaves one reading; else the name stays as it is written.

mod people;
mod phrases;
#[cfg(test)]
mod tests;

use crate::enriched::EntityType;
use crate::kb::Kb;

/// The nominative of a name of `kind` whose fullest form is `form`; `forms` are all that the article has. `None` where it cannot
/// be told, or is nowhere needed.
pub(super) fn nominative(kb: &Kb, kind: EntityType, form: &str, forms: &[String]) -> Option<String> {
    let count = form.split(' ').count();
    let others = forms.iter().map(String::as_str).filter(|f| *f != form && f.split(' ').count() == count);
    let mut all: Vec<&str> = std::iter::once(form).chain(others).filter(|form| is_cyrillic(form)).collect();
    // Анна Петровна is Анна Лунина in full
    all.sort_by_key(|form| people::ends_with_patronymic(form));
    let name = all.into_iter().find_map(|form| match kind {
        EntityType::Per => people::nominative(kb, form, forms),
        EntityType::Misc => None,
        _ => phrases::nominative(kind, form),
    })?;
    // a form that the article has, as it writes it
    let low = name.to_lowercase();
    Some(forms.iter().find(|form| form.to_lowercase() == low).cloned().unwrap_or(name))
}

/// Whether a name begins with a Russian letter.
fn is_cyrillic(form: &str) -> bool {
    form.starts_with(|c: char| ('А'..='я').contains(&c) || matches!(c, 'Ё' | 'ё'))
}

/// The word with one of `ends` taken off and its nominative put there.
fn turned(word: &str, ends: &[(&str, &str)]) -> Option<String> {
    ends.iter().find_map(|(end, nominative)| Some(format!("{}{nominative}", word.strip_suffix(end)?)))
}

fn is_vowel(c: char) -> bool {
    "аеёиоуыэюяАЕЁИОУЫЭЮЯ".contains(c)
}
