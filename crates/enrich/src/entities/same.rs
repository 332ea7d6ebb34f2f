//! Forms of organisations and places that no name of the knowledge base is: with the article that للـ hides, the beginning of
//! a longer name. A bank, a channel and a club may share a name: the noun for their kind is no part to leave out.

use rustc_hash::{FxHashMap, FxHashSet};

use super::join::words;
use super::settle::Name;
use crate::doc::Doc;
use crate::enriched::EntityType;

/// Nouns for a kind of organisation, which are no beginning of a name, folded.
const KINDS: [&str; 15] = [
    "شركه",
    "نادي",
    "حزب",
    "حركه",
    "تنظيم",
    "صحيفه",
    "وكاله",
    "قناه",
    "مجموعه",
    "بنك",
    "منظمه",
    "جماعه",
    "شبكه",
    "مجله",
    "مؤسسه",
];
/// More forms than any news has are not compared with each other: the time stays in proportion to the text.
pub(super) const MOST: usize = 400;
/// Short words are no beginning of a name, in letters.
const SHORT: usize = 4;

/// What the names of an article that are no people's are written like.
pub(super) struct Forms {
    /// The entity of the knowledge base by kind and words.
    known: FxHashMap<String, u32>,
    /// Kind, words, and the entity of all forms.
    all: Vec<(EntityType, String, Option<u32>)>,
}

/// What a form stands for.
pub(super) enum Same {
    /// An entity of the knowledge base.
    Kb(u32),
    /// Another form.
    Form(String),
}

impl Forms {
    pub(super) fn new(docs: &[Doc], names: &[Name]) -> Self {
        let mut forms = Self { known: FxHashMap::default(), all: Vec::new() };
        let mut seen = FxHashSet::default();
        for name in names.iter().filter(|n| matches!(n.kind, EntityType::Org | EntityType::Loc)) {
            let words = whole(docs, name);
            let form = form(name.kind, &words);
            if let Some(id) = name.entity {
                forms.known.entry(form.clone()).or_insert(id);
            }
            if seen.insert(form) {
                forms.all.push((name.kind, words, name.entity));
            }
        }
        forms
    }

    /// What a name without an entity is the same as.
    pub(super) fn of(&self, docs: &[Doc], name: &Name) -> Same {
        let words = whole(docs, name);
        let own = form(name.kind, &words);
        if !matches!(name.kind, EntityType::Org | EntityType::Loc) {
            return Same::Form(own);
        }
        if let Some(id) = self.known.get(&own) {
            return Same::Kb(*id);
        }
        if self.all.len() > MOST {
            return Same::Form(own);
        }
        let same = |other: &str| {
            let begins = other.strip_prefix(&words).is_some_and(|rest| rest.starts_with(' '));
            let several = words.contains(' ') || words.chars().count() >= SHORT && !words.starts_with("ال");
            other != words && begins && several && !KINDS.contains(&words.as_str())
        };
        let mut others = self.all.iter().filter(|(kind, other, _)| *kind == name.kind && same(other));
        match (others.next(), others.next()) {
            (Some((kind, other, id)), None) => match id {
                Some(id) => Same::Kb(*id),
                // the longer of both, which finds itself
                None if other.len() > words.len() => Same::Form(form(*kind, other)),
                None => Same::Form(own),
            },
            _ => Same::Form(own),
        }
    }
}

fn form(kind: EntityType, words: &str) -> String {
    format!("{kind:?} {words}")
}

/// The folded words of a name, with the article that is written into لل.
fn whole(docs: &[Doc], name: &Name) -> String {
    let words = words(docs, name);
    let token = docs.get(name.doc).and_then(|doc| Some((doc, doc.tokens.get(name.tokens.start)?)));
    let hidden = token.is_some_and(|(doc, token)| {
        let before = doc.text.folded().get(token.start as usize..name.range.start as usize);
        before.is_some_and(|before| before.ends_with("لل"))
    });
    if hidden { format!("ال{words}") } else { words }
}

#[cfg(test)]
mod tests {
    use crate::doc::Doc;
    use crate::enriched::{EntityType, Field, FoundBy};
    use crate::entities::join::join;
    use crate::entities::settle::Name;
    use crate::gazetteer;
    use crate::kb::Kb;

    /// The names of each entity of `marked`: `*person*`, `#organisation#`, `@place@`, with a digit those of the knowledge base.
    fn joined(marked: &str) -> Vec<String> {
        let mut text = String::new();
        let mut found: Vec<(usize, usize, char, Option<u32>)> = Vec::new();
        let mut open: Option<(usize, Option<u32>)> = None;
        for c in marked.chars() {
            match (c, &mut open) {
                ('*' | '#' | '@', None) => open = Some((text.len(), None)),
                ('*' | '#' | '@', Some((start, id))) => {
                    found.push((*start, text.len(), c, *id));
                    open = None;
                }
                ('0'..='9', Some((_, id))) => *id = c.to_digit(10),
                _ => text.push(c),
            }
        }
        let docs = [Doc::new(Field::Body, &text)];
        let (seen, _) = gazetteer::see(&Kb::embedded(), &docs[0]);
        let name = |&(start, end, kind, entity): &(usize, usize, char, Option<u32>)| Name {
            doc: 0,
            tokens: docs[0].tokens.partition_point(|t| t.end as usize <= start)
                ..docs[0].tokens.partition_point(|t| (t.start as usize) < end),
            range: start as u32..end as u32,
            kind: match kind {
                '*' => EntityType::Per,
                '#' => EntityType::Org,
                _ => EntityType::Loc,
            },
            entity,
            others: Vec::new(),
            found_by: FoundBy::Tagger,
            confidence: 90,
        };
        let joined = join(&docs, &[seen], found.iter().map(name).collect());
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
        assert_eq!(
            joined("قالت #الجمعية الوطنية# ثم لل#جمعية الوطنية#."),
            ["الجمعية الوطنية = جمعية الوطنية"]
        );
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
    fn a_given_name_alone_is_the_one_who_has_it() {
        assert_eq!(joined("So *Mary Hill* left. Then *Mary* came."), ["Mary Hill = Mary"]);
        assert_eq!(joined("Вышла *Ирина Лунина*, на *Ирине* плащ."), ["Ирина Лунина = Ирине"]);
        assert_eq!(joined("Вот *Анна Лунина*. Потом *Анна Петровна* ушла."), ["Анна Лунина = Анна Петровна"]);
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
        assert_eq!(
            joined("Вот *А. Б. Лунин*. Потом *Андрея Лунина* ждали."),
            ["А. Б. Лунин = Андрея Лунина"]
        );
        assert_eq!(joined("So *Mary Hill* left. Then *B. Hill* came."), ["Mary Hill", "B. Hill"]);
        assert_eq!(
            joined("So *Mary Hill* met *Martin Hill*. Then *M. Hill* came."),
            ["Mary Hill", "Martin Hill", "M. Hill"]
        );
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
}
