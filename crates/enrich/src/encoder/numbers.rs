//! Numbers of a tensor.

use half::{bf16, f16};
use safetensors::Dtype;

/// What [`floats`] reads.
pub const FLOATS: &str = "F32, F16 or BF16";

/// Numbers of 32 or 16 bits, little-endian; `None` where they are of another type.
pub fn floats(dtype: Dtype, bytes: &[u8]) -> Option<Vec<f32>> {
    let halves = bytes.as_chunks::<2>().0.iter();
    Some(match dtype {
        Dtype::F32 => bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect(),
        Dtype::F16 => halves.map(|b| f16::from_le_bytes(*b).to_f32()).collect(),
        Dtype::BF16 => halves.map(|b| bf16::from_le_bytes(*b).to_f32()).collect(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_is_read() {
        let number = -1.5_f32;
        assert_eq!(floats(Dtype::F32, &number.to_le_bytes()), Some(vec![number]));
        assert_eq!(floats(Dtype::F16, &f16::from_f32(number).to_le_bytes()), Some(vec![number]));
        assert_eq!(floats(Dtype::BF16, &bf16::from_f32(number).to_le_bytes()), Some(vec![number]));
        assert_eq!(floats(Dtype::I8, &[1]), None);
    }
}
