//! Arithmetic of a transformer encoder on a CPU, the same to the bit on every path.
//!
//! A product of weights and activations is done in whole numbers: weights of 7 bits and a sign ([`Matrix`]), activations of
//! 8 bits with a scale a row ([`Rows`]), sums of 32 bits. Those are exact, so that AVX-512 VNNI, AVX2, NEON and the
//! portable twin give the same numbers. (7 bits, because AVX2 adds two products of 8 by 8 bits in 16 bits, which
//! would saturate.) [`Attention`] is done so too. What is left in `f32` ([`layer_norm`], [`gelu`], [`exp`], scales) is multiplied and added in a
//! fixed order, never fused, whatever the width of the vectors.
//!
//! This is the only crate of khabar with `unsafe` code: every public function is safe, checks the shapes that its
//! vector code relies on, and takes the [`Path`] to run on, which only exists where the processor has it.
#![deny(unsafe_op_in_unsafe_fn, clippy::undocumented_unsafe_blocks)]

mod attention;
mod floats;
mod matrix;
#[cfg(target_arch = "aarch64")]
mod neon;
mod path;
mod portable;
mod product;
mod rows;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use attention::{Attention, Heads};
pub use floats::{add_layer_norm, exp, gelu, layer_norm};
pub use matrix::{Matrix, ShapeError, rounded};
pub use path::Path;
pub use rows::Rows;
