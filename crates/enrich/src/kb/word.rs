//! Classes of words: what the patterns know of a single word.

/// A set of [`Class`]es.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Classes(u32);

/// One kind of word. The names are those of the first column of `data/words/*.tsv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Class {
    /// A given name: محمد, فاطمة, John.
    Given = 1,
    /// A word that is nearly always part of a person's name, mostly a family name.
    Surname = 1 << 1,
    /// Joins the parts of a person's name: بن, آل, أبو, عبد, de, von.
    Particle = 1 << 2,
    /// A title that a person's name follows directly: الدكتور, الأمير, Mr.
    Title = 1 << 3,
    /// An office, which a complement may follow before the name: رئيس, وزير, minister.
    Office = 1 << 4,
    /// Begins the name of an organisation: وزارة, شركة, University.
    OrgHead = 1 << 5,
    /// Begins the name of a place and belongs to it: مطار, ميدان, مستشفى.
    PlaceHead = 1 << 6,
    /// Stands before the name of a place without belonging to it: مدينة, محافظة.
    PlaceCue = 1 << 7,
    /// An adjective of nationality: الروسي, السعودية.
    Nation = 1 << 8,
    /// An ordinary word that ends a name when it follows one: verbs, function words.
    Stop = 1 << 9,
    /// An ordinary word, by frequency.
    Common = 1 << 10,
    /// Stands before the name of a sports club: نادي, فريق.
    ClubCue = 1 << 11,
    /// An office that an adjective or complement never separates from the name: المتحدث, السفير.
    Speaker = 1 << 12,
    /// Ends the name of an organisation in Latin script: Inc, Ltd.
    OrgTail = 1 << 13,
    /// Begins the name of an event: مؤتمر, كأس, Summit.
    EventHead = 1 << 14,
    /// A verb of saying: a name often follows it.
    Say = 1 << 15,
    /// Stands before the name of an organisation without belonging to it: صحيفة, قناة.
    OrgCue = 1 << 16,
}

impl Class {
    /// The class of that name in the data files.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "given" => Self::Given,
            "surname" => Self::Surname,
            "particle" => Self::Particle,
            "title" => Self::Title,
            "office" => Self::Office,
            "org_head" => Self::OrgHead,
            "place_head" => Self::PlaceHead,
            "place_cue" => Self::PlaceCue,
            "nation" => Self::Nation,
            "stop" => Self::Stop,
            "common" => Self::Common,
            "club_cue" => Self::ClubCue,
            "speaker" => Self::Speaker,
            "org_tail" => Self::OrgTail,
            "event_head" => Self::EventHead,
            "say" => Self::Say,
            "org_cue" => Self::OrgCue,
            _ => return None,
        })
    }
}

impl Classes {
    /// The set with these bits.
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }
    /// Its bits.
    pub const fn bits(self) -> u32 {
        self.0
    }
    /// Whether it holds `class`.
    pub const fn is(self, class: Class) -> bool {
        self.0 & class as u32 != 0
    }
    /// Whether it holds one of two classes.
    pub const fn any(self, a: Class, b: Class) -> bool {
        self.0 & (a as u32 | b as u32) != 0
    }
    /// The set with `class` added.
    #[must_use]
    pub const fn with(self, class: Class) -> Self {
        Self(self.0 | class as u32)
    }
}
