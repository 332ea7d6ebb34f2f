//! The file of the accurate tagger, from trained weights and the vocabulary and embeddings that they were trained on.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use khabar_enrich::encoder::words::{clean, words};
use khabar_enrich::encoder::{Encoder, FORMAT};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

/// What to pack.
#[derive(Debug, Clone)]
pub struct Options {
    /// Trained weights (`crates/lab/neural/README.md`), in one file or several.
    pub weights: Vec<PathBuf>,
    /// multilingual-e5-small with its vocabulary, as it was pruned: format `E5S1`.
    pub vocabulary: PathBuf,
    /// Name of the model, as records show it.
    pub name: String,
    /// File to write.
    pub output: PathBuf,
}

/// Packs; says what was written.
///
/// # Errors
/// When a file cannot be read or written, or does not fit.
pub fn run(options: &Options) -> anyhow::Result<String> {
    let files = options.weights.iter().map(|path| crate::read(path)).collect::<anyhow::Result<Vec<_>>>()?;
    let mut trained = HashMap::new();
    let mut metadata = HashMap::new();
    for file in &files {
        let (_, more) = SafeTensors::read_metadata(file)?;
        metadata.extend(more.metadata().clone().unwrap_or_default());
        for (name, tensor) in SafeTensors::deserialize(file)?.tensors() {
            trained.insert(name, floats(tensor.data(), tensor.dtype()).context("weights")?);
        }
    }
    for (name, scales) in trained.clone().into_iter().filter(|(name, _)| name.ends_with(".scale")) {
        let weights = trained.get_mut(name.trim_end_matches(".scale")).context("scales without weights")?;
        let width = weights.len() / scales.len();
        for (row, scale) in weights.chunks_exact_mut(width).zip(scales) {
            row.iter_mut().for_each(|w| *w *= scale);
        }
        trained.remove(&name);
    }
    let vocabulary = Vocabulary::read(&crate::read(&options.vocabulary)?)?;
    let tensors = tensors(&trained, &vocabulary)?;
    let labels = metadata.get("labels").context("weights without `labels`")?.clone();
    let metadata = [
        ("format", FORMAT.to_owned()),
        ("name", options.name.clone()),
        ("labels", labels),
        ("heads", vocabulary.heads.to_string()),
        ("epsilon", vocabulary.epsilon.to_string()),
        ("begin", vocabulary.begin.to_string()),
        ("end", vocabulary.end.to_string()),
        ("unknown", vocabulary.unknown.to_string()),
    ];
    let metadata: HashMap<String, String> = metadata.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
    let views =
        tensors.iter().map(|t| Ok((t.name.clone(), TensorView::new(t.dtype, t.shape.clone(), &t.bytes)?)));
    let bytes = safetensors::serialize(views.collect::<anyhow::Result<Vec<_>>>()?, Some(metadata))?;
    let bytes = in_order(bytes)?;
    let encoder = Encoder::parse(&bytes).context("what was packed")?;
    std::fs::write(&options.output, &bytes).with_context(|| format!("write {}", options.output.display()))?;
    Ok(format!(
        "{}: {:.1} MB, {} pieces, {:.1} MB in memory",
        options.output.display(),
        bytes.len() as f64 / 1e6,
        encoder.pieces().len(),
        encoder.bytes() as f64 / 1e6,
    ))
}

/// The same file with the keys of its header in order: the crate writes them as a hash map has them, another way each time.
fn in_order(mut bytes: Vec<u8>) -> anyhow::Result<Vec<u8>> {
    let (len, rest) = bytes.split_first_chunk_mut::<8>().context("a file without a header")?;
    let header = rest.get_mut(..u64::from_le_bytes(*len) as usize).context("a header that is cut short")?;
    let keys: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(header)?;
    let mut ordered = serde_json::to_vec(&keys)?;
    ensure!(ordered.len() <= header.len(), "a header that grows");
    ordered.resize(header.len(), b' ');
    header.copy_from_slice(&ordered);
    Ok(bytes)
}

/// The pieces of each line of `text` (plain or gzip), word by word, as numbers: to compare with another tokeniser.
///
/// # Errors
/// When a file cannot be read or the output not be written.
pub fn pieces(encoder: &Path, text: &Path, mut out: impl std::io::Write) -> anyhow::Result<()> {
    let encoder = crate::encoder(encoder)?;
    let mut cutter = khabar_enrich::encoder::pieces::Cutter::default();
    for line in crate::lines(text)? {
        let line = line?;
        for word in words(&line) {
            let mut found = Vec::new();
            encoder.pieces().cut(&clean(&line[word]), &mut cutter, &mut found);
            let found: Vec<String> = found.iter().map(u32::to_string).collect();
            write!(out, "{} ", found.join(","))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

struct Tensor {
    name: String,
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

fn tensors(trained: &HashMap<String, Vec<f32>>, vocabulary: &Vocabulary) -> anyhow::Result<Vec<Tensor>> {
    let get = |name: &str| trained.get(name).with_context(|| format!("weights without `{name}`"));
    let mut out = Vec::new();
    let mut put = |name: &str, dtype, shape: &[usize], bytes| {
        out.push(Tensor { name: name.to_owned(), dtype, shape: shape.to_vec(), bytes });
    };
    let norm = get("ln.weight")?;
    let width = norm.len();
    let f32s = |values: &[f32]| values.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
    let u32s = |values: &[u32]| values.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
    // What is added to every input, whatever stands there.
    let added = get("typ_khabar")?;
    let positions: Vec<f32> = get("pos.weight")?
        .chunks_exact(width)
        .flat_map(|row| row.iter().zip(added).map(|(a, b)| a + b))
        .collect();
    put("pos", Dtype::F32, &[positions.len() / width, width], f32s(&positions));
    for name in ["ln.weight", "ln.bias", "head.weight", "head.bias"] {
        let values = get(name)?;
        let shape =
            if name == "head.weight" { vec![values.len() / width, width] } else { vec![values.len()] };
        put(name, Dtype::F32, &shape, f32s(values));
    }
    for n in (0..).take_while(|n| trained.contains_key(&format!("layers.{n}.qkv.weight"))) {
        for part in ["qkv", "o", "fi", "fo"] {
            let name = format!("layers.{n}.{part}");
            let (weights, bias) = (get(&format!("{name}.weight"))?, get(&format!("{name}.bias"))?);
            let inputs = weights.len() / bias.len();
            let (weights, scales) = khabar_kernels::rounded(inputs, weights);
            let bytes = weights.into_iter().map(|w| w as u8).collect();
            put(&format!("{name}.weight"), Dtype::I8, &[bias.len(), inputs], bytes);
            put(&format!("{name}.scale"), Dtype::F32, &[bias.len()], f32s(&scales));
            put(&format!("{name}.bias"), Dtype::F32, &[bias.len()], f32s(bias));
        }
        for part in ["ln1.weight", "ln1.bias", "ln2.weight", "ln2.bias"] {
            let name = format!("layers.{n}.{part}");
            put(&name, Dtype::F32, &[width], f32s(get(&name)?));
        }
    }
    let v = vocabulary;
    ensure!(v.width == width, "vectors of {} for weights of {width}", v.width);
    put("emb.nibbles", Dtype::U8, &[v.scores.len(), width / 2], v.nibbles.clone());
    put("emb.scales", Dtype::F16, &[v.scores.len(), width / 32], v.scales.clone());
    put("tok.pieces", Dtype::U8, &[v.pieces.len()], v.pieces.clone());
    put("tok.ends", Dtype::U32, &[v.ends.len()], u32s(&v.ends));
    put("tok.scores", Dtype::F32, &[v.scores.len()], f32s(&v.scores));
    put("map.from", Dtype::U32, &[v.map_from.len()], u32s(&v.map_from));
    put("map.ends", Dtype::U32, &[v.map_ends.len()], u32s(&v.map_ends));
    put("map.to", Dtype::U32, &[v.map_to.len()], u32s(&v.map_to));
    Ok(out)
}

fn floats(bytes: &[u8], dtype: Dtype) -> anyhow::Result<Vec<f32>> {
    Ok(match dtype {
        Dtype::F32 => bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect(),
        Dtype::F16 => {
            bytes.as_chunks::<2>().0.iter().map(|b| half::f16::from_le_bytes(*b).to_f32()).collect()
        }
        Dtype::I8 => bytes.iter().map(|b| f32::from(*b as i8)).collect(),
        other => bail!("a tensor of type {other:?}"),
    })
}

/// What is taken from the encoder that was trained on.
#[derive(Default)]
struct Vocabulary {
    width: usize,
    heads: usize,
    epsilon: f32,
    begin: u32,
    end: u32,
    unknown: u32,
    pieces: Vec<u8>,
    ends: Vec<u32>,
    scores: Vec<f32>,
    map_from: Vec<u32>,
    map_ends: Vec<u32>,
    map_to: Vec<u32>,
    nibbles: Vec<u8>,
    scales: Vec<u8>,
}

impl Vocabulary {
    /// Little-endian: `E5S1`, version; seven sizes; epsilon; the sizes and numbers of the vocabulary; where pieces begin, their
    /// scores and bytes; the map of characters; then a list of tensors with their places. Of these, `emb.word` is used: rows of
    /// blocks, each an f16 scale and 32 numbers of four bits.
    fn read(bytes: &[u8]) -> anyhow::Result<Self> {
        let mut r = Reader { bytes, at: 0 };
        ensure!(r.take(4)? == b"E5S1", "not a file of format E5S1");
        r.u32()?;
        let [width, _, heads, _, rows] = [r.u32()?, r.u32()?, r.u32()?, r.u32()?, r.u32()?];
        r.take(8)?;
        let epsilon = f32::from_bits(r.u32()?);
        r.take(4)?;
        let [count, begin, end, _, unknown] = [r.u32()?, r.u32()?, r.u32()?, r.u32()?, r.u32()?];
        let blob = r.u64()? as usize;
        let offsets: Vec<u32> = (0..=count).map(|_| r.u32()).collect::<anyhow::Result<_>>()?;
        let scores =
            (0..count).map(|_| Ok(f32::from_bits(r.u32()?))).collect::<anyhow::Result<Vec<f32>>>()?;
        let pieces = r.take(blob)?.to_vec();
        let mapped = r.u32()?;
        let skip = r.u32()? as usize;
        let mut map = Reader { bytes: r.take(skip)?, at: 0 };
        let (mut map_from, mut map_ends, mut map_to) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..mapped {
            map_from.push(map.u32()?);
            let to = map.take(1)?.first().copied().unwrap_or(0);
            for _ in 0..to {
                map_to.push(map.u32()?);
            }
            map_ends.push(map_to.len() as u32);
        }
        let tensors = r.u32()?;
        let mut found = None;
        for _ in 0..tensors {
            let len = r.take(2)?.iter().rev().fold(0, |n, b| n << 8 | usize::from(*b));
            let name = r.take(len)?;
            r.take(5)?;
            let (offset, len) = (r.u64()? as usize, r.u64()? as usize);
            if name == b"emb.word" {
                found = bytes.get(offset..offset + len);
            }
        }
        let rows_of = found.context("no `emb.word`")?;
        ensure!(
            rows_of.len() == rows as usize * (width as usize / 32) * 18,
            "`emb.word` is of another length"
        );
        let blocks = rows_of.as_chunks::<18>().0;
        ensure!(count == rows, "{count} pieces and {rows} vectors");
        Ok(Self {
            width: width as usize,
            heads: heads as usize,
            epsilon,
            begin,
            end,
            unknown,
            pieces,
            ends: offsets.get(1..).unwrap_or_default().to_vec(),
            scores,
            map_from,
            map_ends,
            map_to,
            nibbles: blocks.iter().flat_map(|b| b[2..].iter().copied()).collect(),
            scales: blocks.iter().flat_map(|b| b[..2].iter().copied()).collect(),
        })
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> anyhow::Result<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at.saturating_add(len)).context("the file is cut short")?;
        self.at += len;
        Ok(taken)
    }

    fn u32(&mut self) -> anyhow::Result<u32> {
        Ok(self.take(4)?.iter().rev().fold(0, |n, b| n << 8 | u32::from(*b)))
    }

    fn u64(&mut self) -> anyhow::Result<u64> {
        Ok(self.take(8)?.iter().rev().fold(0, |n, b| n << 8 | u64::from(*b)))
    }
}
