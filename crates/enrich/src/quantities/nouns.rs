//! Nouns as places in an order and counts see them: bare, owned, of occasions, before an owner.

/// Plurals that the genitive behind them does not part from their number: دول الساحل الخمس.
pub(super) const OWNERS: &str = "دول بلدان مدن ولايات محافظات مناطق أقاليم قضاة أعضاء أبناء بنات رؤساء وزراء قادة رجال نساء أندية فرق منتخبات شركات \
    وكالات بنوك مصارف مواقع قوات جنود ضباط عناصر مراحل أركان مباريات جولات نقاط محطات لاعبي طلاب طالبات نواب ممثلي مرشحي مصانع مصنعي \
    أحزاب فصول أشهر أضلاع أطراف جهات مؤسسات جامعات كليات مدارس مستشفيات";

/// Whether a word has a pronoun behind it: نسخته, دورتها.
pub(super) fn owned(word: &str) -> bool {
    const WHOLE: &str = "مياه اتجاه انتباه شبه فقه توجيه تنبيه ترفيه تشويه تشبيه تنويه فواكه مشابه أفواه جباه مكروه مشبوه تافه نزيه فقيه سفيه";
    let ends =
        || ["ها", "ه", "هم", "هما", "نا"].iter().any(|end| word.ends_with(end)) && !word.ends_with("الله");
    let whole = || {
        let bare = bare(word);
        WHOLE.split_whitespace().any(|other| other == bare)
    };
    word.chars().count() > 3 && ends() && !whole()
}

/// Nouns that end as adjectives do.
pub(super) fn is_noun(word: &str) -> bool {
    const NOUNS: &str = "قضية ولاية جمعية عملية قرية كلية اتفاقية ميدالية هدية رواية مسرحية شخصية ناحية ثلاثية رباعية مدعي نادي \
        حاوية زاوية بلدية أغنية أمسية نهائي أندية اندية";
    NOUNS.split_whitespace().any(|noun| noun == word)
}

/// A word without its article and the proclitics before that.
pub(super) fn bare(word: &str) -> &str {
    let rest = word.trim_start_matches(['و', 'ف', 'ب', 'ك']);
    rest.strip_prefix("ال").or_else(|| rest.strip_prefix("لل")).unwrap_or(word)
}

/// Whether a word ends in ى that is ي, as papers in Egypt write it: العالمى. Those that do end in ى are left alone.
pub(super) fn without_dots(word: &str) -> bool {
    const WHOLE: &str = "مستشفى منتدى مستوى أخرى اخرى كبرى عظمى صغرى وسطى قصوى أقصى اقصى مرضى قتلى جرحى أسرى اسرى موسيقى مبنى معنى \
        مرمى مسعى مدى هدى ذكرى أولى اولى عيسى موسى مصطفى يحيى مجرى مأوى محتوى قرى ليلى فتوى شكوى دعوى بلوى جدوى عدوى قوى رؤى مقهى ملتقى مغزى \
        منحى ملهى مرسى منفى يتامى قدامى ضحى لدى سوى على إلى الى حتى متى مثنى أدنى أعلى";
    word.ends_with('ى')
        && word.chars().count() > 3
        && !WHOLE.split_whitespace().any(|other| other == word || other == bare(word))
}

/// Whether a noun is an occasion that has its number in tens behind it: الذكرى الخمسون, عيد ميلاده الثلاثين.
pub(super) fn has_anniversaries(word: &str) -> bool {
    const OCCASIONS: &str = "ذكرى ذكراه ذكراها دورة دورته دورتها نسخة نسخته نسختها طبعة طبعته طبعتها عيد عيده عيدها ميلاده ميلادها \
        قمة مرحلة جولة حلقة سنوية دقيقة";
    OCCASIONS.split_whitespace().any(|noun| noun == word || noun == bare(word))
}
