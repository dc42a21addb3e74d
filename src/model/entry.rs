//! What a recipient list lists.

use super::place::Place;

/// Whether an entry names somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryKind {
    Company,
    /// A sector or another common noun: "Insurance", "Energy suppliers".
    Category,
}

/// One entry of a recipient list.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub name: String,
    /// As written, where one stands with the name.
    pub legal_form: Option<String>,
    pub registration: Option<String>,
    /// Where the entry leads, resolved.
    pub link: Option<String>,
    pub kind: EntryKind,
    pub place: Place,
}
