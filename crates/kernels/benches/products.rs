//! `cargo bench -p khabar-kernels`: products of a layer's size on every path, as a ratio to the same product in `f32` by
//! two crates, in one run. One line each: thousands of millions of multiplications a second, and the ratio.

use std::hint::black_box;
use std::time::Instant;

use khabar_kernels::{Attention, Heads, Matrix, Path, Rows, gelu};

const ROWS: usize = 252;

fn main() {
    for (inputs, outputs) in [(384, 1152), (384, 1536), (1536, 384)] {
        let x: Vec<f32> = (0..ROWS * inputs).map(|i| ((i * 37 % 101) as f32 - 50.0) / 50.0).collect();
        let w: Vec<f32> = (0..inputs * outputs).map(|i| ((i * 53 % 97) as f32 - 48.0) / 480.0).collect();
        let work = (ROWS * inputs * outputs) as f64;
        println!("{ROWS} x {inputs} x {outputs}");
        let mut y = vec![0.0_f32; ROWS * outputs];
        let reference = rate(work, || {
            // SAFETY: the strides stay within the three matrices.
            unsafe {
                let (i, o) = (inputs as isize, outputs as isize);
                matrixmultiply::sgemm(
                    ROWS,
                    inputs,
                    outputs,
                    1.0,
                    x.as_ptr(),
                    i,
                    1,
                    w.as_ptr(),
                    1,
                    i,
                    0.0,
                    y.as_mut_ptr(),
                    o,
                    1,
                );
            }
            black_box(&y);
        });
        line("matrixmultiply, f32", reference, reference);
        let other = rate(work, || {
            let (i, o) = (inputs as isize, outputs as isize);
            // SAFETY: as above.
            unsafe {
                gemm::gemm(
                    ROWS,
                    outputs,
                    inputs,
                    y.as_mut_ptr(),
                    1,
                    o,
                    false,
                    x.as_ptr(),
                    1,
                    i,
                    w.as_ptr(),
                    i,
                    1,
                    0.0_f32,
                    1.0_f32,
                    false,
                    false,
                    false,
                    gemm::Parallelism::None,
                );
            }
            black_box(&y);
        });
        line("gemm, f32", other, reference);
        let matrix = Matrix::of(inputs, &w, &vec![0.0; outputs]).expect("shapes fit");
        for path in Path::available() {
            let (mut rows, mut out) = (Rows::default(), Vec::new());
            let ours = rate(work, || {
                rows.quantise(path, &x, inputs);
                matrix.apply(path, &rows, &mut out).expect("shapes fit");
                black_box(&out);
            });
            line(path.name(), ours, reference);
        }
    }
    let heads = Heads { count: 12, width: 32 };
    let qkv: Vec<f32> = (0..ROWS * 3 * 384).map(|i| ((i * 37 % 101) as f32 - 50.0) / 50.0).collect();
    for path in Path::available() {
        let (mut out, mut attention) = (Vec::new(), Attention::default());
        let work = (2 * ROWS * ROWS * 384) as f64;
        let per = rate(work, || attention.apply(path, heads, black_box(&qkv), &mut out));
        println!("attention, {}: {per:.1}", path.name());
        let mut values: Vec<f32> = qkv.clone();
        let per = rate(values.len() as f64, || gelu(path, black_box(&mut values)));
        println!("gelu, {}: {per:.2} thousand million a second", path.name());
    }
}

fn line(name: &str, rate: f64, reference: f64) {
    println!("  {name:22} {rate:6.1}  {:.2}", rate / reference);
}

/// Thousands of millions a second, the best of several rounds.
fn rate(work: f64, mut f: impl FnMut()) -> f64 {
    let mut best = 0.0_f64;
    for _ in 0..12 {
        let start = Instant::now();
        for _ in 0..4 {
            f();
        }
        best = best.max(4.0 * work / start.elapsed().as_secs_f64() / 1e9);
    }
    best
}
