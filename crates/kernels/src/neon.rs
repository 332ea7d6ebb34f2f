//! The product with NEON.

use std::arch::aarch64::*;

use crate::product::{BLOCK, Packed, STEP};

/// See [`crate::product::products`].
///
/// # Safety
/// The processor has NEON; every block has `BLOCK * inputs` weights of at most 63 and `BLOCK` sums.
#[target_feature(enable = "neon")]
pub(crate) unsafe fn products(
    packed: &Packed,
    rows: &[u8],
    mut each: impl FnMut(usize, usize, &[i32; BLOCK]),
) {
    let inputs = packed.inputs;
    for (block, weights) in packed.weights.chunks_exact(BLOCK * inputs).enumerate() {
        for (number, bytes) in rows.chunks_exact(inputs).enumerate() {
            // Pairs of products, 32 bits: two vectors for each four outputs.
            let mut acc = [vdupq_n_s32(0); 2 * BLOCK / STEP];
            for step in 0..inputs / STEP {
                // SAFETY: a step has 64 bytes of weights, and four bytes of the row.
                unsafe {
                    let four = bytes.as_ptr().add(step * STEP).cast::<u32>().read_unaligned();
                    // Signed: a byte less 128 is its highest bit flipped. The sums of the weights make up for it below.
                    let a = vreinterpretq_s8_u8(veorq_u8(
                        vreinterpretq_u8_u32(vdupq_n_u32(four)),
                        vdupq_n_u8(128),
                    ));
                    for quarter in 0..4 {
                        let w = vld1q_s8(weights.as_ptr().add(step * BLOCK * STEP + quarter * 16));
                        let low = vmull_s8(vget_low_s8(a), vget_low_s8(w));
                        let high = vmull_s8(vget_high_s8(a), vget_high_s8(w));
                        acc[2 * quarter] = vpadalq_s16(acc[2 * quarter], low);
                        acc[2 * quarter + 1] = vpadalq_s16(acc[2 * quarter + 1], high);
                    }
                }
            }
            let mut sums = [0_i32; BLOCK];
            for quarter in 0..4 {
                let both = vpaddq_s32(acc[2 * quarter], acc[2 * quarter + 1]);
                // SAFETY: four numbers of 32 bits.
                unsafe { vst1q_s32(sums.as_mut_ptr().add(4 * quarter), both) };
            }
            for (sum, much) in sums.iter_mut().zip(&packed.sums[block * BLOCK..]) {
                *sum += much;
            }
            each(number, block, &sums);
        }
    }
}
