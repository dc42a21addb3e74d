//! Words of labels, compared without case and accents.

use serde::Deserialize;

use crate::leaks::without_accents;

/// Words that tell what a field wants beyond its category.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    pub mobile: Vec<String>,
    pub landline: Vec<String>,
    pub house_number: Vec<String>,
    pub second_line: Vec<String>,
    pub region: Vec<String>,
    pub country: Vec<String>,
    pub day: Vec<String>,
    pub month: Vec<String>,
    pub year: Vec<String>,
    /// Before or after a number in an option: that and above, that and below.
    pub more: Vec<String>,
    pub less: Vec<String>,
    /// How an option starts that is no answer.
    pub no_choice: Vec<String>,
    /// What nobody can invent.
    pub secret: Vec<String>,
}

/// Words up to this length are met in others: "tag" in "taglio".
const SHORT: usize = 5;

/// A text in lower case, without accents, its words apart by one space: `birthDay_2` is `birth day 2`.
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for c in without_accents(text).chars() {
        let opens_word = !c.is_alphanumeric() || (c.is_uppercase() && before.is_lowercase());
        if opens_word && !out.ends_with(' ') {
            out.push(' ');
        }
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        }
        before = c;
    }
    out.trim().to_string()
}

/// Whether a folded text has one of the phrases: short ones as whole words, longer ones as the start of
/// a word.
pub fn has(folded: &str, phrases: &[String]) -> bool {
    let text = format!(" {folded} ");
    phrases.iter().any(|phrase| {
        if phrase.len() < SHORT {
            text.contains(&format!(" {phrase} "))
        } else {
            text.contains(&format!(" {phrase}"))
        }
    })
}

/// Whether a folded text starts with one of the phrases.
pub fn starts(folded: &str, phrases: &[String]) -> bool {
    phrases
        .iter()
        .any(|phrase| folded.starts_with(phrase.as_str()))
}
