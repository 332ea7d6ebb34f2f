//! Quantities of English, French and Russian.

use super::*;
use QuantityKind::{Count, Measure, Money, Ordinal, Score};

const ITEM: Option<Unit> = Some(Unit::Item);

#[test]
fn money_in_words_and_with_its_country() {
    check(
        "fr",
        "économiser 110 milliards d'euros ici",
        &[("110 milliards d'euros", 1.1e11, Some(Unit::Eur), Money)],
    );
    check(
        "fr",
        "pour 1,5 million de dollars ici",
        &[("1,5 million de dollars", 1.5e6, Some(Unit::Usd), Money)],
    );
    check("fr", "un demi-million d'euros ici", &[("demi-million d'euros", 5e5, Some(Unit::Eur), Money)]);
    check("en", "cost insurers C$105 million there", &[("C$105 million", 1.05e8, Some(Unit::Cad), Money)]);
    check(
        "en",
        "cost half a million dollars there",
        &[("half a million dollars", 5e5, Some(Unit::Usd), Money)],
    );
    check("ru", "по 1,5 миллиона рублей там", &[("1,5 миллиона рублей", 1.5e6, Some(Unit::Rub), Money)]);
}

#[test]
fn results_of_games() {
    check("fr", "Belmont a battu Lorme 3 à 2 hier", &[("3 à 2", 3.0, Some(Unit::Goal), Score)]);
    check("ru", "со счетом 3:1 там", &[("3:1", 3.0, Some(Unit::Goal), Score)]);
    check(
        "fr",
        "de 3 à 5 enfants ici",
        &[("3", 3.0, Some(Unit::Person), Count), ("5 enfants", 5.0, Some(Unit::Person), Count)],
    );
}

#[test]
fn adjectives_before_the_noun_belong_to_it() {
    check("en", "made four straight free throws there", &[("four straight free throws", 4.0, ITEM, Count)]);
    check("en", "sold 1,000 residential units there", &[("1,000 residential units", 1000.0, ITEM, Count)]);
    check("en", "saw ten chances there", &[("ten chances", 10.0, ITEM, Count)]);
    check("fr", "ses deux derniers matchs ici", &[("deux derniers matchs", 2.0, ITEM, Count)]);
    check("ru", "построили пять новых школ там", &[("пять новых школ", 5.0, ITEM, Count)]);
}

#[test]
fn people_in_collective_numbers() {
    check("ru", "в том числе двое детей там", &[("двое детей", 2.0, Some(Unit::Person), Count)]);
    check(
        "fr",
        "une centaine de personnes ici",
        &[("une centaine de personnes", 100.0, Some(Unit::Person), Count)],
    );
    check("fr", "près de 1.200 de migrants ici", &[("1.200 de migrants", 1200.0, Some(Unit::Person), Count)]);
}

#[test]
fn an_office_is_no_place_in_an_order() {
    check("fr", "Le Premier ministre est parti", &[]);
    check("fr", "le premier ministre est parti", &[]);
    check("fr", "le troisième tour ici", &[("troisième tour", 3.0, ITEM, Ordinal)]);
}

#[test]
fn units_of_news() {
    check("ru", "ветер 15 м/с там", &[("15 м/с", 15.0, None, Measure)]);
    check("ru", "прошли 15 м по снегу", &[("15 м", 15.0, Some(Unit::Metre), Measure)]);
    check("ru", "приз в 60 тыс. долл. там", &[("60 тыс. долл", 60_000.0, Some(Unit::Usd), Money)]);
    check("en", "up 2 percentage points there", &[("2 percentage points", 2.0, Some(Unit::Point), Count)]);
    check("ru", "на 2 процентных пункта там", &[("2 процентных пункта", 2.0, Some(Unit::Point), Count)]);
    check("ru", "против 31 млн годом ранее там", &[]);
}

#[test]
fn points_of_games_are_no_goals() {
    check("en", "The side trailed 38-31 at halftime there", &[("38-31", 38.0, Some(Unit::Point), Score)]);
    check("en", "The side won 3-1 there", &[("3-1", 3.0, Some(Unit::Goal), Score)]);
    check("en", "The court ruled 38-31 there", &[]);
}
