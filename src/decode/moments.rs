//! Dates and times as inputs write them. Nothing is invented: no zone, no day, no second that the
//! source did not give. `03/04/2026` is refused, because nobody knows which number is the month.

use jiff::civil::Date;
use khabar_enrich::article::{Moment, Precision};

/// Reads a moment written as text: ISO 8601 and RFC 3339 with their common relaxations, RFC 2822 (the
/// dates of feeds and HTTP), and seconds or milliseconds since the epoch.
pub fn parse(text: &str) -> Option<Moment> {
    let text = text.trim();
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    match text.len() {
        9..=16 if digits => from_number(text.parse().ok()?),
        _ => iso(text).or_else(|| rfc2822(text)),
    }
}

/// Reads a moment written as a number: a year, `YYYYMMDD`, or seconds, milliseconds or microseconds
/// since the epoch. Each has a range of its own between the years 1900 and 2100 or so.
pub fn from_number(number: i64) -> Option<Moment> {
    let epoch = |timestamp: Result<jiff::Timestamp, jiff::Error>| {
        let value = timestamp.ok()?.to_string();
        Some(Moment { value, precision: Precision::Second, zone_known: true })
    };
    match number {
        1900..=2100 => moment(number.to_string(), Precision::Year, false),
        19_000_101..=21_001_231 => iso(&number.to_string()),
        100_000_000..=9_999_999_999 => epoch(jiff::Timestamp::from_second(number)),
        100_000_000_000..=9_999_999_999_999 => epoch(jiff::Timestamp::from_millisecond(number)),
        100_000_000_000_000..=9_999_999_999_999_999 => epoch(jiff::Timestamp::from_microsecond(number)),
        _ => None,
    }
}

/// The same for a number with a fraction (seconds since the epoch, as Python's `time.time()`).
pub fn from_float(number: f64) -> Option<Moment> {
    if !(1e8..1e16).contains(&number) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the range was checked; the fraction is below the unit"
    )]
    from_number(number as i64)
}

fn moment(value: String, precision: Precision, zone_known: bool) -> Option<Moment> {
    Some(Moment { value, precision, zone_known })
}

fn iso(text: &str) -> Option<Moment> {
    let (date, rest) = date(text)?;
    let rest = rest.trim_start_matches([' ', 'T', 't', ',']);
    if rest.is_empty() {
        return Some(date.moment);
    }
    // A zone after a bare date says nothing about a time.
    if !date.is_day {
        return None;
    }
    let (time, precision, rest) = time(rest)?;
    let zone = zone(rest.trim_start())?;
    let value = format!("{}T{time}{}", date.moment.value, zone.as_deref().unwrap_or(""));
    moment(value, precision, zone.is_some())
}

struct IsoDate {
    moment: Moment,
    is_day: bool,
}

/// `2026`, `2026-11`, `2026-11-23`, `2026/11/23`, `20261123`.
fn date(text: &str) -> Option<(IsoDate, &str)> {
    let year = number(text, 4)?;
    let after_year = text.get(4..)?;
    let whole = |value: String, precision, rest| {
        let is_day = precision == Precision::Day;
        Some((IsoDate { moment: moment(value, precision, false)?, is_day }, rest))
    };
    let Some(separator) = after_year.chars().next() else {
        return (1000..=2999).contains(&year).then(|| whole(text.to_owned(), Precision::Year, "")).flatten();
    };
    let (month, day, rest) = if separator.is_ascii_digit() {
        (number(after_year, 2)?, Some(number(after_year.get(2..)?, 2)?), after_year.get(4..)?)
    } else if matches!(separator, '-' | '/' | '.') {
        let months = after_year.get(1..)?;
        let after_month = months.get(2..)?;
        match after_month.strip_prefix(separator) {
            Some(days) => (number(months, 2)?, Some(number(days, 2)?), days.get(2..)?),
            None => (number(months, 2)?, None, after_month),
        }
    } else {
        return None;
    };
    let civil =
        Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day.unwrap_or(1)).ok()?);
    civil.ok().filter(|d| d.year() >= 1)?;
    match day {
        Some(day) => whole(format!("{year:04}-{month:02}-{day:02}"), Precision::Day, rest),
        None => whole(format!("{year:04}-{month:02}"), Precision::Month, rest),
    }
}

/// `17:00`, `17:00:05`, `17:00:05.123`, `170005`.
fn time(text: &str) -> Option<(String, Precision, &str)> {
    let hour = number(text, 2).filter(|h| *h < 24)?;
    let after = text.get(2..)?;
    let colon = after.starts_with(':');
    let skip = usize::from(colon);
    let minute = number(after.get(skip..)?, 2).filter(|m| *m < 60)?;
    let rest = after.get(skip + 2..)?;
    let seconds = if colon { rest.strip_prefix(':') } else { Some(rest).filter(|r| number(r, 2).is_some()) };
    let Some(seconds) = seconds else {
        return Some((format!("{hour:02}:{minute:02}"), Precision::Minute, rest));
    };
    let second = number(seconds, 2).filter(|s| *s < 60)?;
    let rest = seconds.get(2..)?;
    let mut value = format!("{hour:02}:{minute:02}:{second:02}");
    let Some(fraction) = rest.strip_prefix(['.', ',']) else { return Some((value, Precision::Second, rest)) };
    let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
    value.push('.');
    value.push_str(fraction.get(..digits.clamp(1, 9))?);
    Some((value, Precision::Second, fraction.get(digits..)?))
}

/// `Z`, `UTC`, `GMT`, `+03:00`, `+0300`, `+03`; `Some(None)` when there is none.
fn zone(text: &str) -> Option<Option<String>> {
    let sign = match text.chars().next() {
        None => return Some(None),
        Some('+') => '+',
        Some('-') => '-',
        Some('\u{2212}') => '-',
        Some(_) => {
            let utc = ["Z", "UTC", "GMT", "UT"].iter().any(|name| text.eq_ignore_ascii_case(name));
            return utc.then(|| Some("Z".to_owned()));
        }
    };
    let digits: String = text.chars().skip(1).filter(|c| *c != ':').collect();
    let (hours, minutes) = match digits.len() {
        2 => (number(&digits, 2)?, 0),
        4 => (number(&digits, 2)?, number(digits.get(2..)?, 2)?),
        _ => return None,
    };
    if hours > 18 || minutes > 59 {
        return None;
    }
    Some(Some(if hours == 0 && minutes == 0 {
        "Z".to_owned()
    } else {
        format!("{sign}{hours:02}:{minutes:02}")
    }))
}

fn number(text: &str, digits: usize) -> Option<i32> {
    let head = text.get(..digits)?;
    head.bytes().all(|b| b.is_ascii_digit()).then(|| head.parse().ok()).flatten()
}

/// `Mon, 23 Nov 2026 17:00:00 +0300`.
fn rfc2822(text: &str) -> Option<Moment> {
    let zoned = jiff::fmt::rfc2822::parse(text).ok()?;
    let offset = zoned.offset().seconds() / 60;
    let zone = match offset {
        0 => "Z".to_owned(),
        _ => {
            format!("{}{:02}:{:02}", if offset < 0 { '-' } else { '+' }, offset.abs() / 60, offset.abs() % 60)
        }
    };
    // The seconds may be left out.
    let minute = text.matches(':').count() == 1;
    let (format, precision) =
        if minute { ("%Y-%m-%dT%H:%M", Precision::Minute) } else { ("%Y-%m-%dT%H:%M:%S", Precision::Second) };
    moment(format!("{}{zone}", zoned.strftime(format)), precision, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(moment: Option<Moment>) -> String {
        moment.map_or_else(
            || "-".to_owned(),
            |m| format!("{} {:?}{}", m.value, m.precision, if m.zone_known { "" } else { " zoneless" }),
        )
    }

    #[test]
    fn keeps_what_the_source_gave() {
        for (text, expected) in [
            ("2026-11-23T17:00:00Z", "2026-11-23T17:00:00Z Second"),
            ("2026-11-23t17:00:00.120+03:00", "2026-11-23T17:00:00.120+03:00 Second"),
            ("2026-11-23 17:00:00", "2026-11-23T17:00:00 Second zoneless"),
            ("2026-11-23 17:00:00+00:00", "2026-11-23T17:00:00Z Second"),
            ("2026-11-23 17:00:00 UTC", "2026-11-23T17:00:00Z Second"),
            ("2026-11-23T17:00", "2026-11-23T17:00 Minute zoneless"),
            ("2026-11-23T17:00+0300", "2026-11-23T17:00+03:00 Minute"),
            ("2026-11-23", "2026-11-23 Day zoneless"),
            ("2026/11/23", "2026-11-23 Day zoneless"),
            ("20261123T170000Z", "2026-11-23T17:00:00Z Second"),
            ("20261123", "2026-11-23 Day zoneless"),
            ("2026-11", "2026-11 Month zoneless"),
            ("2026", "2026 Year zoneless"),
            ("Mon, 23 Nov 2026 17:00:00 GMT", "2026-11-23T17:00:00Z Second"),
            ("Mon, 23 Nov 2026 17:00 -0530", "2026-11-23T17:00-05:30 Minute"),
            ("1795453200", "2026-11-23T17:00:00Z Second"),
            ("1795453200123", "2026-11-23T17:00:00.123Z Second"),
        ] {
            assert_eq!(shown(parse(text)), expected, "{text}");
        }
        assert_eq!(shown(from_number(1_795_453_200)), "2026-11-23T17:00:00Z Second");
        assert_eq!(shown(from_number(20_261_123)), "2026-11-23 Day zoneless");
        assert_eq!(shown(from_float(1_795_453_200.5)), "2026-11-23T17:00:00Z Second");
    }

    #[test]
    fn refuses_what_it_would_have_to_guess() {
        for text in [
            "",
            "None",
            "03/04/2026",
            "2026-13-01",
            "2026-02-30",
            "0000-00-00",
            "2026-11-23T25:00:00Z",
            "2026-11-23 17:00 MST",
            "yesterday",
            "12",
            "2026-11-23T17:00:00+99:00",
            "٢٠٢٦-١١-٢٣",
            "99999",
        ] {
            assert_eq!(shown(parse(text)), "-", "{text}");
        }
        assert_eq!(from_number(0), None);
        assert_eq!(from_number(i64::MAX), None);
        assert_eq!(from_float(f64::NAN), None);
    }
}
