//! Articles to send: real ones from a file that `KHABAR_E2E_TEXT` names, else made-up ones, in the shapes
//! that the decoder knows, about one in a hundred of them broken.

use std::io::{BufRead, BufReader};

use serde_json::{Value, json};

use super::checker::End;

/// What a record is before it has a shape.
#[derive(Debug, Clone)]
pub struct Article {
    /// Unique within a feed.
    pub id: String,
    /// Outlet: the key, so that keys repeat.
    pub source: String,
    /// Headline.
    pub title: String,
    /// Text.
    pub body: String,
    /// Publication time as the outlet writes it.
    pub date: String,
}

/// A record to send.
#[derive(Debug, Clone)]
pub struct Message {
    /// Key.
    pub key: Option<Vec<u8>>,
    /// Value; `None` for a tombstone.
    pub value: Option<Vec<u8>>,
    /// Headers.
    pub headers: Vec<(String, Vec<u8>)>,
    /// Its Kafka timestamp in milliseconds; now, when there is none.
    pub at_ms: Option<i64>,
    /// Where it has to end.
    pub end: End,
}

impl Message {
    /// A message without headers that ends in the output.
    pub fn new(key: Option<&[u8]>, value: Option<&[u8]>) -> Self {
        Self {
            key: key.map(<[u8]>::to_vec),
            value: value.map(<[u8]>::to_vec),
            headers: Vec::new(),
            at_ms: None,
            end: End::Output,
        }
    }

    /// With one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.as_bytes().to_vec()));
        self
    }
}

/// `count` articles: of the file that `KHABAR_E2E_TEXT` names (gzip, JSON lines with `id`, `source`,
/// `title`, `body` and `date`), repeated when there are fewer, else made up.
pub fn articles(count: usize) -> Vec<Article> {
    let Some(path) = std::env::var_os("KHABAR_E2E_TEXT") else {
        return (0..count).map(made_up).collect();
    };
    let file = std::fs::File::open(&path).expect("the file that KHABAR_E2E_TEXT names");
    let lines = BufReader::new(flate2::read::MultiGzDecoder::new(file)).lines();
    let read: Vec<Article> = lines
        .take(count)
        .map(|line| serde_json::from_str::<Value>(&line.expect("readable lines")).expect("JSON lines"))
        .map(|value| {
            let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
            Article {
                id: text("id"),
                source: text("source"),
                title: text("title"),
                body: text("body"),
                date: text("date"),
            }
        })
        .filter(|article| !article.body.trim().is_empty())
        .collect();
    assert!(!read.is_empty(), "no article in the file that KHABAR_E2E_TEXT names");
    let repeated = read.iter().cycle().take(count).cloned();
    repeated.enumerate().map(|(i, a)| Article { id: format!("{}-{i}", a.id), ..a }).collect()
}

const SENTENCES: [&str; 12] = [
    "أعلن وزير الخارجية أمس في القاهرة أن بلاده ستستضيف مؤتمر القمة في نهاية يونيو 2026.",
    "وقال الأمين العام لجامعة الدول العربية إن «الاجتماع المقبل سيبحث الأوضاع في فلسطين واليمن».",
    "وارتفعت أسعار النفط بنسبة 3.5 في المئة لتصل إلى 82 دولاراً للبرميل، بحسب وكالة الطاقة الدولية.",
    "ومن المتوقع أن يصل وفد منظمة الصحة العالمية إلى صنعاء يوم الثلاثاء المقبل.",
    "The finance minister said on Monday that growth would reach 2.4 percent this year.",
    "“We will not sign before the summer,” the prime minister told reporters in Brussels.",
    "Rescue teams reached the villages north of Jakarta after two days of heavy rain.",
    "Le président a rencontré à Genève le directeur général de l'Organisation mondiale du commerce.",
    "« Les travaux commenceront en mars 2027 », a déclaré la maire de Marseille.",
    "Министр иностранных дел России прибыл в Казань на встречу с делегацией из Турции.",
    "«Переговоры продолжатся в четверг», — сообщил представитель ООН в Женеве.",
    "ووقعت الشركتان عقداً بقيمة 120 مليون درهم لبناء محطة جديدة في الدار البيضاء.",
];

/// An article of 0.5 to 12 KB, the same for the same number.
pub fn made_up(number: usize) -> Article {
    made_up_of(number, 3 + random(number, 7) % 70)
}

/// An article of so many sentences.
pub fn made_up_of(number: usize, sentences: usize) -> Article {
    let body: Vec<&str> = (0..sentences).map(|i| SENTENCES[random(number, i) % SENTENCES.len()]).collect();
    Article {
        id: format!("made-up-{number}"),
        source: format!("outlet-{}.example", random(number, 1) % 40),
        title: SENTENCES[random(number, 2) % SENTENCES.len()].to_owned(),
        body: body.chunks(4).map(|paragraph| paragraph.join(" ")).collect::<Vec<_>>().join("\n"),
        date: format!("2026-0{}-1{}", 1 + number % 9, number % 10),
    }
}

/// A number below 2^31 that depends on both; the mixer of splitmix64.
fn random(a: usize, b: usize) -> usize {
    let mut x = (a as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(b as u64);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    usize::try_from((x ^ (x >> 31)) & 0x7FFF_FFFF).unwrap_or(0)
}

/// The article as a record; the number decides its shape, and whether it is broken.
pub fn message(number: usize, article: &Article) -> Message {
    let key = article.source.as_bytes();
    if number % 100 == 37 {
        let broken = broken(number / 100);
        return Message { end: End::DeadLetter, ..Message::new(Some(key), Some(&broken)) };
    }
    let (value, headers) = shaped(number, article);
    Message { headers, ..Message::new(Some(key), Some(&value)) }
}

/// A made-up article under a key.
pub fn keyed(key: &str) -> Message {
    Message { key: Some(key.as_bytes().to_vec()), ..json_message(&made_up(key.len())) }
}

/// The plainest shape: one JSON object.
pub fn json_message(article: &Article) -> Message {
    Message::new(Some(article.source.as_bytes()), Some(plain_json(article).to_string().as_bytes()))
}

fn plain_json(a: &Article) -> Value {
    json!({"id": a.id, "source": a.source, "title": a.title, "date": a.date, "body": a.body})
}

fn shaped(number: usize, a: &Article) -> (Vec<u8>, Vec<(String, Vec<u8>)>) {
    let json = |value: Value| value.to_string().into_bytes();
    let header = |name: &str, value: &str| (name.to_owned(), value.as_bytes().to_vec());
    match number % 10 {
        4 => (a.body.clone().into_bytes(), vec![header("content-type", "text/plain; charset=utf-8")]),
        5 => {
            // As news-please writes it: the word None for a missing date, and no zone.
            let value = json!({"title": a.title, "maintext": a.body, "date_publish": "None",
                "date_download": "2026-11-20 10:00:00", "source_domain": a.source, "authors": []});
            (json(value), Vec::new())
        }
        6 => {
            let value = json!({"specversion": "1.0", "id": a.id, "source": "/news", "type": "article",
                "datacontenttype": "application/json", "data": plain_json(a)});
            (json(value), vec![header("content-type", "application/cloudevents+json")])
        }
        7 => {
            let headers =
                [("ce_specversion", "1.0"), ("ce_id", &a.id), ("ce_source", "/news"), ("ce_type", "article")];
            let mut headers: Vec<_> = headers.into_iter().map(|(name, value)| header(name, value)).collect();
            headers.push(header("content-type", "application/json"));
            (json(plain_json(a)), headers)
        }
        8 => (gzip(&json(plain_json(a))), vec![header("content-encoding", "gzip")]),
        _ => (json(plain_json(a)), Vec::new()),
    }
}

fn broken(kind: usize) -> Vec<u8> {
    match kind % 5 {
        0 => b"{\"id\": \"cut\", \"title\": \"a title\", \"body\": \"and then th".to_vec(),
        1 => b"{\"id\": \"empty\", \"title\": \"a title\", \"body\": \"  \\n \"}".to_vec(),
        2 => [&b"\0\0\0\0\x07"[..], b"\x0eframed by a schema registry"].concat(),
        3 => "{\"a\":".repeat(50_000).into_bytes(),
        _ => b"{\"id\": 1, \"body\": {\"a\": [1, 2, 3]}}".to_vec(),
    }
}

/// Compressed as `content-encoding: gzip` says.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}
