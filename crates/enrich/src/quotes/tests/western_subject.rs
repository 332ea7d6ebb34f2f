//! English, French and Russian: which noun is the subject, and which name only goes with another.

use super::{check, check_kind};
use crate::enriched::QuoteKind;

/// Checks reported speech: speaker (or the words for one) and text.
fn reports(language: &str, marked: &str, expected: &[(&str, &str)]) {
    check_kind(QuoteKind::Indirect, language, marked, expected);
}

#[test]
fn a_name_that_goes_with_a_noun_is_no_subject() {
    check(
        "fr",
        "*Anne Petit* arrive. La dirigeante de la #CGL# affirme : « Nous allons continuer. »",
        &[("Anne Petit", "Nous allons continuer.")],
    );
    check(
        "fr",
        "Une porte-parole de la #CGL# affirme : « Nous allons continuer. »",
        &[("Une porte-parole de la CGL", "Nous allons continuer.")],
    );
    reports(
        "en",
        "According to #North Club#, the road will open this summer.",
        &[("North Club", "the road will open this summer")],
    );
    check("fr", "La #CGL# affirme : « Nous allons continuer. »", &[("CGL", "Nous allons continuer.")]);
    reports(
        "ru",
        "Глава #Минсвета# заявил, что работы начнутся в среду.",
        &[("Глава Минсвета", "работы начнутся в среду")],
    );
    reports(
        "ru",
        "#Минсвет# заявил, что работы начнутся в среду.",
        &[("Минсвет", "работы начнутся в среду")],
    );
}

#[test]
fn where_it_was_said_is_no_subject() {
    reports(
        "en",
        "*Mary Hill* said she was ready. The captain, once a diver, said on #Flitter# on Friday that she would go on.",
        &[("Mary Hill", "she would go on")],
    );
    check("en", "\"We will go on,\" said #North Club# on Friday.", &[("North Club", "We will go on,")]);
}

#[test]
fn a_noun_behind_a_comma_is_the_subject() {
    reports(
        "fr",
        "Dans une lettre à *Paul Roy*, la société a indiqué que la mine fermerait bientôt.",
        &[("la société", "la mine fermerait bientôt")],
    );
    reports(
        "fr",
        "*Paul Roy*, le patron du port, a déjà indiqué que la mine fermerait bientôt.",
        &[("Paul Roy", "la mine fermerait bientôt")],
    );
    reports(
        "fr",
        "*Paul Roy*, le patron du port indique que la mine fermerait bientôt.",
        &[("Paul Roy", "la mine fermerait bientôt")],
    );
    check("en", "The price rose as the firm, once *Ben Moss* said, \"patched\" the software.", &[]);
}

#[test]
fn a_firm_or_a_paper_is_no_person() {
    check(
        "en",
        "*Ben Moss* has a plan. \"We are aware of it,\" the company said.",
        &[("the company", "We are aware of it,")],
    );
    reports(
        "ru",
        "*Иван Лесной* запустил сайт. Проект начали два года назад, отмечает издание.",
        &[("издание", "Проект начали два года назад")],
    );
    reports(
        "ru",
        "Продажи выросли вдвое за год, сообщает агентство «#Север#».",
        &[("Север", "Продажи выросли вдвое за год")],
    );
}

#[test]
fn pronouns_take_up_whom_they_can() {
    check("en", "*Ann Lee* sang. \"We did what we could,\" they said.", &[("", "We did what we could,")]);
    check(
        "en",
        "#Big Wheel# denied it. \"We did what we could,\" they said.",
        &[("Big Wheel", "We did what we could,")],
    );
    check("fr", "M. *Roy* et Mme *Petit* sont là. « Tout va bien », dit-elle.", &[("Petit", "Tout va bien")]);
}

#[test]
fn a_source_at_the_head_of_the_sentence() {
    reports(
        "ru",
        "По словам *Ивана Лесного*, дорогу откроют уже летом.",
        &[("Ивана Лесного", "дорогу откроют уже летом")],
    );
    reports(
        "ru",
        "*Иван Лесной* приехал и рассказал, что рад. По его словам, дорогу откроют уже летом.",
        &[("Иван Лесной", "дорогу откроют уже летом")],
    );
    reports(
        "en",
        "According to *Mary Hill*, the road will open this summer.",
        &[("Mary Hill", "the road will open this summer")],
    );
    reports(
        "fr",
        "Selon *Anne Petit*, de la radio du port, la route ouvrira cet été.",
        &[("Anne Petit", "la route ouvrira cet été")],
    );
    reports(
        "en",
        "According to the study, published in May, the road will open this summer.",
        &[("the study", "the road will open this summer")],
    );
    // what is told behind the next verb is not hers
    reports("en", "According to *Mary Hill*, who left, the road will open, police said.", &[]);
    reports("ru", "По данным на утро, дорогу откроют уже летом.", &[]);
}

#[test]
fn a_mark_before_what_is_said_is_outside() {
    reports(
        "ru",
        "- Дорогу через лес откроют летом, сообщил *Иван Лесной*.",
        &[("Иван Лесной", "Дорогу через лес откроют летом")],
    );
    // what is quoted is no reported speech
    reports("en", "*Ann Lee* left. \"The road will open in the summer,\" she said.", &[]);
    reports("fr", "*Anne Petit* part. « La route ouvrira cet été », confie-t-elle.", &[]);
    reports(
        "fr",
        "*Anne Petit* part. La route ouvrira cet été, confie-t-elle.",
        &[("Anne Petit", "La route ouvrira cet été")],
    );
}

#[test]
fn a_clause_of_another_word() {
    reports("ru", "*Иван Лесной* говорит о дороге, обратив внимание на то, что она узкая и старая.", &[]);
    reports(
        "ru",
        "*Иван Лесной* рассказал о том, что дорога узкая и старая.",
        &[("Иван Лесной", "дорога узкая и старая")],
    );
}

#[test]
fn a_noun_or_an_adjective_is_no_verb() {
    reports(
        "fr",
        "*Anne Petit* réagit à cette annonce, la droite estimant que rien ne change ici.",
        &[("Anne Petit", "rien ne change ici")],
    );
    reports("en", "*Ann Lee* won a reported prize that was worth a million.", &[]);
    reports("fr", "Comme l'annonce *Anne Petit*, rien.", &[]);
}

#[test]
fn what_stands_behind_the_verb_is_said_there() {
    reports(
        "en",
        "He had been due to attend the show, but on Thursday, #North Club# announced it was off.",
        &[],
    );
    reports(
        "en",
        "At least ten people were hurt in the fire, #North Club# announced on Friday.",
        &[("North Club", "At least ten people were hurt in the fire")],
    );
}

#[test]
fn a_full_stop_closes_english_speech() {
    check(
        "en",
        "\"It is over,\" *Ann Lee* said. \"We will look at it again.\" *Ben Moss* has denied it.",
        &[("Ann Lee", "It is over,"), ("Ann Lee", "We will look at it again.")],
    );
}

#[test]
fn speech_behind_a_dash_in_a_line() {
    check(
        "ru",
        "Певец готовится к зиме. - Сейчас я на диете. Говорить не хочу, - сказал *Иван Лесной*. Он ушел.",
        &[("Иван Лесной", "Сейчас я на диете. Говорить не хочу")],
    );
    check("ru", "Певец готовится к зиме. - Москва, - писали тогда открытки.", &[]);
    check("ru", "Погода тихая. Снег - это вода, и в этом, как сказал *Иван Лесной*, вся беда.", &[]);
}

#[test]
fn whom_when_or_where_it_was_said_stands_behind_the_verb() {
    for behind in [
        "told Newsline",
        "told the North Post on Monday",
        "told reporters on Friday",
        "told a news conference",
        "said from Lakeville",
        "said before the meeting",
        "said shortly before noon",
        "said through a spokesman",
        "said Jan. 5",
    ] {
        let marked = format!("The old plant will close in May, *Mary Hill* {behind}.");
        reports("en", &marked, &[("Mary Hill", "The old plant will close in May")]);
    }
    reports(
        "en",
        "In a letter sent out in May, *Mary Hill* told reporters that the plant would close.",
        &[("Mary Hill", "the plant would close")],
    );
    reports("en", "In a letter sent out in May, *Mary Hill* told reporters the plant would close.", &[]);
}
