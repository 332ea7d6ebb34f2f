use std::path::Path;

use khabar_enrich::kb::Kb;

use super::build;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

#[test]
fn the_committed_file_is_what_the_build_gives() {
    let built = build(&root().join("data")).expect("build the knowledge base");
    let committed = std::fs::read(root().join("models/kb.bin")).expect("read models/kb.bin");
    assert!(
        built.bytes == committed,
        "models/kb.bin is not what data/ gives; run `cargo run -p khabar-lab -- kb build`"
    );
}

#[test]
fn it_is_small_and_has_what_it_must() {
    let kb = Kb::embedded();
    assert_ne!(kb.version(), "invalid");
    assert!(kb.len() >= 1500, "{} entities", kb.len());
    for i in 0..kb.len() as u32 {
        let entity = kb.entity(i).expect("an entity at each index");
        assert!(entity.name("ar").is_some() && entity.name("en").is_some(), "entity {i} lacks a name");
    }
    assert!(kb.entity(kb.len() as u32).is_none());
}

#[test]
fn russian_names_are_declined_regularly() {
    let forms = |name, person| khabar_enrich::kb::russian::decline(name, person);
    let has = |forms: Vec<String>, wanted: &[&str]| {
        for form in wanted {
            assert!(forms.iter().any(|f| f == form), "{form} is not among {forms:?}");
        }
    };
    has(forms("Москва", false), &["Москва", "Москвы", "Москве", "Москву", "Москвой"]);
    has(forms("Саудовская Аравия", false), &["Саудовской Аравии", "Саудовскую Аравию", "Саудовской Аравией"]);
    has(forms("Владимир Путин", true), &["Владимира Путина", "Владимиру Путину", "Владимиром Путиным"]);
    has(forms("Организация исламского сотрудничества", false), &["Организации исламского сотрудничества"]);
    has(forms("Мария Захарова", true), &["Марии Захаровой", "Марию Захарову"]);
}
