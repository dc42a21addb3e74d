//! How companies are written: legal forms and registration numbers, from `rules/entities.toml`.
//!
//! Shapes only: whether a number is valid or belongs to the name is another question.

use std::collections::BTreeMap;

use regex::Regex;
use serde::Deserialize;

use super::load::{LexiconError, place};

/// Legal forms and the shapes of registration numbers.
#[derive(Debug, Default)]
pub struct Entities {
    /// Longest first, so that "GmbH & Co. KG" is not read as "GmbH".
    forms: Vec<String>,
    registrations: Vec<Regex>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    forms: BTreeMap<String, Vec<String>>,
    registrations: BTreeMap<String, toml::Spanned<String>>,
}

impl Entities {
    /// Reads the file.
    ///
    /// # Errors
    /// What is wrong with it, with line and column.
    pub fn load(name: &str, text: &str) -> Result<Entities, LexiconError> {
        let fail = |at: usize, problem: String| {
            let (line, column) = place(text, at);
            LexiconError {
                file: name.to_string(),
                line,
                column,
                problem,
            }
        };
        let file: File = toml::from_str(text)
            .map_err(|e| fail(e.span().unwrap_or_default().start, e.message().to_string()))?;
        if file.format != 1 {
            return Err(fail(0, "this version reads entities of format 1".into()));
        }
        let mut forms: Vec<String> = file.forms.into_values().flatten().collect();
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        forms.dedup();
        let registrations = file
            .registrations
            .into_values()
            .map(|source| {
                Regex::new(source.get_ref()).map_err(|e| fail(source.span().start, e.to_string()))
            })
            .collect::<Result<_, _>>()?;
        Ok(Entities {
            forms,
            registrations,
        })
    }

    /// A legal form at the start of the text (after a space, a comma or an opening bracket), and how
    /// many bytes it takes with what stands before it.
    pub fn form_at_start(&self, text: &str) -> Option<(&str, usize)> {
        let trimmed = text.trim_start_matches([' ', ',', '\u{a0}', '(']);
        let skipped = text.len() - trimmed.len();
        if skipped == 0 || skipped > 3 {
            return None;
        }
        self.forms
            .iter()
            .find(|form| {
                trimmed.strip_prefix(form.as_str()).is_some_and(|rest| {
                    rest.chars()
                        .next()
                        .is_none_or(|next| !next.is_alphanumeric())
                })
            })
            .map(|form| (form.as_str(), skipped + form.len()))
    }

    /// A legal form that ends the text ("la société anonyme ", "SAS "), for forms written before names.
    pub fn form_at_end(&self, text: &str) -> Option<&str> {
        let trimmed = text.trim_end();
        self.forms
            .iter()
            .find(|form| {
                trimmed.strip_suffix(form.as_str()).is_some_and(|rest| {
                    rest.chars()
                        .next_back()
                        .is_none_or(|last| !last.is_alphanumeric())
                })
            })
            .map(String::as_str)
    }

    /// The first registration number in the text, as written.
    pub fn registration(&self, text: &str) -> Option<String> {
        self.registrations
            .iter()
            .filter_map(|shape| shape.captures(text)?.get(1))
            .min_by_key(|found| found.start())
            .map(|found| found.as_str().trim().to_string())
    }
}
