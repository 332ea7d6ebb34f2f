//! Times of English, French and Russian. The anchor, 23 November 2026, is a Monday.

use super::{ANCHOR, check};

#[test]
fn a_month_or_a_season_told_from_the_anchor() {
    check("en", ANCHOR, "Sales fell last July there", &[("last July", "2026-07")]);
    check("en", ANCHOR, "It opens next March there", &[("next March", "2027-03")]);
    check("en", ANCHOR, "She took over in January there", &[("January", "2026-01")]);
    check("en", ANCHOR, "They will meet in January there", &[("January", "2027-01")]);
    check("en", ANCHOR, "It rained last summer there", &[("last summer", "2026-SU")]);
    check("en", Some("2026-07-02"), "It rained last summer there", &[("last summer", "2025-SU")]);
    check("en", None, "in the summer of 2023 there", &[("summer of 2023", "2023-SU")]);
    check("fr", ANCHOR, "Il revient le 28 août prochain ici", &[("28 août prochain", "2027-08-28")]);
    check("fr", ANCHOR, "Depuis avril de cette année ici", &[("avril de cette année", "2026-04")]);
    check("fr", ANCHOR, "Il a plu l'été dernier ici", &[("l'été dernier", "2026-SU")]);
    check("ru", ANCHOR, "Он приедет в ноябре следующего года туда", &[("ноябре следующего года", "2027-11")]);
    check("ru", None, "намечено на осень 2023 года там", &[("осень 2023 года", "2023-FA")]);
    check("ru", ANCHOR, "Прошлой зимой было тихо", &[("Прошлой зимой", "2025-WI")]);
}

#[test]
fn units_told_from_the_anchor() {
    check(
        "ru",
        ANCHOR,
        "в прошлом году и в этом месяце",
        &[("прошлом году", "2025"), ("этом месяце", "2026-11")],
    );
    check("ru", ANCHOR, "в конце года станет ясно", &[("конце года", "2026")]);
    check("fr", ANCHOR, "avant la fin de l'année ici", &[("fin de l'année", "2026")]);
    check("fr", ANCHOR, "Elle est venue la semaine dernière", &[("la semaine dernière", "2026-W47")]);
    check("en", ANCHOR, "It comes later this year there", &[("later this year", "2026")]);
    check("en", ANCHOR, "It rained last weekend there", &[("last weekend", "2026-W47-WE")]);
    check("en", ANCHOR, "They played over the weekend there", &[("weekend", "2026-W47-WE")]);
    check("fr", ANCHOR, "On vote ce week-end ici", &[("ce week-end", "2026-W48-WE")]);
    check("ru", ANCHOR, "В ближайшие недели станет ясно", &[("ближайшие недели", "FUTURE_REF")]);
}

#[test]
fn so_long_ago_and_so_long_ahead() {
    check("en", ANCHOR, "It began a year ago there", &[("a year ago", "2025")]);
    check("en", ANCHOR, "It began a few years ago there", &[("few years ago", "PAST_REF")]);
    check("fr", ANCHOR, "Il y a trois ans, il est parti", &[("Il y a trois ans", "2023")]);
    check("fr", ANCHOR, "parti il y a un mois déjà", &[("il y a un mois", "2026-10")]);
    check("fr", ANCHOR, "Le texte sera lu dans trois semaines ici", &[("dans trois semaines", "2026-W51")]);
    check("ru", ANCHOR, "Год назад было тихо", &[("Год назад", "2025")]);
    check("en", ANCHOR, "They won in overtime three days earlier there", &[("three days", "P3D")]);
}

#[test]
fn lengths_and_ages() {
    check("en", None, "stay in place for the next 48 hours there", &[("next 48 hours", "PT48H")]);
    check("fr", None, "au cours des trois dernières années ici", &[("trois dernières années", "P3Y")]);
    check("ru", None, "за последние 100 лет там", &[("последние 100 лет", "P100Y")]);
    check("en", None, "It lasted less than a week there", &[("a week", "P1W")]);
    check("fr", None, "durant une dizaine d'années ici", &[("une dizaine d'années", "P10Y")]);
    check("en", None, "Mary Hill, 22, scored twice", &[("22", "P22Y")]);
    check("en", None, "in rooms 21, 22, 23 there", &[]);
    check("ru", None, "признался 20-летний форвард", &[("20-летний", "P20Y")]);
    check("en", None, "It costs $500 a week there", &[("a week", "P1W")]);
    check("fr", None, "mille personnes par mois ici", &[("par mois", "P1M")]);
    check("ru", None, "по три раза в день там", &[("в день", "P1D")]);
}

#[test]
fn decades_and_centuries() {
    check("en", None, "lived there since the 1980s or so", &[("1980s", "198")]);
    check("fr", None, "depuis les années 1970 ici", &[("années 1970", "197")]);
    check("fr", None, "Dans les années 90, il partit", &[("années 90", "199")]);
    check("ru", None, "в начале 1990-х там", &[("начале 1990-х", "199")]);
    check("ru", None, "в 90-е годы там", &[("90-е годы", "199")]);
    check("ru", None, "В 2016-м и в 2018 году", &[("2016-м", "2016"), ("2018 году", "2018")]);
    check("fr", None, "le plus grand peintre du XXe siècle ici", &[("XXe siècle", "19")]);
    check("ru", None, "в XIX веке там", &[("XIX веке", "18")]);
}

#[test]
fn years_by_what_stands_before_them() {
    check("fr", None, "De 2003 à 2011, il a dirigé", &[("2003", "2003"), ("2011", "2011")]);
    check("fr", None, "d'ici à 2027 ici", &[("2027", "2027")]);
    check("en", None, "lost in the 2020 final there", &[("2020", "2020")]);
    check("en", None, "by the 2000 workers there", &[]);
    check("en", None, "before 2015 there", &[("2015", "2015")]);
}

#[test]
fn days_to_come_by_their_verbs() {
    check("en", ANCHOR, "He is expected to visit on Tuesday there", &[("Tuesday", "2026-11-24")]);
    check(
        "en",
        ANCHOR,
        "It should weaken by Wednesday evening there",
        &[("Wednesday evening", "2026-11-25TEV")],
    );
    check("fr", ANCHOR, "Il tiendra une conférence jeudi ici", &[("jeudi", "2026-11-26")]);
    check("ru", ANCHOR, "Встреча состоится в среду там", &[("среду", "2026-11-25")]);
    check("en", ANCHOR, "He was seen there on Tuesday.", &[("Tuesday", "2026-11-17")]);
}

#[test]
fn the_clock() {
    check("en", ANCHOR, "on sale at 10 a.m. on Friday there", &[("10 a.m. on Friday", "2026-11-27T10:00")]);
    check("en", None, "at 7:30 p.m. local time there", &[("7:30 p.m. local time", "T19:30")]);
    check("en", None, "at six o'clock in the evening there", &[("six o'clock in the evening", "T18:00")]);
    check(
        "fr",
        ANCHOR,
        "Il parlera jeudi à 11 heures ici",
        &[("jeudi", "2026-11-26"), ("11 heures", "2026-11-26T11:00")],
    );
    check("fr", None, "pendant 11 heures ici", &[("11 heures", "PT11H")]);
    check("ru", None, "около шести часов утра там", &[("шести часов утра", "T06:00")]);
    check("ru", None, "в 9 вечера там", &[("9 вечера", "T21:00")]);
    check("ru", None, "в 19:30 по московскому времени там", &[("19:30 по московскому времени", "T19:30")]);
    check("en", None, "They met at noon there", &[("noon", "T12:00")]);
}

#[test]
fn parts_of_days() {
    check("en", ANCHOR, "It was quiet this morning there", &[("this morning", "2026-11-23TMO")]);
    check("en", ANCHOR, "It was quiet last night there", &[("last night", "2026-11-22TNI")]);
    check("fr", ANCHOR, "Rien ce soir ici", &[("ce soir", "2026-11-23TEV")]);
    check(
        "fr",
        ANCHOR,
        "dans la nuit de mercredi à jeudi ici",
        &[("nuit de mercredi à jeudi", "2026-11-18TNI")],
    );
    check("ru", ANCHOR, "в ночь на субботу там", &[("ночь на субботу", "2026-11-21TNI")]);
}

#[test]
fn two_days_of_one_month() {
    check("en", None, "from 4 to 6 March 2025 there", &[("4", "2025-03-04"), ("6 March 2025", "2025-03-06")]);
    check("fr", None, "du 4 au 6 mars 2025 ici", &[("4", "2025-03-04"), ("6 mars 2025", "2025-03-06")]);
    check(
        "ru",
        None,
        "с 4 по 6 марта 2025 года там",
        &[("4", "2025-03-04"), ("6 марта 2025 года", "2025-03-06")],
    );
}

#[test]
fn what_is_no_time() {
    check("fr", None, "vingt-sept personnes et sept femmes", &[]);
    check("en", None, "Now, what shall we do?", &[]);
    check("en", None, "writes in the Daily Planet there", &[]);
    check("fr", None, "Il dans les rues", &[]);
}

#[test]
fn quarters_and_halves_of_a_year() {
    check("en", None, "in the first quarter of 2020 there", &[("first quarter of 2020", "2020-Q1")]);
    check("en", None, "a deficit in Q4 2024 there", &[("Q4 2024", "2024-Q4")]);
    check("fr", None, "au premier semestre 2012 ici", &[("premier semestre 2012", "2012-H1")]);
    check("fr", ANCHOR, "au troisième trimestre ici", &[("troisième trimestre", "2026-Q3")]);
    check("ru", None, "в первом квартале 2020 года там", &[("первом квартале 2020 года", "2020-Q1")]);
    check("ru", ANCHOR, "во II квартале прошлого года там", &[("II квартале прошлого года", "2025-Q2")]);
    check("en", ANCHOR, "They scored in the second half there", &[]);
    check("en", ANCHOR, "In the first quarter they led there", &[]);
    check("ru", None, "в 30-м квартале города", &[]);
}

#[test]
fn two_days_joined_by_and_in_russian() {
    check(
        "ru",
        None,
        "показы прошли 25 и 26 января там",
        &[("25", "XXXX-01-25"), ("26 января", "XXXX-01-26")],
    );
    check("ru", None, "по 25 и 26 рублей в январе", &[("январе", "XXXX-01")]);
}

#[test]
fn how_much_earlier_is_no_number() {
    check("ru", None, "против 31 млн годом ранее там", &[("ранее", "PAST_REF")]);
    check("ru", ANCHOR, "На прошедшей неделе было тихо", &[("прошедшей неделе", "2026-W47")]);
    check("fr", None, "le quotidien des riverains change", &[]);
    check("fr", None, "un vol quotidien part ici", &[("quotidien", "P1D")]);
}
