//! The page.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;

use khabar::samples::Samples;
use serde_json::{Value, json};

use crate::axe;
use crate::browser::{Browser, DESKTOP, Look, PHONE, Tab};
use crate::demo::Demo;
use crate::served::{anywhere, enriched, get, letter, served, serving};

/// Most bytes of the page.
const WEIGHT: usize = 100_000;

#[test]
fn the_page_is_light_and_whole() {
    let admin = served(anywhere(), Samples::new(true));
    let (status, head, body) = get(&admin.address.to_string(), "/");
    assert_eq!(status, 200);
    eprintln!("the status page weighs {} bytes", body.len());
    assert!(body.len() < WEIGHT, "{} bytes", body.len());
    for outside in ["src=", "@import", "url(", "rel=\"stylesheet\""] {
        assert!(!body.contains(outside), "{outside}: the page is one file");
    }
    // So that a proxy may put it under a path.
    for absolute in ["href=\"/", "EventSource(\"/"] {
        assert!(!body.contains(absolute), "{absolute}: addresses are relative to the page");
    }
    assert!(!body.contains("/*style*/") && !body.contains("/*script*/"), "a part is missing");
    for part in ["default-src 'none'", "script-src 'sha256-", "require-trusted-types-for 'script'"] {
        assert!(head.contains(&part.to_ascii_lowercase()), "no {part} in\n{head}");
    }
    for never in ["unsafe-inline", "unsafe-eval", "http:", "https:", " *"] {
        assert!(!head.contains(never), "{never} in\n{head}");
    }
}

#[test]
fn numbers_and_articles_come_while_the_demo_runs() {
    let Some(browser) = Browser::start() else { return };
    let demo = Demo::start(&[]);
    let mut tab = browser.open(&demo.url, DESKTOP);
    tab.until("the demo is ready", "document.getElementById('state-word').textContent === 'ready'");
    tab.until("articles come", "document.querySelectorAll('#articles article').length >= 3");
    tab.until("dead letters come", "document.querySelectorAll('#letters article').length >= 1");
    tab.until("latencies come", "document.getElementById('p50').textContent !== '–'");
    let published = "Number([...document.querySelectorAll('#records dt')].find(dt => dt.textContent === 'published')\
        .nextSibling.textContent.replaceAll(',', ''))";
    let before = tab.eval(published).as_f64().unwrap();
    tab.until("the numbers move", &format!("{published} > {before} + 10"));
    tab.until("a rate is shown", "parseFloat(document.getElementById('published-rate').textContent) > 1");
    tab.until("partitions are listed", "document.querySelectorAll('#partitions tr').length === 2");
    tab.until("languages are listed", "document.querySelectorAll('#languages tr').length >= 3");
    tab.until(
        "new articles take their places",
        "document.querySelectorAll('#articles article').length === 8",
    );
    tab.until("right to left is shown so", "!!document.querySelector('#articles .body[dir=rtl][lang=ar]')");
    tab.until("names are marked", "!!document.querySelector('#articles .body .per, #articles .body .loc')");

    for (name, look) in [("desktop", DESKTOP), ("phone", PHONE)] {
        for dark in [false, true] {
            tab.look(Look { dark, ..look });
            let theme = if dark { "dark" } else { "light" };
            let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("status-{name}-{theme}.png"));
            tab.picture(&path);
            eprintln!("a picture is at {}", path.display());
            let wide =
                tab.eval("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            assert_eq!(wide, json!(0), "{name}: the page is wider than its window");
            accessible(&mut tab, &format!("{name}, {theme}"));
        }
    }
    one_edge(&mut tab);
    by_keyboard(&mut tab);
    assert_eq!(tab.troubles, Vec::<String>::new(), "the console says something");
    let elsewhere: Vec<_> =
        tab.requests.iter().filter(|url| !url.starts_with(&demo.url) && !url.starts_with("data:")).collect();
    assert!(elsewhere.is_empty(), "requests to elsewhere: {elsewhere:?}");

    drop(demo);
    tab.until("a lost connection is told", "document.body.classList.contains('stale')");
    assert!(tab.text("#state-word").starts_with("no connection"), "{}", tab.text("#state-word"));
}

/// No finding of axe-core that it calls serious or critical.
fn accessible(tab: &mut Tab, what: &str) {
    let Some(script) = axe::script() else { return };
    // DevTools may do what the page's own policy forbids it.
    tab.eval(&format!("{script}; typeof axe"));
    let found = tab.eval(
        "axe.run(document, { resultTypes: ['violations'] }).then(found => found.violations.map(violation => \
         ({ id: violation.id, impact: violation.impact, at: violation.nodes.map(n => n.html + ' ' + n.failureSummary) })))",
    );
    let found = found.as_array().expect("axe-core answers").clone();
    let serious: Vec<&Value> =
        found.iter().filter(|one| one["impact"] == "serious" || one["impact"] == "critical").collect();
    assert!(serious.is_empty(), "{what}: {serious:#?}");
    eprintln!(
        "axe-core, {what}: {} minor findings {:?}",
        found.len(),
        found.iter().map(|one| &one["id"]).collect::<Vec<_>>()
    );
}

/// Title, byline and text of an Arabic article begin at its right edge, what was found stands to the left of the text.
fn one_edge(tab: &mut Tab) {
    tab.look(DESKTOP);
    let beside = "(() => { const article = document.querySelector('#articles article.rtl');\
        const at = name => article.querySelector(name).getBoundingClientRect();\
        return [at('.facts').right < at('.body').left, getComputedStyle(article.querySelector('.by')).textAlign]; })()";
    assert_eq!(tab.eval(beside), json!([true, "right"]));
}

/// The first stop leads to the articles, and the button is pressed with Enter.
fn by_keyboard(tab: &mut Tab) {
    tab.eval("document.activeElement.blur()");
    tab.press("Tab");
    assert_eq!(tab.text(":focus"), "To the articles");
    tab.press("Enter");
    tab.until("the link leads to the articles", "document.activeElement.id === 'articles-heading'");
    tab.press("Tab");
    assert_eq!(tab.text(":focus"), "Follow");
    tab.press("Enter");
    tab.until("the button is released", "document.activeElement.getAttribute('aria-pressed') === 'false'");
}

#[test]
fn hostile_articles_stay_text() {
    let Some(browser) = Browser::start() else { return };
    let title = "<script>window.harmed = 1</script><img src=x onerror=\"window.harmed = 2\">";
    let reordered = "abc \u{202e}\u{2066}dlrow\u{202d} Cairo \u{7}\u{feff}end";
    let body = "</p><svg onload=window.harmed=3> He met \u{202e}Ban Ki-moon in <b>Cairo</b>.\n\n&lt;i&gt; {{x}} ${y}";
    let samples = Samples::new(true);
    samples.article(1, || enriched(title, body));
    samples.article(1, || {
        enriched(
            reordered,
            "وقال رئيس اللجنة المنظمة، خليفة النعيمي، إن \"البطولة تفتح الباب أمام جيل جديد\" في القاهرة.",
        )
    });
    let markup = "<script>window.harmed = 4</script>";
    samples.letter(khabar::envelope::Reason::InvalidJson, || letter(markup, markup, markup));
    let admin = served(anywhere(), samples);
    let mut tab = browser.open(&format!("http://{}/", admin.address), DESKTOP);
    tab.until("both are shown", "document.querySelectorAll('#articles article').length === 2");
    tab.until("the letter is shown", "document.querySelectorAll('#letters article').length === 1");

    let titles = tab.eval("[...document.querySelectorAll('#articles h3')].map(h => h.textContent)");
    assert_eq!(titles, json!(["abc dlrow Cairo end", title]), "the latest first, without what steers");
    assert!(tab.text("#articles article:last-child .body").contains("</p><svg onload"), "the body is text");
    let markup_within =
        "document.querySelectorAll(':is(#articles, #letters) :is(script, img, svg, b, i, iframe)').length";
    assert_eq!(tab.eval(markup_within), json!(0), "markup came from a text");
    assert_eq!(tab.eval("window.harmed ?? null"), Value::Null);
    assert_eq!(tab.text("#letters pre"), markup);
    // The page's policy would stop what its script lets through.
    let injected = "try { document.body.innerHTML = '<b>x</b>'; false } catch (refused) { refused instanceof TypeError }";
    assert_eq!(tab.eval(injected), json!(true));

    let arabic = "#articles article:first-child";
    assert_eq!(tab.eval(&format!("document.querySelector('{arabic} .body').dir")), json!("rtl"));
    assert_eq!(
        tab.eval("[...document.querySelectorAll('article')].map(a => a.className)"),
        json!(["rtl", "ltr", "letter"])
    );
    assert_eq!(tab.text(&format!("{arabic} .body .per")), "خليفة النعيمي");
    assert_eq!(
        tab.text(&format!("{arabic} figcaption bdi")),
        "Khalifa Al-Naymi",
        "the speaker stands beside the quote"
    );
    assert_eq!(tab.text(&format!("{arabic} blockquote")), "“البطولة تفتح الباب أمام جيل جديد”");
}

#[test]
fn a_dead_letter_stays_while_it_is_read() {
    let Some(browser) = Browser::start() else { return };
    let samples = Arc::new(Samples::new(true));
    let put = |message: &str, value: &str| {
        // One of a reason is kept a second; another reason is another's.
        let reasons = khabar::envelope::Reason::ALL;
        let reason = reasons[message.len() % reasons.len()];
        samples.letter(reason, || letter("k", value, message));
    };
    put("a", &"{\"a\": \"".repeat(3_000));
    let admin = serving(anywhere(), &samples);
    let mut tab = browser.open(&format!("http://{}/", admin.address), DESKTOP);
    tab.until("the letter is shown", "document.querySelectorAll('#letters article').length === 1");
    assert_eq!(tab.text("#letters summary"), "what was read, its beginning");
    tab.eval("document.querySelector('#letters details').open = true; 1");
    put("bb", "{");
    tab.until(
        "the other waits",
        "document.getElementById('letters-note').textContent.startsWith('1 newer: ')",
    );
    assert_eq!(tab.eval("document.querySelectorAll('#letters article').length"), json!(1));
    assert_eq!(tab.eval("document.querySelector('#letters details').open"), json!(true));
    tab.eval("document.querySelector('#letters details').open = false; 1");
    tab.until("it comes", "document.querySelectorAll('#letters article').length === 2");
    assert_eq!(tab.troubles, Vec::<String>::new());
}

#[test]
fn who_is_one_too_many_is_told_so() {
    let Some(browser) = Browser::start() else { return };
    let admin = served(anywhere(), Samples::new(true));
    let watch = || {
        let mut stream = TcpStream::connect(admin.address).unwrap();
        write!(stream, "GET /events HTTP/1.1\r\nhost: {}\r\n\r\n", admin.address).unwrap();
        let mut head = [0; 12];
        stream.read_exact(&mut head).unwrap();
        assert_eq!(&head, b"HTTP/1.1 200");
        stream
    };
    let others: Vec<_> = (0..16).map(|_| watch()).collect();
    let mut tab = browser.open(&format!("http://{}/", admin.address), DESKTOP);
    tab.until(
        "it is said why, with numbers",
        "document.getElementById('state-word').textContent.startsWith('16 watch this instance already') \
         && document.getElementById('about').textContent.startsWith('khabar ')",
    );
    drop(others);
    tab.until(
        "there is room again",
        "!document.getElementById('state-word').textContent.includes('watch this instance')",
    );
}

#[test]
fn without_samples_no_text_is_shown() {
    let samples = Samples::new(false);
    samples.article(1, || enriched("Canary", "A canary in Cairo."));
    let admin = served(anywhere(), samples);
    let at = admin.address.to_string();
    for kind in ["articles", "dead-letters"] {
        let (status, _, body) = get(&at, &format!("/events?only={kind}"));
        assert_eq!(status, 404, "{body}");
        assert!(body.contains("--no-samples") && body.contains("admin.samples = false"), "{body}");
    }
    let Some(browser) = Browser::start() else { return };
    let mut tab = browser.open(&format!("http://{at}/"), PHONE);
    tab.until(
        "it is said",
        "document.getElementById('articles-note').textContent.startsWith('Articles are not shown')",
    );
    assert_eq!(tab.eval("document.querySelectorAll('#articles article, #letters article').length"), json!(0));
    assert_eq!(tab.eval("document.getElementById('follow').hidden"), json!(true));
    assert_eq!(tab.troubles, Vec::<String>::new());
}
