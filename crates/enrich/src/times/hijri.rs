//! Hijri dates as Gregorian ones, by the Umm al-Qura calendar, which Saudi Arabia goes by and most news means.
//!
//! The calendar of a country may be a day off: months begin with the sighting of the moon. A month becomes the range
//! of its days. A year becomes the Gregorian year in which it ends, which is how news that gives both pairs them
//! (`1446هـ 2025م`).

use icu_calendar::Date;
use icu_calendar::cal::hijri::UmmAlQura;
use icu_calendar::cal::{Hijri, Iso};
use jiff::ToSpan;

use crate::enriched::TimeMod;
use crate::times::Toward;

type Calendar = Hijri<UmmAlQura>;

/// Years whose months are tabulated or close to it.
const YEARS: std::ops::Range<i32> = 1..1600;

/// A day as `YYYY-MM-DD`; `None` when there is no such day.
pub(super) fn day(year: i32, month: u8, day: u8) -> Option<String> {
    date(year, month, day).map(|date| iso(&date))
}

/// A month as the range of its days.
pub(super) fn month(year: i32, month: u8) -> Option<String> {
    let first = date(year, month, 1)?;
    let last = date(year, month, first.days_in_month())?;
    Some(format!("{}/{}", iso(&first), iso(&last)))
}

/// The Gregorian month in which the beginning, the middle or the end of a Hijri month lies, whose days are `range`.
pub(super) fn part_of_month(range: &str, part: TimeMod) -> Option<String> {
    let (first, last) = range.split_once('/')?;
    let (first, last): (jiff::civil::Date, jiff::civil::Date) = (first.parse().ok()?, last.parse().ok()?);
    let day = match part {
        TimeMod::Start => first,
        TimeMod::Mid => first.checked_add(14.days()).ok()?,
        TimeMod::End => last,
        _ => return None,
    };
    Some(format!("{:04}-{:02}", day.year(), day.month()))
}

/// The Gregorian year in which a year ends.
pub(super) fn year(year: i32) -> Option<i32> {
    Some(date(year, 12, 29)?.to_calendar(Iso).year().extended_year())
}

/// The Hijri year of a month named without one, counted from a Gregorian day.
pub(super) fn year_of(month: u8, anchor: jiff::civil::Date, toward: Toward) -> Option<i32> {
    let anchor = Date::try_new_iso(
        i32::from(anchor.year()),
        anchor.month().unsigned_abs(),
        anchor.day().unsigned_abs(),
    )
    .ok()?
    .to_calendar(Calendar::new_umm_al_qura());
    let (year, ahead) = (anchor.year().extended_year(), i32::from(month) - i32::from(anchor.month().ordinal));
    Some(toward.year(year, ahead))
}

fn date(year: i32, month: u8, day: u8) -> Option<Date<Calendar>> {
    if !YEARS.contains(&year) {
        return None;
    }
    Date::try_new_hijri_with_calendar(year, month, day, Calendar::new_umm_al_qura()).ok()
}

fn iso(date: &Date<Calendar>) -> String {
    let date = date.to_calendar(Iso);
    format!("{:04}-{:02}-{:02}", date.year().extended_year(), date.month().ordinal, date.day_of_month().0)
}
