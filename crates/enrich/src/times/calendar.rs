//! Dates of any precision and their distance from the day of publication.

use jiff::ToSpan;
use jiff::civil::Date;

use super::lexicon::Span;

/// The day of publication; `None` when nothing says it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Anchor(pub Option<Date>);

/// Where a relative expression points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Toward {
    /// Before the anchor.
    Past,
    /// After it.
    Future,
    /// The unit that holds it.
    Now,
    /// Not said: the nearest.
    Near,
}

impl Toward {
    /// The year of a month that lies `ahead` of the anchor's in the anchor's `year`, in any calendar.
    pub fn year(self, year: i32, ahead: i32) -> i32 {
        match self {
            Toward::Past if ahead >= 0 => year - 1,
            Toward::Future if ahead <= 0 => year + 1,
            Toward::Near if ahead > 6 => year - 1,
            Toward::Near if ahead < -8 => year + 1,
            _ => year,
        }
    }
}

impl Anchor {
    /// Reads an ISO date, with or without a time behind it.
    pub fn new(iso: Option<&str>) -> Self {
        Self(iso.and_then(|iso| iso.get(..10)).and_then(|day| day.parse().ok()))
    }

    /// The day `days` from the anchor.
    pub fn day(self, days: i32) -> Option<Date> {
        self.0?.checked_add(i64::from(days).days()).ok()
    }

    /// A day of the week, Monday is 1.
    pub fn weekday(self, weekday: u8, toward: Toward) -> Option<Date> {
        let today = i32::from(self.0?.weekday().to_monday_one_offset());
        let ahead = (i32::from(weekday) - today).rem_euclid(7);
        self.day(match toward {
            Toward::Past if ahead == 0 => -7,
            Toward::Near | Toward::Now if ahead == 0 => 0,
            Toward::Future if ahead == 0 => 7,
            Toward::Future => ahead,
            Toward::Past | Toward::Near | Toward::Now => ahead - 7,
        })
    }

    /// The day of the week nearest to `days` from the anchor, the earlier of two.
    pub fn weekday_near(self, weekday: u8, days: i32) -> Option<Date> {
        let day = self.day(days)?;
        let off = (i32::from(weekday) - i32::from(day.weekday().to_monday_one_offset())).rem_euclid(7);
        self.day(days + if off < 3 { off } else { off - 7 })
    }

    /// Whether a month of the anchor's year is a season ahead of it.
    pub fn far_ahead(self, month: u8) -> bool {
        self.0.is_some_and(|anchor| i32::from(month) - i32::from(anchor.month()) > 3)
    }

    /// Whether a month of the anchor's year is still to come.
    pub fn ahead(self, month: u8) -> bool {
        self.0.is_some_and(|anchor| i32::from(month) > i32::from(anchor.month()))
    }

    /// The year of a month named without one.
    pub fn year_of(self, month: u8, toward: Toward) -> Option<i16> {
        let anchor = self.0?;
        let (year, ahead) = (anchor.year(), i16::from(month as i8) - i16::from(anchor.month()));
        i16::try_from(toward.year(year.into(), ahead.into())).ok()
    }

    /// The value of the unit `count` units from the anchor's, as precise as the unit. Where `sunday` the week begins
    /// on that day, as in Arabic news, and has the number of the ISO week that begins on the Monday after.
    pub fn unit(self, span: Span, count: i64, sunday: bool) -> Option<String> {
        let mut date = self.0?;
        if sunday && span == Span::Week && date.weekday() == jiff::civil::Weekday::Sunday {
            date = date.tomorrow().ok()?;
        }
        // bounds keep the arithmetic inside the calendar
        let count = if (-5000..=5000).contains(&count) { count } else { return None };
        let moved = match span {
            Span::Second | Span::Minute | Span::Hour => date.checked_add(0.days()),
            Span::Day => date.checked_add(count.days()),
            Span::Week => date.checked_add(count.weeks()),
            Span::Month => date.checked_add(count.months()),
            Span::Year => date.checked_add(count.years()),
            Span::Decade => date.checked_add((count * 10).years()),
            Span::Century => date.checked_add((count * 100).years()),
        }
        .ok()?;
        Some(match span {
            Span::Second | Span::Minute | Span::Hour | Span::Day => moved.to_string(),
            Span::Week => {
                let week = moved.iso_week_date();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
            Span::Month => format!("{:04}-{:02}", moved.year(), moved.month()),
            Span::Year => format!("{:04}", moved.year()),
            Span::Decade => format!("{:03}", moved.year().div_euclid(10)),
            Span::Century => format!("{:02}", moved.year().div_euclid(100)),
        })
    }
}

impl Span {
    /// The value of a date of this precision that cannot be placed.
    pub fn unknown(self) -> &'static str {
        match self {
            Span::Second | Span::Minute | Span::Hour | Span::Day => "XXXX-XX-XX",
            Span::Week => "XXXX-WXX",
            Span::Month => "XXXX-XX",
            Span::Year => "XXXX",
            Span::Decade => "XXX",
            Span::Century => "XX",
        }
    }

    /// A length of `count` in ISO 8601, `X` when the text does not say how many.
    pub fn duration(self, count: Option<f64>) -> String {
        let scale = match self {
            Span::Decade => 10.0,
            Span::Century => 100.0,
            _ => 1.0,
        };
        let number = match count {
            Some(count) => {
                let count = count * scale;
                if count.fract() == 0.0 && count.abs() < 1e15 {
                    format!("{}", count as i64)
                } else {
                    format!("{count}")
                }
            }
            None => "X".to_owned(),
        };
        let unit = match self {
            Span::Second => return format!("PT{number}S"),
            Span::Minute => return format!("PT{number}M"),
            Span::Hour => return format!("PT{number}H"),
            Span::Day => "D",
            Span::Week => "W",
            Span::Month => "M",
            Span::Decade if count.is_none() => "DE",
            Span::Century if count.is_none() => "C",
            Span::Year | Span::Decade | Span::Century => "Y",
        };
        format!("P{number}{unit}")
    }
}
