//! Byte sizes and durations with their units.

use std::time::Duration;

/// Bytes of `8MB`, `512 KiB`, `100B`, `1048576`. Units are powers of 1024, with or without the `i`.
///
/// # Errors
/// What is wrong and what is allowed, for a person.
pub fn bytes(text: &str) -> Result<usize, String> {
    const ALLOWED: &str = "give a size such as \"512KB\", \"8MB\" or \"1GB\" (powers of 1024)";
    let (number, unit) = split(text).ok_or(ALLOWED)?;
    let shift = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        _ => return Err(ALLOWED.into()),
    };
    let size = number.checked_mul(1u64 << shift).filter(|size| *size <= 1 << 40);
    size.and_then(|size| usize::try_from(size).ok()).ok_or_else(|| "is too large: at most \"1024GB\"".into())
}

/// The duration of `5ms`, `25s`, `2m`, `1h`.
///
/// # Errors
/// What is wrong and what is allowed, for a person.
pub fn duration(text: &str) -> Result<Duration, String> {
    const ALLOWED: &str = "give a duration with its unit, such as \"500ms\", \"25s\", \"2m\" or \"1h\"";
    let (number, unit) = split(text).ok_or(ALLOWED)?;
    let millis = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        _ => return Err(ALLOWED.into()),
    };
    let millis = number.checked_mul(millis).filter(|millis| *millis <= 7 * 24 * 3_600_000);
    millis.map(Duration::from_millis).ok_or_else(|| "is too long: at most \"168h\"".into())
}

/// A size for people: exact where it is a whole number of a unit, else to one decimal.
pub fn show_bytes(size: usize) -> String {
    let units = [(30, "GB"), (20, "MB"), (10, "KB")];
    let Some((shift, unit)) = units.into_iter().find(|(shift, _)| size >= 1 << shift) else {
        return format!("{size}B");
    };
    if size.is_multiple_of(1 << shift) {
        format!("{}{unit}", size >> shift)
    } else {
        format!("{:.1}{unit}", size as f64 / f64::from(1_u32 << shift))
    }
}

/// A duration for people.
pub fn show_duration(duration: Duration) -> String {
    let millis = duration.as_millis();
    let units = [(3_600_000, "h"), (1000, "s")];
    let whole = units.into_iter().find(|(length, _)| millis >= *length && millis.is_multiple_of(*length));
    whole.map_or_else(|| format!("{millis}ms"), |(length, unit)| format!("{}{unit}", millis / length))
}

fn split(text: &str) -> Option<(u64, &str)> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    Some((number.parse().ok()?, unit.trim_start()))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{bytes, duration, show_bytes, show_duration};

    #[test]
    fn sizes() {
        for (text, size) in [("0", 0), ("12", 12), ("512KB", 512 << 10), ("8 MiB", 8 << 20), ("1g", 1 << 30)]
        {
            assert_eq!(bytes(text), Ok(size), "{text}");
        }
        for text in ["", "MB", "-1", "1.5MB", "8TB", "8 MB x", "99999999999999999999", "99999999GB"] {
            assert!(bytes(text).is_err(), "{text}");
        }
        for (size, text) in [(0, "0B"), (1023, "1023B"), (8 << 20, "8MB"), (3_495_253, "3.3MB")] {
            assert_eq!(show_bytes(size), text);
        }
    }

    #[test]
    fn durations() {
        for (text, millis) in [("5ms", 5), ("25s", 25_000), ("2m", 120_000), ("1 h", 3_600_000)] {
            assert_eq!(duration(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for text in ["", "5", "s", "1d", "1.5s", "-1s", "99999999h"] {
            assert!(duration(text).is_err(), "{text}");
        }
        assert_eq!(show_duration(Duration::from_millis(1500)), "1500ms");
        assert_eq!(show_duration(Duration::from_secs(7200)), "2h");
    }
}
