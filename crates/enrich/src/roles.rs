//! Offices said of people: `الأمين العام لمنظمة التعاون الإسلامي، يوسف العثيمين`.

use crate::doc::Doc;
use crate::enriched::Role;
use crate::entities::Found;

/// The offices that `docs` state, in order of their position.
pub fn find(docs: &[Doc], found: &Found) -> Vec<Role> {
    let _ = (docs, found);
    Vec::new()
}
