//! Nanoseconds to decode one record of about 5 KB, beside `serde_json::from_slice::<Value>` on the
//! same bytes: `cargo run --release --example decode_speed`.

use std::hint::black_box;
use std::time::Instant;

use khabar::decode::{Decoder, Settings};
use khabar::envelope::Raw;

fn main() {
    let sentence = "أعلنت وزارة النقل في مدينة الواحة يوم الاثنين افتتاح خط جديد للقطارات. ";
    let plain = sentence.repeat(5000 / sentence.len());
    let lines = sentence.replace(". ", ".\n").repeat(5000 / sentence.len());
    let english = "The harbour authority of Port Ellis opened a new ferry line on Monday. ".repeat(70);
    for (name, body) in [("arabic", plain), ("arabic with newlines", lines), ("english", english)] {
        let json = serde_json::json!({
            "id": "a1", "url": "https://waha.example/n/1", "title": "خط قطارات جديد", "authors": ["هدى منصور"],
            "publish_date": "2026-11-23T17:00:00Z", "language": "ar", "tags": ["نقل"], "text": body,
        });
        let raw = Raw { value: Some(serde_json::to_vec(&json).unwrap_or_default().into()), ..Raw::default() };
        let value = raw.value.clone().unwrap_or_default();
        let decoder = Decoder::new(Settings::default());
        let ours = best(|| {
            let _ = black_box(decoder.decode(black_box(&raw)));
        });
        let theirs = best(|| {
            let _ = black_box(serde_json::from_slice::<serde_json::Value>(black_box(&value)));
        });
        println!("{name}: {} bytes, decode {ours:.0} ns, serde_json::Value {theirs:.0} ns", value.len());
    }
}

/// CPU nanoseconds a call, the best of several rounds: other processes do not count.
fn best(mut work: impl FnMut()) -> f64 {
    const CALLS: u32 = 5_000;
    (0..15)
        .map(|_| {
            let start = cpu_nanoseconds();
            (0..CALLS).for_each(|_| work());
            (cpu_nanoseconds() - start) / f64::from(CALLS)
        })
        .fold(f64::INFINITY, f64::min)
}

/// Time on a CPU so far, as Linux counts it; elsewhere, time on the clock.
fn cpu_nanoseconds() -> f64 {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    let counted = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let counted = counted.and_then(|text| text.split(' ').next().and_then(|n| n.parse().ok()));
    counted.unwrap_or_else(|| START.get_or_init(Instant::now).elapsed().as_secs_f64() * 1e9)
}
