//! A checkpoint made by hand, for tests here and of the service: two layers of 32, 40 pieces, a few words that are names.

use serde_json::{Value, json};

/// Width of its vectors.
pub const WIDTH: usize = 32;
/// Its layers.
pub const LAYERS: usize = 2;
/// Its heads.
pub const HEADS: usize = 4;
/// Width between the matrices behind attention.
pub const WIDE: usize = 64;
/// Its positions, those for no position not counted.
pub const POSITIONS: usize = 80;
/// Its labels, as others call them.
pub const LABELS: [&str; 9] = ["O", "B-PERS", "I-PERS", "B-ORG", "I-ORG", "B-LOC", "I-LOC", "B-GPE", "I-GPE"];
/// Its words and which label each has.
pub const WORDS: [(&str, usize); 10] = [
    ("▁قالت", 0),
    ("▁ريمة", 1),
    ("▁الحسون", 2),
    ("▁إن", 0),
    ("▁شركة", 0),
    ("▁نورثفيلد", 3),
    ("▁افتتحت", 0),
    ("▁فرعها", 0),
    ("▁في", 0),
    ("▁كرنبوسة", 7),
];
const LETTERS: &str = "▁.abcdefghijklmnopqrstuvwx";

/// The three files before they are written.
pub struct Sample {
    /// `config.json`
    pub config: Value,
    /// `tokenizer.json`
    pub tokenizer: Value,
    /// `model.safetensors`: name, shape, numbers
    pub tensors: Vec<(String, Vec<usize>, Vec<f32>)>,
}

/// Numbers from -1 to 1 that look random, the same every time.
pub fn noise(seed: u64, n: usize) -> Vec<f32> {
    let mut state = seed | 1;
    (0..n)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 40) as f32 / (1 << 23) as f32 - 1.0
        })
        .collect()
}

impl Sample {
    /// As BERT has it, or as XLM-R, which has two rows more of positions and other names.
    pub fn new(is_roberta: bool) -> Self {
        let labels: Vec<(String, &str)> =
            LABELS.iter().enumerate().map(|(n, l)| (n.to_string(), *l)).collect();
        let skipped = if is_roberta { 2 } else { 0 };
        let config = json!({
            "architectures": [if is_roberta { "XLMRobertaForTokenClassification" } else { "BertForTokenClassification" }],
            "hidden_size": WIDTH, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS,
            "intermediate_size": WIDE, "max_position_embeddings": POSITIONS + skipped, "type_vocab_size": 2,
            "layer_norm_eps": 1e-5, "hidden_act": "gelu", "vocab_size": 42, "pad_token_id": 1,
            "id2label": Value::Object(labels.into_iter().map(|(n, l)| (n, l.into())).collect()),
        });
        let special = ["<s>", "<pad>", "</s>", "<unk>"];
        let mut vocab: Vec<Value> = special.iter().map(|piece| json!([piece, 0.0])).collect();
        vocab.extend(WORDS.iter().map(|(piece, _)| json!([piece, -6.5])));
        vocab.extend(LETTERS.chars().map(|c| json!([c.to_string(), -9.25])));
        let added = (0..4).map(|id| json!({"id": id, "content": special[id], "special": true}));
        let tokenizer = json!({
            "added_tokens": added.collect::<Vec<_>>(),
            "normalizer": {"type": "Sequence", "normalizers": [
                {"type": "NFKC"}, {"type": "Lowercase"},
                {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]},
            "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true},
            "post_processor": {"type": "TemplateProcessing", "single": [
                {"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                {"SpecialToken": {"id": "</s>", "type_id": 0}}]},
            "model": {"type": "Unigram", "unk_id": 3, "vocab": vocab, "byte_fallback": false},
        });
        let prefix = if is_roberta { "roberta" } else { "bert" };
        Self { config, tokenizer, tensors: tensors(prefix, skipped) }
    }

    /// Each file's name and bytes, numbers in 32 bits.
    pub fn files(&self) -> [(&'static str, Vec<u8>); 3] {
        let f32s = |values: &[f32]| values.iter().flat_map(|v| v.to_le_bytes()).collect();
        self.files_as("F32", f32s)
    }

    /// The same with numbers as another type.
    pub fn files_as(&self, dtype: &str, bytes: impl Fn(&[f32]) -> Vec<u8>) -> [(&'static str, Vec<u8>); 3] {
        let (mut header, mut data) = (serde_json::Map::new(), Vec::new());
        for (name, shape, values) in &self.tensors {
            let from = data.len();
            data.extend(bytes(values));
            let about = json!({"dtype": dtype, "shape": shape, "data_offsets": [from, data.len()]});
            header.insert(name.clone(), about);
        }
        let header = Value::Object(header).to_string();
        let weights = [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &data].concat();
        [
            ("config.json", self.config.to_string().into_bytes()),
            ("tokenizer.json", self.tokenizer.to_string().into_bytes()),
            ("model.safetensors", weights),
        ]
    }

    /// The numbers of a tensor.
    pub fn tensor(&mut self, name: &str) -> &mut (String, Vec<usize>, Vec<f32>) {
        self.tensors.iter_mut().find(|(found, ..)| found == name).expect(name)
    }
}

/// Random layers that change little, vectors that say which label a word has, a head that reads it.
fn tensors(prefix: &str, skipped: usize) -> Vec<(String, Vec<usize>, Vec<f32>)> {
    let mut seed = 1;
    let mut random = |shape: &[usize], size: f32, around: f32| -> Vec<f32> {
        seed += 1;
        noise(seed, shape.iter().product()).into_iter().map(|n| around + n * size).collect()
    };
    let mut out = Vec::new();
    // Steps of an eighth, as four bits have them; a label's place is the highest.
    let mut words: Vec<f32> = random(&[42, WIDTH], 1.4, 0.0).iter().map(|n| n.round() / 8.0).collect();
    for (row, (_, label)) in words.chunks_exact_mut(WIDTH).skip(4).zip(WORDS) {
        row[label] = 7.0 / 8.0;
    }
    for row in words.chunks_exact_mut(WIDTH).skip(4 + WORDS.len()) {
        row[0] = 7.0 / 8.0;
    }
    out.push(("embeddings.word_embeddings.weight".to_owned(), vec![42, WIDTH], words));
    let mut put = |name: String, shape: &[usize], size: f32, around: f32| {
        out.push((name, shape.to_vec(), random(shape, size, around)));
    };
    put("embeddings.position_embeddings.weight".to_owned(), &[POSITIONS + skipped, WIDTH], 0.03, 0.0);
    put("embeddings.token_type_embeddings.weight".to_owned(), &[2, WIDTH], 0.03, 0.0);
    put("embeddings.LayerNorm.weight".to_owned(), &[WIDTH], 0.2, 1.0);
    put("embeddings.LayerNorm.bias".to_owned(), &[WIDTH], 0.1, 0.0);
    for layer in 0..LAYERS {
        let at = format!("encoder.layer.{layer}");
        for (name, outputs, inputs, size) in [
            ("attention.self.query", WIDTH, WIDTH, 0.3),
            ("attention.self.key", WIDTH, WIDTH, 0.3),
            ("attention.self.value", WIDTH, WIDTH, 0.3),
            ("attention.output.dense", WIDTH, WIDTH, 0.1),
            ("intermediate.dense", WIDE, WIDTH, 0.3),
            ("output.dense", WIDTH, WIDE, 0.05),
        ] {
            put(format!("{at}.{name}.weight"), &[outputs, inputs], size, 0.0);
            put(format!("{at}.{name}.bias"), &[outputs], 0.1, 0.0);
        }
        for name in ["attention.output.LayerNorm", "output.LayerNorm"] {
            put(format!("{at}.{name}.weight"), &[WIDTH], 0.2, 1.0);
            put(format!("{at}.{name}.bias"), &[WIDTH], 0.1, 0.0);
        }
    }
    for (name, ..) in &mut out {
        name.insert_str(0, &format!("{prefix}."));
    }
    let mut head = vec![0.0; LABELS.len() * WIDTH];
    for label in 0..LABELS.len() {
        head[label * WIDTH + label] = 2.0;
    }
    out.push(("classifier.weight".to_owned(), vec![LABELS.len(), WIDTH], head));
    out.push(("classifier.bias".to_owned(), vec![LABELS.len()], vec![0.0; LABELS.len()]));
    out
}
