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

/// A size for people, exact where it is a whole number of a unit.
pub fn show_bytes(size: usize) -> String {
    [(30, "GB"), (20, "MB"), (10, "KB")]
        .into_iter()
        .find(|(shift, _)| size >= 1 << shift && size.is_multiple_of(1 << shift))
        .map_or_else(|| format!("{size}B"), |(shift, unit)| format!("{}{unit}", size >> shift))
}

/// A duration for people.
pub fn show_duration(duration: Duration) -> String {
    let millis = duration.as_millis();
    if millis.is_multiple_of(1000) { format!("{}s", millis / 1000) } else { format!("{millis}ms") }
}

fn split(text: &str) -> Option<(u64, &str)> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    Some((number.parse().ok()?, unit.trim_start()))
}
