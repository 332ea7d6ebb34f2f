//! The nouns that make names certain, folded.

/// Bodies that are called by their town or region, folded.
pub const OF_TOWN: [&str; 7] = ["بلديه", "اماره", "امانه", "عماله", "غرفه", "جوازات", "جامعه"];
/// Those of them that are places as well, folded.
pub const PLACES: [&str; 3] = ["بلديه", "اماره", "عماله"];
/// Bodies that are called so where the word for a region stands between, folded: `صحة منطقة جازان`.
pub const OF_REGION: [&str; 3] = ["صحه", "تعليم", "مرور"];
/// Bodies that are called by their country, folded.
pub const OF_COUNTRY: [&str; 4] = ["سفاره", "قنصليه", "حكومه", "منتخب"];
/// Buildings that are called by their town, folded.
pub const BUILDINGS: [&str; 10] =
    ["مطار", "ميناء", "ملعب", "استاد", "سجن", "مخيم", "معبر", "مستشفي", "منتزه", "متنزه"];
/// Words for a kind of place between a body and its place, folded.
pub const REGIONS: [&str; 5] = ["منطقه", "محافظه", "مدينه", "اقليم", "ولايه"];
/// What the name of a building ends with, folded.
pub const KINDS: [&str; 8] =
    ["الدولي", "الاقليمي", "العام", "المركزي", "التخصصي", "الجامعي", "العسكري", "الوطني"];
/// Bodies that are called by their nation, folded.
pub const OF_NATION: [&str; 13] = [
    "السفاره",
    "القنصليه",
    "الحكومه",
    "المنتخب",
    "الجيش",
    "البرلمان",
    "الشرطه",
    "الخارجيه",
    "الداخليه",
    "المحكمه",
    "الرياسه",
    "المخابرات",
    "الاستخبارات",
];
/// Courts by their kind, folded.
pub const COURTS: [(&str, &[&str]); 2] = [
    (
        "المحكمه",
        &["العليا", "الدستوريه", "الجزاييه", "الجناييه", "الاداريه", "الاتحاديه", "العامه", "الابتداييه"],
    ),
    ("محكمه", &["الاستيناف", "التمييز", "النقض", "الجنايات"]),
];

/// Matters of ministries that an adjective goes with, folded.
pub const QUALIFIED: [&str; 14] = [
    "الشوون",
    "الشيون",
    "الخدمه",
    "الخدمات",
    "الموارد",
    "القوي",
    "التعليم",
    "الطيران",
    "الثروه",
    "الامن",
    "التنميه",
    "البنيه",
    "الصناعات",
    "البحث",
];
/// Matters that are joined to others in the names of ministries, folded.
pub const MATTERS: [&str; 36] = [
    "الصناعه",
    "الاعلام",
    "التعليم",
    "التربيه",
    "المياه",
    "الزراعه",
    "الرياضه",
    "السياحه",
    "التعدين",
    "التكنولوجيا",
    "الاتصالات",
    "النقل",
    "الطاقه",
    "الكهرباء",
    "المعادن",
    "البحث",
    "الاسكان",
    "التخطيط",
    "الاستثمار",
    "الهجره",
    "التعاون",
    "الدعوه",
    "الارشاد",
    "الشوون",
    "الشيون",
    "العلوم",
    "الاداره",
    "الري",
    "التجاره",
    "الماليه",
    "الثقافه",
    "الفنون",
    "التنميه",
    "الصحه",
    "العمل",
    "الغاز",
];
