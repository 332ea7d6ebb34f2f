use super::nominative;
use crate::enriched::EntityType;
use crate::kb::Kb;

/// The nominative of `form`, which is itself where none can be told.
fn of(kind: EntityType, form: &str, others: &[&str]) -> String {
    let forms: Vec<String> = others.iter().chain([&form]).map(|&f| f.to_owned()).collect();
    nominative(&Kb::embedded(), kind, form, &forms).unwrap_or_else(|| form.to_owned())
}

#[test]
fn a_given_name_tells_the_case_of_the_surname() {
    for (form, expected) in [
        ("Сергея Лунина", "Сергей Лунин"),
        ("Юрию Лебедю", "Юрий Лебедь"),
        ("Игорем Бабичем", "Игорь Бабич"),
        ("Павла Бергера", "Павел Бергер"),
        ("Андрею Гайдаю", "Андрей Гайдай"),
        ("Владимира Короленко", "Владимир Короленко"),
        ("Николаем Лужинским", "Николай Лужинский"),
        ("Льву Толчинскому", "Лев Толчинский"),
        ("Татьяны Лужинской", "Татьяна Лужинская"),
        ("Марию Лунину", "Мария Лунина"),
        ("Анне Петровне Луниной", "Анна Петровна Лунина"),
        ("Ивана Петровича Лунина", "Иван Петрович Лунин"),
        ("Ирину Штерн", "Ирина Штерн"),
        ("Никиты Лунина", "Никита Лунин"),
        ("Ильей Салтыковым-Луниным", "Илья Салтыков-Лунин"),
        ("Григория Черных", "Григорий Черных"),
    ] {
        assert_eq!(of(EntityType::Per, form, &[]), expected);
    }
}

#[test]
fn an_ending_of_one_case_tells_itself() {
    for (form, expected) in [
        ("Томаса Лужинского", "Томас Лужинский"),
        ("Марко Вуйовича", "Марко Вуйович"),
        ("Робертом Бергом", "Роберт Берг"),
        ("А. Луниным", "А. Лунин"),
        ("Мадины Луниной", "Мадина Лунина"),
    ] {
        assert_eq!(of(EntityType::Per, form, &[]), expected);
    }
}

#[test]
fn what_may_be_several_stays() {
    for form in [
        "Александра Лунина",
        "Анна Лунина",
        "Сергей Лунин",
        "Сергея Кравца",
        "Мелиссу Берг",
        "Микки Бергера",
        "Лунина",
        "Георгия Шелия",
        "Андрея Глинки",
    ] {
        assert_eq!(of(EntityType::Per, form, &[]), form);
    }
    assert_eq!(of(EntityType::Per, "Александра Лунина", &["Лунин"]), "Александр Лунин");
    assert_eq!(of(EntityType::Per, "Анна Петровна", &["Анны Луниной"]), "Анна Лунина");
    assert_eq!(of(EntityType::Org, "сборной края", &["Сборная края"]), "Сборная края");
    assert_eq!(of(EntityType::Per, "Александра Лунина", &["Луниной"]), "Александра Лунина");
}

#[test]
fn a_head_and_its_adjectives() {
    for (kind, form, expected) in [
        (EntityType::Org, "Министерства путей сообщения", "Министерство путей сообщения"),
        (EntityType::Org, "Государственным комитетом", "Государственный комитет"),
        (EntityType::Org, "Верховного суда края", "Верховный суд края"),
        (EntityType::Org, "Большого театра", "Большой театр"),
        (EntityType::Org, "Тверского городского суда", "Тверской городской суд"),
        (EntityType::Org, "Высшей школы печати", "Высшая школа печати"),
        (EntityType::Org, "Главным управлением дорог", "Главное управление дорог"),
        (EntityType::Org, "Центральную избирательную комиссию", "Центральная избирательная комиссия"),
        (EntityType::Loc, "Заречном крае", "Заречный край"),
        (EntityType::Loc, "Нижегородской области", "Нижегородская область"),
        (EntityType::Event, "чемпионата мира", "чемпионат мира"),
        (EntityType::Loc, "Заозерске", "Заозерск"),
        (EntityType::Loc, "Абхазии", "Абхазия"),
        (EntityType::Loc, "Лесозаводске-на-Амуре", "Лесозаводск-на-Амуре"),
        (EntityType::Org, "Минтрансом", "Минтранс"),
        (EntityType::Org, "Росгвардии", "Росгвардия"),
        (EntityType::Org, "Росимущества", "Росимущество"),
        (EntityType::Org, "Росстата", "Росстат"),
    ] {
        assert_eq!(of(kind, form, &[]), expected);
    }
}

#[test]
fn other_heads_stay() {
    for (kind, form) in [
        (EntityType::Org, "Министерство путей сообщения"),
        (EntityType::Org, "Фабрика министерства путей"),
        (EntityType::Org, "Минобороны"),
        (EntityType::Org, "Минэкономразвития"),
        (EntityType::Org, "Роснефть"),
        (EntityType::Org, "Ростелеком"),
        (EntityType::Loc, "Ялуска"),
        (EntityType::Loc, "Минске и области"),
        (EntityType::Loc, "Заозерском"),
        (EntityType::Loc, "Зверево"),
        (EntityType::Misc, "Война и мир"),
        (EntityType::Org, "Reuters"),
        (EntityType::Org, "ГУ МЧС Заречной области"),
        (EntityType::Org, "совета и рабочей группы"),
        (EntityType::Loc, "реки Лады"),
        (EntityType::Loc, "улице Луговой"),
    ] {
        assert_eq!(of(kind, form, &[]), form);
    }
}
