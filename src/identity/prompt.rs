//! What a field shows, and what a person does with it.

use crate::model::Category;

use super::words::{folded, has};

/// A field as it stands in the page.
#[derive(Debug, Clone)]
pub struct Prompt {
    pub category: Category,
    /// The control's type: an input's `type`, `select`, `textarea`, `radio`.
    pub kind: String,
    /// Its technical name.
    pub name: String,
    pub label: String,
    pub placeholder: String,
    pub autocomplete: String,
    pub inputmode: String,
    /// As JavaScript writes regular expressions.
    pub pattern: Option<String>,
    pub minlength: Option<usize>,
    pub maxlength: Option<usize>,
    /// These three as the page gives them: numbers or dates, by the type.
    pub min: Option<String>,
    pub max: Option<String>,
    pub step: Option<String>,
    /// The answers it offers: options of a select, buttons of a radio group.
    pub options: Vec<Choice>,
}

/// One answer that a field offers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    pub label: String,
    pub value: String,
    pub disabled: bool,
}

/// What a person does with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Type(String),
    /// By its place among the options, from 0.
    Choose(usize),
    /// Nothing: it needs no answer, or gives its own.
    Leave,
}

/// Types of controls that are left as they are: consent is not an answer, and files and colours have none.
pub const LEFT: [&str; 9] = [
    "hidden", "submit", "reset", "button", "image", "file", "checkbox", "search", "color",
];

impl Prompt {
    /// A field of which nothing more is known.
    pub fn of(category: Category, kind: &str) -> Prompt {
        Prompt {
            category,
            kind: kind.to_string(),
            name: String::new(),
            label: String::new(),
            placeholder: String::new(),
            autocomplete: String::new(),
            inputmode: String::new(),
            pattern: None,
            minlength: None,
            maxlength: None,
            min: None,
            max: None,
            step: None,
            options: Vec::new(),
        }
    }

    /// The autofill field name, the last of the tokens (WHATWG HTML, "Autofill").
    pub(super) fn token(&self) -> String {
        self.autocomplete
            .split_whitespace()
            .next_back()
            .unwrap_or_default()
            .to_ascii_lowercase()
    }

    /// Whether its label, its placeholder or its name has one of the phrases.
    pub(super) fn says(&self, phrases: &[String]) -> bool {
        [&self.label, &self.placeholder, &self.name]
            .into_iter()
            .any(|text| has(&folded(text), phrases))
    }
}
