//! Numbers and days that are parts of names: الحسن الثاني counts nothing, and a company called after a day tells none.

use crate::doc::Doc;
use crate::enriched::{EntityType, Quantity, QuantityKind, Span, Time};
use crate::entities::Found;

/// The outermost names of a document.
pub(super) struct Names(Vec<(Span, EntityType)>);

impl Names {
    pub fn new(doc: &Doc, found: &Found) -> Self {
        let mentions = found.mentions_in(doc.field, 0..u32::MAX).map(|(_, mention)| mention);
        let outermost = mentions.filter(|mention| mention.nested_in.is_none());
        Self(outermost.map(|m| (doc.span(m.range.start as usize..m.range.end as usize), m.kind)).collect())
    }

    /// Whether a time is part of a name. An event keeps its day: it tells when the event was.
    pub fn hold_time(&self, time: &Time) -> bool {
        self.around(&time.span).is_some_and(|kind| kind != EntityType::Event)
    }

    /// Whether a quantity is part of a name, or counts with a number that is: `the Stoxx 600 index`. An event keeps its number
    /// in digits.
    pub fn hold_quantity(&self, quantity: &Quantity) -> bool {
        let counts = matches!(quantity.kind, QuantityKind::Count | QuantityKind::Ordinal);
        if counts && self.begin(&quantity.span) {
            return true;
        }
        let digits = quantity.text.chars().any(char::is_numeric);
        self.around(&quantity.span).is_some_and(|kind| kind != EntityType::Event || !digits)
    }

    /// Whether `span` begins in a name, behind its first letters, and goes on behind it.
    fn begin(&self, span: &Span) -> bool {
        let behind = self.0.partition_point(|(name, _)| name.byte[0] < span.byte[0]);
        let name = behind.checked_sub(1).and_then(|i| self.0.get(i));
        name.is_some_and(|(name, _)| span.byte[0] < name.byte[1] && span.byte[1] > name.byte[1])
    }

    /// The type of the name that holds `span`.
    fn around(&self, span: &Span) -> Option<EntityType> {
        // outermost names do not overlap, so only the last that begins before can hold it
        let behind = self.0.partition_point(|(name, _)| name.byte[0] <= span.byte[0]);
        let (name, kind) = self.0.get(behind.checked_sub(1)?)?;
        (span.byte[1] <= name.byte[1]).then_some(*kind)
    }
}
