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

/// What a text says of the one it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// It collects, uses or answers for the data, or is the site itself.
    Responsible,
    /// It writes or calls, and may be another company than the site's.
    Sender,
    /// Others give it the data.
    Receiver,
    /// Something belongs to it or is about it: a document, a mailing.
    Mentioned,
}

/// A party with the place that names it.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    pub party: Party,
    pub part: Part,
    pub quote: String,
    pub nearness: Where,
    pub place: Place,
}
