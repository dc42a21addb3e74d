//! Who is named, as what, and with which words.

use super::place::{Place, Where};

/// A company or person as a page names it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Party {
    pub name: String,
    /// `SAS`, `GmbH`, `Ltd` as written, where one stands with the name.
    pub legal_form: Option<String>,
    /// A registration number as written, where one stands near the name.
    pub registration: Option<String>,
    /// Where form and number leave one country: `fr`, `uk`; `eu` for a form of Union law.
    pub country: Option<String>,
}

/// A party with the place that names it.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    pub party: Party,
    pub quote: String,
    pub nearness: Where,
    pub place: Place,
}
