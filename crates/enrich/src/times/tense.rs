//! What Arabic verbs say of when: what is planned, what is to come, what has been.

/// Whether a verb reports: what it says is told from its own day.
pub(super) fn is_report(stem: &str) -> bool {
    const REPORTS: &str = "قال قالت أعلن أعلنت ذكر ذكرت أكد أكدت أفاد أفادت كشف كشفت أضاف";
    REPORTS.split_whitespace().any(|verb| verb == stem)
}

/// Whether a word looks like a verb of the past, which nobody counts. Too many nouns, names and adverbs look so, too
/// (تراجع, ثابت, مؤقت), for it to place a time.
pub(crate) fn is_past(word: &str) -> bool {
    const VERBS: &str = "أعلن أكد قال ذكر أفاد كشف أضاف تولى بدأ انطلق وقع جرى حدث توفي أصيب فاز خسر صدر أصدر وصل زار غادر أقيم أجري أجرى \
        شهد كان كانا كانوا أقر قرر وافق رفض استقال عاد دخل خرج استولى سيطر اندلع انفجر انتهى توقف تراجع ارتفع انخفض اعتقل أوقف أطلق اغتيل \
        أقال أقيل انتخب ألغى افتتح دشن التقى استقبل اجتمع هاجم سقط تحطم ولد رحل انضم انتقل تعاقد احتل تأسس أنشأ أنشئ حصل توج أحرز تأهل \
        خاض لم قد وقد فقد";
    let feminine = word.ends_with('ت')
        && word.chars().count() > 3
        && !["ات", "يت", "وت", "نت", "ست", "آت"].iter().any(|end| word.ends_with(end))
        && !word.starts_with("ال");
    feminine || VERBS.split_whitespace().any(|verb| verb == word)
}

/// Whether a word says by itself that what follows is still to come: سوف, لن, a plan.
pub(super) fn is_planned(stem: &str) -> bool {
    const PLANS: &str = "سوف ولن لن فلن يعتزم تعتزم يعتزمون تنوي ينوي يخطط تخطط يترقب تترقب يستعد تستعد يتوقع ينتظر يرتقب مرتقب مرتقبة \
        مقرر مقررة منتظر منتظرة متوقع متوقعة مزمع مزمعة المزمعة موعده موعدها تتجه تقرر أقصاه لتسليم تسليم بدءا اعتبارا ابتداء \
        المرجح مرجح يرجح المحتمل يحتمل نأمل يأمل تأمل يفترض المفترض";
    PLANS.split_whitespace().any(|plan| plan == stem)
}

/// Whether a word is a game or a meeting that has a day.
pub(super) fn is_fixture(word: &str) -> bool {
    const FIXTURES: [&str; 6] = ["مبارا", "مواجه", "لقائه", "لقائها", "قمة", "اجتماع"];
    FIXTURES.iter().any(|start| word.starts_with(start))
}

/// Whether a word is a verb in the future, or a participle that says that something is planned.
pub(super) fn is_future(stem: &str) -> bool {
    if matches!(
        stem,
        "المرتقبة"
            | "المرتقب"
            | "المقرر"
            | "المقررة"
            | "المتوقع"
            | "المنتظر"
            | "المنتظرة"
            | "المزمع"
            | "المتوقعة"
    ) {
        return true;
    }
    // what is scheduled stands in the present
    const SCHEDULED: &str = "تدور يدور تجرى يجرى تقام يقام تنطلق ينطلق يلتقي تلتقي يواجه تواجه يستضيف تستضيف يخوض تخوض يلاقي \
        تستمر يستمر تتواصل يتواصل تمتد يمتد تستأنف يستأنف يحتضن تحتضن يختتم تختتم يفتتح تفتتح تنعقد ينعقد تبدأ يبدأ يستهل تستهل \
        يصوت تصوت يعقد تعقد يجتمع تجتمع يحتفل تحتفل";
    let present = stem.starts_with(['ي', 'ت']);
    if present && SCHEDULED.split_whitespace().any(|verb| verb == stem) {
        return true;
    }
    // one look at the beginning spares the lists
    if !["سي", "ست", "سن"].iter().any(|start| stem.starts_with(start)) {
        return false;
    }
    // سيـ, ستـ, سنـ before a stem are the future, but many nouns and names begin so, too
    const NAMES: [&str; 14] =
        ["سيا", "سيد", "سير", "ستا", "سنو", "سيف", "سين", "سيم", "ستي", "سنغ", "سيب", "سيل", "ستو", "سيطر"];
    const NOUNS: &str = "سندات سندرلاند سنترال سنتات سنتيمترا سنتيمترات سناتور ستريت سترات سيزار سيسوكو سيشنز سيهوفر سييرا سيغال \
        سيكسرز سيسكا سيتروين ستراسبورغ سترلينغ";
    const VERBS: &str = "سيبقى سيبدأ ستواصل سيلتقي سيلتقيان سيلعب ستواجه سيدفع سيدخل سنواصل سيرفع سينعكس سيمثل سينطلق سيمكن سيفتح \
        ستوفر سينتهي سيبحث سيبحثان سينضم سيناقش سيرتفع سيدعم سينتقل سيمنح سيبلغ سيرحل سيفوز سيركز سيفعل سينعقد \
        سيمتد سنواجه سينفذ سينسحب سينتج سيفقد سينقل سينهي سيلحق سيرسل سينظر سيمنع سيدير سيلاقي سينجح سيفرض سيلتحق \
        سينظم ستنظم سيبرم سيمضي سيلقي سيفتقد سيفتتح ستوزع سيدافع سينتظر سيرفض سيرأس سيدور سينشر ستوافق ستوجه \
        سيراقب سيبذل سيتم ستتم سيحل سيصل سيزور سيبقون سيدفعون سيلتزم سينخفض سيلغى سيدعو سينافس سيلجأ سيربط سيدشن \
        سينال سيدرس سيلغي سيبني سيمدد سيلتقون سيمثلون سيلقى سنوفر سينضمون سيبذلون سيموتون سيلعبان سيبدو سيفاقم \
        سيرافق سيمنحه";
    if VERBS.split_whitespace().any(|verb| verb == stem) {
        return true;
    }
    let noun = stem.ends_with('ة')
        || NAMES.iter().any(|start| stem.starts_with(start))
        || NOUNS.split_whitespace().any(|noun| noun == stem);
    stem.chars().count() > 4 && !noun
}
