//! English, French and Russian: where the verb, its subject and what is said stand.

use super::{check, check_kind, said};
use crate::enriched::QuoteKind;

/// Checks reported speech: speaker (or the words for one) and text.
fn reports(language: &str, marked: &str, expected: &[(&str, &str)]) {
    check_kind(QuoteKind::Indirect, language, marked, expected);
}

#[test]
fn a_pronoun_joined_to_its_verb() {
    check(
        "fr",
        "*Anne Petit* est arrivée. « La situation est grave », a-t-elle dit devant la salle.",
        &[("Anne Petit", "La situation est grave")],
    );
    check(
        "fr",
        "*Anne Petit* est arrivée. « Tout va mal », écrivait-elle alors.",
        &[("Anne Petit", "Tout va mal")],
    );
    check(
        "ru",
        "*Иван Лесной* приехал. «Люди получат деньги», — написал он.",
        &[("Иван Лесной", "Люди получат деньги")],
    );
}

#[test]
fn more_verbs_of_saying() {
    check(
        "fr",
        "« Tout va bien ce soir », s'est réjoui *Paul Roy* à la mairie.",
        &[("Paul Roy", "Tout va bien ce soir")],
    );
    check(
        "fr",
        "« Les gens sortent peu. » rapporte *Paul Roy*, de la radio.",
        &[("Paul Roy", "Les gens sortent peu.")],
    );
    reports(
        "ru",
        "В #Минсвете# напомнили, что работы начнутся в среду.",
        &[("Минсвете", "работы начнутся в среду")],
    );
    reports("fr", "Le vol rapporte peu à *Paul Roy* et à ses amis de la ville.", &[]);
}

#[test]
fn a_subject_that_is_no_name() {
    check(
        "en",
        "\"We had ten chances,\" said a captain who left early.",
        &[("a captain", "We had ten chances,")],
    );
    check(
        "en",
        "\"We had ten chances,\" the 27-year-old told #Radio Sea#.",
        &[("the 27-year-old", "We had ten chances,")],
    );
    check(
        "fr",
        "« Cela ne le regarde pas », assure un conseiller du ministre.",
        &[("un conseiller du ministre", "Cela ne le regarde pas")],
    );
    check(
        "ru",
        "«Под завалами еще пять человек», — сказал агентству источник в службах.",
        &[("источник", "Под завалами еще пять человек")],
    );
    check(
        "en",
        "In a letter, a company spokesperson said, \"We have heard of it.\"",
        &[("a company spokesperson", "We have heard of it.")],
    );
}

#[test]
fn a_noun_before_the_verb_is_the_one_person_of_its_paragraph() {
    check(
        "en",
        "*Ben Moss* ran again. The retired surgeon said: \"I have no problem with that.\"",
        &[("Ben Moss", "I have no problem with that.")],
    );
}

#[test]
fn an_office_is_the_one_person_of_its_paragraph() {
    check(
        "ru",
        "Министр *Иван Лесной* приехал. «Никакого кризиса нет», — подчеркнул министр.",
        &[("Иван Лесной", "Никакого кризиса нет")],
    );
    check(
        "fr",
        "Les joueurs de *Karim Daoud* ont gagné. « Je leur ai parlé », raconte l'entraîneur.",
        &[("Karim Daoud", "Je leur ai parlé")],
    );
    check(
        "en",
        "*Mary Hill* met *Tom Reed*. \"It is done,\" said the captain.",
        &[("the captain", "It is done,")],
    );
}

#[test]
fn speech_goes_on_in_the_next_sentence() {
    let (quotes, _) = said("\"It is hard,\" *Mary Hill* said after the match. \"We lost.\"", "en");
    assert_eq!(quotes[1].speaker.as_deref(), Some("Mary Hill"));
    assert!(quotes[1].confidence > 0.7, "{}", quotes[1].confidence);
    check(
        "fr",
        "« Je jouais en bas », confie *Paul Roy*. « C'est fou ! »",
        &[("Paul Roy", "Je jouais en bas"), ("Paul Roy", "C'est fou !")],
    );
}

#[test]
fn a_clause_inside_the_marks() {
    check(
        "ru",
        "«Ребята выполнили всё, — отметил тренер *Андрей Мален*. — Но расслабляться рано».",
        &[("Андрей Мален", "Ребята выполнили всё, — отметил тренер Андрей Мален. — Но расслабляться рано")],
    );
    check(
        "fr",
        "*Anne Petit* a parlé. « Le budget, a-t-elle ajouté, sera prêt demain. »",
        &[("Anne Petit", "Le budget, a-t-elle ajouté, sera prêt demain.")],
    );
}

#[test]
fn a_line_of_a_dialogue() {
    check(
        "fr",
        "*Omar Thiam* expose à Paris.\n— Je ne m'occupe pas de cela, répond *Omar Thiam*. L'argent part.",
        &[("Omar Thiam", "Je ne m'occupe pas de cela")],
    );
    check("fr", "Les points :\n— un budget de dix euros\n— une salle", &[]);
}

#[test]
fn what_stands_behind_a_colon_is_said_by_the_subject() {
    check(
        "fr",
        "Le patron, *Paul Roy*, a mis en garde contre la hausse : « Les entreprises n'en peuvent plus. »",
        &[("Paul Roy", "Les entreprises n'en peuvent plus.")],
    );
    check("fr", "Pour Mme *Petit*, « les riches doivent payer ».", &[("Petit", "les riches doivent payer")]);
}

#[test]
fn who_is_named_inside_the_marks_does_not_speak() {
    check(
        "en",
        "*Ben Moss* spoke. \"When I look at *Ann Lee*,\" he said, \"I see a friend.\"",
        &[("Ben Moss", "When I look at Ann Lee,"), ("Ben Moss", "I see a friend.")],
    );
}

#[test]
fn reported_speech_without_that() {
    reports(
        "en",
        "*Mary Hill* said her side had grown up at last.",
        &[("Mary Hill", "her side had grown up at last")],
    );
    reports(
        "en",
        "*Mary Hill* said Friday it has been a long year.",
        &[("Mary Hill", "it has been a long year")],
    );
    reports(
        "en",
        "At least 14 people were killed in the storm, police said.",
        &[("police", "At least 14 people were killed in the storm")],
    );
    reports(
        "fr",
        "Au moins dix personnes sont mortes hier, a annoncé *Anne Petit*.",
        &[("Anne Petit", "Au moins dix personnes sont mortes hier")],
    );
    reports(
        "ru",
        "В доме погибли три человека, сообщил *Иван Лесной*.",
        &[("Иван Лесной", "В доме погибли три человека")],
    );
    reports(
        "en",
        "*Mary Hill*, who took over in May, said her side had grown up at last.",
        &[("Mary Hill", "her side had grown up at last")],
    );
    reports(
        "en",
        "Prices would fall by half in the end, said *Mary Hill*, the head of the bank.",
        &[("Mary Hill", "Prices would fall by half in the end")],
    );
    reports("en", "*Mary Hill*, who said little, left the room at once.", &[]);
    reports("en", "\"We will go on,\" said *Mary Hill* of the team in white.", &[]);
}
