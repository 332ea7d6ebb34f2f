//! What a text says in numbers: times, quantities, coordinates, fingerprints.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Span;

/// A time expression (TIMEX3). Precision is what the text says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Time {
    /// The words, to the letter.
    pub text: String,
    /// Where.
    #[serde(flatten)]
    pub span: Span,
    /// TIMEX3 type.
    #[serde(rename = "type")]
    pub kind: TimeType,
    /// TIMEX3 value: `2005-06`, `P15Y`, `PAST_REF`, `XXXX-WXX-4`.
    pub value: String,
    /// TIMEX3 mod.
    #[serde(rename = "mod")]
    pub modifier: Option<TimeMod>,
    /// The calendar that the text uses.
    pub calendar: Calendar,
    /// ISO date that a relative expression was counted from.
    pub anchor: Option<String>,
}

/// TIMEX3 types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum TimeType {
    /// A calendar date, of any precision.
    Date,
    /// A time of day.
    Time,
    /// A length of time.
    Duration,
    /// A recurring time.
    Set,
}

/// TIMEX3 modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TimeMod {
    /// The start of it.
    Start,
    /// The middle of it.
    Mid,
    /// The end of it.
    End,
    /// About it.
    Approx,
    /// Before it.
    Before,
    /// After it.
    After,
    /// At most it.
    EqualOrLess,
    /// At least it.
    EqualOrMore,
    /// Less than it.
    LessThan,
    /// More than it.
    MoreThan,
}

/// Calendars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Calendar {
    /// Gregorian.
    Gregorian,
    /// Hijri.
    Hijri,
}

/// A number with its unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Quantity {
    /// The words, to the letter.
    pub text: String,
    /// Where.
    #[serde(flatten)]
    pub span: Span,
    /// The number; of a score the side that is named first.
    pub value: f64,
    /// The other side of a score; left out for everything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<f64>,
    /// The unit; `null` when the text names none, or one that is not in the list.
    pub unit: Option<Unit>,
    /// What is counted.
    pub kind: QuantityKind,
}

/// Units of quantities; the list grows with the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// People of any kind.
    Person,
    /// Things that are counted.
    Item,
    /// Goals, or what a game counts.
    Goal,
    /// Points of a score or an index.
    Point,
    /// Per cent.
    Percent,
    /// Seconds.
    Second,
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
    /// Days.
    Day,
    /// Weeks.
    Week,
    /// Months.
    Month,
    /// Years.
    Year,
    /// Decades.
    Decade,
    /// Centuries.
    Century,
    /// US dollars.
    Usd,
    /// Euros.
    Eur,
    /// Pounds sterling.
    Gbp,
    /// Russian roubles.
    Rub,
    /// Egyptian pounds.
    Egp,
    /// Saudi riyals.
    Sar,
    /// UAE dirhams.
    Aed,
    /// Kuwaiti dinars.
    Kwd,
    /// Qatari riyals.
    Qar,
    /// Omani rials.
    Omr,
    /// Yemeni rials.
    Yer,
    /// Jordanian dinars.
    Jod,
    /// Iraqi dinars.
    Iqd,
    /// Algerian dinars.
    Dzd,
    /// Tunisian dinars.
    Tnd,
    /// Moroccan dirhams.
    Mad,
    /// Lebanese pounds.
    Lbp,
    /// Syrian pounds.
    Syp,
    /// Turkish lira.
    Try,
    /// Chinese yuan.
    Cny,
    /// Japanese yen.
    Jpy,
    /// Indian rupees.
    Inr,
    /// Swiss francs.
    Chf,
    /// Canadian dollars.
    Cad,
    /// Australian dollars.
    Aud,
    /// Ukrainian hryvnias.
    Uah,
    /// Hundredths of the main unit.
    Cent,
    /// Millimetres.
    Millimetre,
    /// Centimetres.
    Centimetre,
    /// Metres.
    Metre,
    /// Kilometres.
    Kilometre,
    /// Kilometres an hour.
    KilometrePerHour,
    /// Miles.
    Mile,
    /// Feet.
    Foot,
    /// Inches.
    Inch,
    /// Square metres.
    SquareMetre,
    /// Square kilometres.
    SquareKilometre,
    /// Hectares.
    Hectare,
    /// Feddans.
    Feddan,
    /// Acres.
    Acre,
    /// Grams.
    Gram,
    /// Kilograms.
    Kilogram,
    /// Tonnes.
    Tonne,
    /// Litres.
    Litre,
    /// Barrels.
    Barrel,
    /// Barrels a day.
    BarrelPerDay,
    /// Degrees of any scale.
    Degree,
    /// Watts and their multiples.
    Watt,
    /// Bytes and their multiples.
    Byte,
}

/// Kinds of quantities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuantityKind {
    /// A number of things.
    Count,
    /// A place in an order.
    Ordinal,
    /// A sum of money.
    Money,
    /// A share.
    Percent,
    /// A length of time.
    Duration,
    /// A physical measure.
    Measure,
    /// The result of a game: `value` to `against`.
    Score,
}

/// Where an entity is on the map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// Entity id.
    pub entity: String,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// What the point stands for.
    pub precision: PlacePrecision,
}

/// What a point stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlacePrecision {
    /// A country's label point.
    Country,
    /// A region's.
    Region,
    /// A city's.
    City,
}

/// For finding duplicates, from this record alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Fingerprint {
    /// `sha256:` of the normalised, folded text.
    pub normalised: String,
    /// MinHash bands over word 5-grams, as hexadecimal strings; near-duplicates share at least one.
    pub minhash: Vec<String>,
}
