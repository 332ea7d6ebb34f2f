//! Which names are one, told by small texts with their names marked.

use super::join;
use crate::doc::Doc;
use crate::enriched::{EntityType, Field, FoundBy};
use crate::entities::settle::Name;
use crate::gazetteer;
use crate::kb::Kb;

/// The names of each entity of `marked`: `*person*`, `#organisation#`, `@place@`, `%event%`, `$work$`, with a digit those of the
/// knowledge base.
fn joined(marked: &str) -> Vec<String> {
    let mut text = String::new();
    let mut found: Vec<(usize, usize, char, Option<u32>)> = Vec::new();
    let mut open: Option<(usize, Option<u32>)> = None;
    for c in marked.chars() {
        match (c, &mut open) {
            ('*' | '#' | '@' | '%' | '$', None) => open = Some((text.len(), None)),
            ('*' | '#' | '@' | '%' | '$', Some((start, id))) => {
                found.push((*start, text.len(), c, *id));
                open = None;
            }
            ('0'..='9', Some((_, id))) => *id = c.to_digit(10),
            _ => text.push(c),
        }
    }
    let docs = [Doc::new(Field::Body, &text)];
    let kb = Kb::embedded();
    let (seen, _) = gazetteer::see(&kb, &docs[0]);
    let name = |&(start, end, kind, entity): &(usize, usize, char, Option<u32>)| Name {
        doc: 0,
        tokens: docs[0].tokens.partition_point(|t| t.end as usize <= start)
            ..docs[0].tokens.partition_point(|t| (t.start as usize) < end),
        range: start as u32..end as u32,
        kind: match kind {
            '*' => EntityType::Per,
            '#' => EntityType::Org,
            '%' => EntityType::Event,
            '$' => EntityType::Misc,
            _ => EntityType::Loc,
        },
        entity,
        others: Vec::new(),
        found_by: FoundBy::Tagger,
        confidence: 90,
    };
    let joined = join(&kb, &docs, &[seen], found.iter().map(name).collect());
    let mut out = vec![String::new(); joined.entities.len()];
    for (name, entity) in &joined.names {
        let words = &text[name.range.start as usize..name.range.end as usize];
        let between = if out[*entity].is_empty() { "" } else { " = " };
        out[*entity].extend([between, words]);
    }
    out
}

#[test]
fn the_article_in_lam_lam_belongs_to_the_name() {
    assert_eq!(joined("فاز #1الوحدة# وصفق الناس لل#وحدة#."), ["الوحدة = وحدة"]);
    assert_eq!(joined("قالت #الجمعية الوطنية# ثم لل#جمعية الوطنية#."), ["الجمعية الوطنية = جمعية الوطنية"]);
    assert_eq!(joined("فاز #1الوحدة# ثم #وحدة#."), ["الوحدة", "وحدة"]);
}

#[test]
fn what_is_written_like_a_known_name_is_it() {
    assert_eq!(joined("وصل إلى @1رفح@ ومن @رفح@ عاد."), ["رفح = رفح"]);
    assert_eq!(joined("وصل إلى @1رفح@ ولعب #رفح#."), ["رفح", "رفح"]);
}

#[test]
fn an_end_may_be_left_out_but_no_kind() {
    for (kind, name) in [("بنك", "الهلال"), ("شركة", "الأهلي"), ("قناة", "النهار"), ("شركة", "نسيم")]
    {
        let long = format!("{kind} {name}");
        assert_eq!(joined(&format!("رعى #{long}# ما فاز به #{name}#.")), [long.as_str(), name]);
        assert_eq!(joined(&format!("فاز #1{name}# ثم رعاه #{long}#.")), [name, long.as_str()]);
    }
    assert_eq!(
        joined("أعلنت #وزارة العدل الكينية# ثم #وزارة العدل#."),
        ["وزارة العدل الكينية = وزارة العدل"]
    );
    assert_eq!(
        joined("أعلنت #وزارة العدل الكينية# ثم #وزارة العدل التركية# ثم #وزارة العدل#."),
        ["وزارة العدل الكينية", "وزارة العدل التركية", "وزارة العدل"]
    );
    assert_eq!(joined("أعلن #الاتحاد العربي# ثم #الاتحاد#."), ["الاتحاد العربي", "الاتحاد"]);
}

#[test]
fn the_beginning_of_a_persons_name_may_be_another_mans() {
    for (long, before, short) in [
        ("عمر البشير", "أم الطفل", "عمر"),
        ("خالد مشعل", "الفنان", "خالد"),
        ("1علي خامنئي", "الإمام", "علي"),
        ("1حسن نصر الله", "الإمام", "حسن"),
        ("1باراك أوباما", "وزير الدفاع", "باراك"),
        ("1جورج كلوني", "الأمير", "جورج"),
        ("مريم المنصوري", "سورة", "مريم"),
        ("1مايكل جاكسون", "إعصار", "مايكل"),
        ("1محمد علي الحوثي", "الملاكم", "محمد علي"),
        ("أحمد زكي يماني", "الراحل", "أحمد زكي"),
    ] {
        let name = long.trim_start_matches('1');
        assert_eq!(joined(&format!("ذكر *{long}* ثم {before} *{short}*.")), [name, short]);
        assert_eq!(joined(&format!("ذكر {before} *{short}* ثم *{long}*.")), [short, name]);
    }
}

#[test]
fn the_same_ends_do_not_make_one_person() {
    assert_eq!(
        joined("وصل *محمد علي حسن* ثم *محمد أحمد حسن* ثم *محمد علي حسن*."),
        ["محمد علي حسن = محمد علي حسن", "محمد أحمد حسن"]
    );
    assert_eq!(joined("وصل *محمد علي حسن* ثم *محمد حسن*."), ["محمد علي حسن = محمد حسن"]);
    assert_eq!(
        joined("وصل *سعد عبدالرحمن فهد* ثم *سعد عبدالرحمان فهد*."),
        ["سعد عبدالرحمن فهد = سعد عبدالرحمان فهد"]
    );
}

#[test]
fn a_family_name_is_the_one_who_has_it() {
    assert_eq!(joined("قال *أحمد بن زياد* ثم *1بن زياد*."), ["أحمد بن زياد = بن زياد"]);
    assert_eq!(joined("قال *1أحمد بن زياد* ثم *1زياد*."), ["أحمد بن زياد = زياد"]);
    assert_eq!(
        joined("قال *سعد بن نادر بن سالم* ثم *نادر بن سالم*."),
        ["سعد بن نادر بن سالم", "نادر بن سالم"],
        "the father"
    );
    assert_eq!(joined("وصل *محمد سالم*. وقال النبي *محمد* إن."), ["محمد سالم", "محمد"]);
    assert_eq!(joined("وصل *خالد عبد السميع*. وقال *عبدالسميع* إن."), ["خالد عبد السميع = عبدالسميع"]);
}

#[test]
fn a_first_name_is_the_only_one_who_has_it() {
    for (text, together) in [
        ("قالت *هند السلامي* إن. وأضافت *هند* أن.", true),
        ("وصل الشيخ *سيف السلامي* ثم شكر الناس للشيخ *سيف* أمرا.", true),
        ("قالت *هند السلامي* إن. وأضافت *هند الرويعي* أن. وكتبت *هند* ما.", false),
        ("كتبت *هند* ما. ثم قالت *هند السلامي* إن.", false),
        ("وصل *سيف السلامي* ثم غنى المطرب *سيف* ما.", false),
        ("قال *محمد السلامي* إن الصلاة على *محمد* صلى الله عليه.", false),
        ("وصل *سيف السلامي* إلى آل *سيف* أمس.", false),
    ] {
        let found = joined(text);
        assert_eq!(found.iter().any(|e| e.contains(" = ")), together, "{text}: {found:?}");
    }
}

#[test]
fn a_family_name_is_whoever_was_named_in_full() {
    assert_eq!(joined("قال *2نادر السلامي* إن. وأضاف *1السلامي* أن."), ["نادر السلامي = السلامي"]);
    // the second is better known: a relative of his was named
    assert_eq!(joined("قال *1نادر السلامي* إن. وأضاف *2السلامي* أن."), ["نادر السلامي", "السلامي"]);
    assert_eq!(joined("وصل *1نادر بن زياد* ثم *2زياد*."), ["نادر بن زياد", "زياد"], "his father");
    assert_eq!(joined("أضاف *2السلامي* أن. ثم وصل *1نادر السلامي*."), ["السلامي", "نادر السلامي"]);
    assert_eq!(joined("قال *نادر عسكور* إن. وأضاف *العسكور* أن."), ["نادر عسكور = العسكور"]);
    assert_eq!(joined("قال *نادر الحسن* إن. وأضاف *حسن* أن."), ["نادر الحسن", "حسن"]);
}

#[test]
fn of_those_who_share_a_family_name_the_last_is_meant() {
    assert_eq!(
        joined("قال *نادر السلامي* إن. ورد *سيف السلامي* أن. وأضاف *السلامي* ما."),
        ["نادر السلامي", "سيف السلامي = السلامي"]
    );
    assert_eq!(
        joined("قال *نادر السلامي* إن. وأضاف *السلامي* ما. ثم رد *سيف السلامي* أن."),
        ["نادر السلامي = السلامي", "سيف السلامي"]
    );
}

#[test]
fn a_family_is_none_of_its_people() {
    assert_eq!(
        joined("قال *نادر السلامي* إن عائلة *السلامي* بخير. وأضاف *السلامي* ما."),
        ["نادر السلامي = السلامي", "السلامي"]
    );
    assert_eq!(
        joined("نجا الطفل *نادر السلامي* وأبوه *سيف السلامي* أمس. وعاد الطفل *السلامي* أمس."),
        ["نادر السلامي = السلامي", "سيف السلامي"]
    );
}

#[test]
fn who_is_known_by_one_word_is_so_without_his_title() {
    assert_eq!(joined("وصل الأمير *1هاري* ثم عاد شقيق *هاري* أمس."), ["هاري = هاري"]);
    assert_eq!(joined("عاد شقيق *هاري* أمس ثم وصل الأمير *1هاري* اليوم."), ["هاري = هاري"]);
    assert_eq!(
        joined("غنت المطربة المصرية *نسرين* أمس وشكرت المطربة *1نسرين* الناس. وقالت *نسرين* إن."),
        ["نسرين = نسرين = نسرين"]
    );
    assert_eq!(joined("وصل الأمير *1هاري* ثم غنى المطرب *هاري* أمس."), ["هاري", "هاري"]);
}

#[test]
fn the_beginning_of_three_words_is_the_man() {
    assert_eq!(
        joined("وصل *نادر بن سيف آل طحنون* ثم قال *نادر بن سيف* إن."),
        ["نادر بن سيف آل طحنون = نادر بن سيف"]
    );
    assert_eq!(
        joined("وصل *نادر بن سيف آل طحنون* مع *نادر بن سيف السلامي* ثم قال *نادر بن سيف* إن."),
        ["نادر بن سيف آل طحنون", "نادر بن سيف السلامي", "نادر بن سيف"]
    );
    assert_eq!(joined("وصل *1ولد الشيخ* ثم قال *نادر ولد الشيخ* إن."), ["ولد الشيخ = نادر ولد الشيخ"]);
    assert_eq!(joined("وصل *أبو جندل* ومعه أهل *أبي جندل*."), ["أبو جندل = أبي جندل"]);
}

#[test]
fn spellings_of_a_foreign_name_are_one() {
    assert_eq!(joined("وصل *كارليس بيغدمون* ثم قال *كارلس بيغدمون* إن."), ["كارليس بيغدمون = كارلس بيغدمون"]);
    assert_eq!(joined("قالت *مارين دوشان* إن. وردت *ماريون دوشان* بأن."), ["مارين دوشان", "ماريون دوشان"]);
    assert_eq!(joined("وصل *يان سوبلبرغ* ثم قال *سوبلبيرج* إن."), ["يان سوبلبرغ = سوبلبيرج"]);
    assert_eq!(joined("وصل *يان دو غريت* ثم *يان دوغريت*."), ["يان دو غريت = يان دوغريت"]);
    assert_eq!(joined("عاد من @فوكشيلا@ إلى @فوكشيلي@."), ["فوكشيلا", "فوكشيلي"], "an ending is none");
    assert_eq!(joined("عاد من @فوكوشيلا@ إلى @فوكشيلا@."), ["فوكوشيلا = فوكشيلا"]);
    assert_eq!(joined("هاجم #بوكو زرام# ثم #بوكوزرام#."), ["بوكو زرام = بوكوزرام"]);
    assert_eq!(joined("وصل *جيسون غروبلات* ثم *جايسون جروبلات*."), ["جيسون غروبلات = جايسون جروبلات"]);
    assert_eq!(
        joined("رد #المعهد الأمريكي للنوم# ثم #المعهد الأميركي للنوم#."),
        ["المعهد الأمريكي للنوم = المعهد الأميركي للنوم"]
    );
    assert_eq!(
        joined("رد #الجيش النيجري الحر# ثم #الجيش النيجيري الحر#."),
        ["الجيش النيجري الحر", "الجيش النيجيري الحر"]
    );
    for (one, other) in [("سعد", "سعيد"), ("حسن", "حسين"), ("سالم", "سليم")] {
        let (one, other) = (format!("نادر {one}"), format!("نادر {other}"));
        assert_eq!(joined(&format!("وصل *{one}* ثم *{other}*.")), [one, other]);
    }
}

#[test]
fn a_noun_for_its_kind_may_be_left_out() {
    for (long, short) in [
        ("وزارة الداخلية", "الداخلية"),
        ("نادي زيورخ", "زيورخ"),
        ("المديرية العامة للجوازات", "الجوازات"),
        ("حزب الوسط", "الوسط"),
        ("شركة فيات كرايسلو", "فيات كرايسلو"),
        ("شركة NordWay", "NordWay"),
        ("مؤسسة البرامج الثقافية الحديثة", "البرامج الثقافية الحديثة"),
    ] {
        assert_eq!(joined(&format!("أعلنت #{long}# ما قالته #{short}#.")), [format!("{long} = {short}")]);
    }
    assert_eq!(
        joined("فاز #نادي النهضة# على رأي #حزب النهضة# ثم #النهضة#."),
        ["نادي النهضة", "حزب النهضة", "النهضة"]
    );
    assert_eq!(
        joined("فاز #نادي الأنوار# برعاية #بنك الأنوار# ثم #الأنوار#."),
        ["نادي الأنوار", "بنك الأنوار", "الأنوار"]
    );
    assert_eq!(joined("زار @جزر ريونيو@ ثم @ريونيو@."), ["جزر ريونيو = ريونيو"]);
    assert_eq!(joined("زار @جبل سلام@ ثم @سلام@."), ["جبل سلام", "سلام"]);
    assert_eq!(
        joined("فاز في %بطولة الدرع الذهبية% ثم %الدرع الذهبية%."),
        ["بطولة الدرع الذهبية = الدرع الذهبية"]
    );
}

#[test]
fn what_is_in_marks_behind_a_name_is_it() {
    assert_eq!(
        joined("ذكرت #وكالة الأنباء الزرقاء \"نبأ\"# ثم #نبأ#."),
        ["وكالة الأنباء الزرقاء \"نبأ\" = نبأ"]
    );
    assert_eq!(
        joined("ذكرت #منظمة التجارة الخضراء# (#أو تي سي#) ثم #أو تي سي#."),
        ["منظمة التجارة الخضراء = أو تي سي = أو تي سي"]
    );
    assert_eq!(joined("تملكه #غرين لايف# (#GreenLife#)."), ["غرين لايف = GreenLife"]);
    assert_eq!(joined("فاز #الأنوار# (#الاتحاد#)."), ["الأنوار", "الاتحاد"]);
    assert_eq!(joined("فاز #الأنوار#، \"#الاتحاد#\"."), ["الأنوار", "الاتحاد"]);
}

#[test]
fn an_adjective_of_nationality_may_stand_inside() {
    assert_eq!(
        joined("أعلنت #المؤسسة الوطنية الليبية للنفط# ثم #المؤسسة الوطنية للنفط#."),
        ["المؤسسة الوطنية الليبية للنفط = المؤسسة الوطنية للنفط"]
    );
    assert_eq!(
        joined("أعلنت #الهيئة الليبية للنفط# ثم #الهيئة التونسية للنفط# ثم #الهيئة للنفط#."),
        ["الهيئة الليبية للنفط", "الهيئة التونسية للنفط", "الهيئة للنفط"]
    );
    assert_eq!(
        joined("أعلنت #الهيئة العليا للنفط# ثم #الهيئة للنفط#."),
        ["الهيئة العليا للنفط", "الهيئة للنفط"]
    );
    assert_eq!(joined("ردت #أمانة منطقة القصير# ثم #أمانة القصير#."), ["أمانة منطقة القصير = أمانة القصير"]);
}

#[test]
fn one_name_has_one_entity_whatever_it_is_called() {
    assert_eq!(joined("أطلق #شاتر# خدمة $شاتر$ أمس."), ["شاتر = شاتر"]);
    assert_eq!(
        joined("دخل @مستشفى الأمل التخصصي@ وأعلن #مستشفى الأمل التخصصي# ما."),
        ["مستشفى الأمل التخصصي = مستشفى الأمل التخصصي"]
    );
    assert_eq!(joined("زار @وادي السلام@ ولعب #وادي السلام#."), ["وادي السلام", "وادي السلام"]);
}

#[test]
fn a_given_name_alone_is_the_one_who_has_it() {
    assert_eq!(joined("So *Mary Hill* left. Then *Mary* came."), ["Mary Hill = Mary"]);
    assert_eq!(joined("Вышла *Ирина Лунина*, на *Ирине* плащ."), ["Ирина Лунина = Ирине"]);
    // another woman may have that given name
    assert_eq!(joined("Вот *Анна Лунина*. Потом *Анна Петровна* ушла."), ["Анна Лунина", "Анна Петровна"]);
    // somebody else of the article has it, too
    assert_eq!(
        joined("So *Harry Hill* left. Then Prince *Harry* came, and *Harry* waved."),
        ["Harry Hill", "Harry = Harry"]
    );
    assert_eq!(
        joined("So *Mary Hill* met *Mary Reed*. Then *Mary* came."),
        ["Mary Hill", "Mary Reed", "Mary"]
    );
    assert_eq!(joined("So *Harry Hill* left. Then Prince *Harry* came."), ["Harry Hill", "Harry"]);
    assert_eq!(joined("So *Harry Hill* left. The sun saw *1Harry* there."), ["Harry Hill", "Harry"]);
    assert_eq!(
        joined("Вот *Анна Лунина* и *Анна Белая*. Потом *Анна Петровна* ушла."),
        ["Анна Лунина", "Анна Белая", "Анна Петровна"]
    );
}

#[test]
fn an_initial_is_the_one_whom_it_fits() {
    assert_eq!(joined("So *Mary Hill* left. Then *M. Hill* came."), ["Mary Hill = M. Hill"]);
    assert_eq!(joined("Вот *А. Б. Лунин*. Потом *Андрея Лунина* ждали."), ["А. Б. Лунин = Андрея Лунина"]);
    assert_eq!(joined("So *Mary Hill* left. Then *B. Hill* came."), ["Mary Hill", "B. Hill"]);
    assert_eq!(
        joined("So *Mary Hill* met *Martin Hill*. Then *M. Hill* came."),
        ["Mary Hill", "Martin Hill", "M. Hill"]
    );
}
