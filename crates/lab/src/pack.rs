//! The file of the accurate tagger: from trained weights and the vocabulary and embeddings that they were trained on, or
//! from a user's own checkpoint.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use khabar_enrich::doc::Doc;
use khabar_enrich::encoder::packing::{Facts, Packer, Vocabulary};
use khabar_enrich::encoder::pieces::Special;
use khabar_enrich::encoder::words::{clean, words};
use khabar_enrich::encoder::{Encoder, checkpoint, numbers};
use khabar_enrich::enriched::Field;
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
    let base = Base::read(&crate::read(&options.vocabulary)?)?;
    let labels = metadata.get("labels").context("weights without `labels`")?;
    let facts = Facts {
        name: options.name.clone(),
        labels: labels.split(',').map(str::to_owned).collect(),
        heads: base.heads,
        epsilon: base.epsilon,
        special: base.special,
    };
    write(packer(&trained, base)?.finish(&facts)?, &options.output)
}

/// Packs a user's own checkpoint, a folder; says what was written.
///
/// # Errors
/// When a file of it cannot be read or does not fit, or the output not be written.
pub fn own(folder: &Path, name: &str, output: &Path) -> anyhow::Result<String> {
    let packed = checkpoint::pack(name, |file| std::fs::read(folder.join(file)));
    write(packed.with_context(|| folder.display().to_string())?, output)
}

fn write(bytes: Vec<u8>, output: &Path) -> anyhow::Result<String> {
    let encoder = Encoder::parse(&bytes).context("what was packed")?;
    std::fs::write(output, &bytes).with_context(|| format!("write {}", output.display()))?;
    Ok(format!(
        "{}: {}, {:.1} MB, {} pieces, {:.1} MB in memory",
        output.display(),
        encoder.name(),
        bytes.len() as f64 / 1e6,
        encoder.pieces().len(),
        encoder.bytes() as f64 / 1e6,
    ))
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

/// The windows in which the bodies of `articles` (JSON lines with `body`) are read, one a line, as the numbers of their pieces
/// with the begin and the end; an empty line behind each article.
///
/// # Errors
/// When a file cannot be read or the output not be written.
pub fn windows(encoder: &Path, articles: &Path, mut out: impl std::io::Write) -> anyhow::Result<()> {
    let encoder = crate::encoder(encoder)?;
    for article in crate::score::gold::read(articles)? {
        for window in encoder.windows(&[Doc::new(Field::Body, &article.body)]) {
            let pieces: Vec<String> = window.iter().map(u32::to_string).collect();
            writeln!(out, "{}", pieces.join(" "))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn packer(trained: &HashMap<String, Vec<f32>>, base: Base) -> anyhow::Result<Packer> {
    let get = |name: &str| trained.get(name).with_context(|| format!("weights without `{name}`"));
    let mut packer = Packer::default();
    let width = get("ln.weight")?.len();
    ensure!(base.width == width, "vectors of {} for weights of {width}", base.width);
    // What is added to every input, whatever stands there.
    let added = get("typ_khabar")?;
    let positions: Vec<f32> = get("pos.weight")?
        .chunks_exact(width)
        .flat_map(|row| row.iter().zip(added).map(|(a, b)| a + b))
        .collect();
    packer.floats("pos", &[positions.len() / width, width], &positions);
    for name in ["ln.weight", "ln.bias", "head.weight", "head.bias"] {
        let values = get(name)?;
        let shape =
            if name == "head.weight" { vec![values.len() / width, width] } else { vec![values.len()] };
        packer.floats(name, &shape, values);
    }
    for n in (0..).take_while(|n| trained.contains_key(&format!("layers.{n}.qkv.weight"))) {
        for part in ["qkv", "o", "fi", "fo"] {
            let name = format!("layers.{n}.{part}");
            let (weights, bias) = (get(&format!("{name}.weight"))?, get(&format!("{name}.bias"))?);
            packer.matrix(&name, weights.len() / bias.len().max(1), weights, bias);
        }
        for part in ["ln1.weight", "ln1.bias", "ln2.weight", "ln2.bias"] {
            let name = format!("layers.{n}.{part}");
            packer.floats(&name, &[width], get(&name)?);
        }
    }
    packer.embeddings(width, base.nibbles, base.scales);
    packer.vocabulary(&base.vocabulary);
    Ok(packer)
}

fn floats(bytes: &[u8], dtype: Dtype) -> anyhow::Result<Vec<f32>> {
    match dtype {
        Dtype::I8 => Ok(bytes.iter().map(|b| f32::from(*b as i8)).collect()),
        other => numbers::floats(other, bytes).with_context(|| format!("a tensor of type {other:?}")),
    }
}

/// What is taken from the encoder that was trained on.
struct Base {
    width: usize,
    heads: usize,
    epsilon: f32,
    special: Special,
    vocabulary: Vocabulary,
    nibbles: Vec<u8>,
    scales: Vec<u8>,
}

impl Base {
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
            special: Special { begin, end, unknown },
            vocabulary: Vocabulary {
                pieces,
                ends: offsets.get(1..).unwrap_or_default().to_vec(),
                scores,
                map_from,
                map_ends,
                map_to,
            },
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
