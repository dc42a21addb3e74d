//! Whether a text fits what a field accepts: its length, its pattern, its type.

use regex::{Regex, RegexBuilder};

use super::prompt::Prompt;

/// Patterns of pages are foreign: longer ones, and ones that compile to more than this, are not tried.
const LONGEST_PATTERN: usize = 1000;
const COMPILED: usize = 1 << 20;
const NESTED: u32 = 40;

/// What a field accepts.
pub struct Fit {
    pattern: Option<Regex>,
    least: usize,
    most: usize,
    email: bool,
    /// Digits first: the keyboard that a phone would show has nothing else.
    digits: bool,
}

impl Fit {
    pub fn of(prompt: &Prompt) -> Fit {
        Fit {
            pattern: prompt.pattern.as_deref().and_then(compiled),
            least: prompt.minlength.unwrap_or(0),
            most: prompt.maxlength.unwrap_or(usize::MAX),
            email: prompt.kind.eq_ignore_ascii_case("email"),
            digits: matches!(prompt.inputmode.as_str(), "numeric" | "decimal"),
        }
    }

    /// The texts that are accepted, each once, in order.
    pub fn keep(&self, mut texts: Vec<String>) -> Vec<String> {
        let mut seen = std::collections::HashSet::new();
        texts.retain(|text| self.takes(text) && seen.insert(text.clone()));
        if self.digits {
            texts.sort_by_key(|text| !text.bytes().all(|b| b.is_ascii_digit()));
        }
        texts
    }

    fn takes(&self, text: &str) -> bool {
        // HTML counts UTF-16 code units.
        let length = text.encode_utf16().count();
        (self.least..=self.most).contains(&length)
            && (!self.email || text.contains('@'))
            && self
                .pattern
                .as_ref()
                .is_none_or(|pattern| pattern.is_match(text))
    }
}

/// A pattern, matched against the whole value as HTML has it. One that cannot be compiled (JavaScript
/// knows more than linear-time matching does) decides nothing.
fn compiled(pattern: &str) -> Option<Regex> {
    if pattern.is_empty() || pattern.len() > LONGEST_PATTERN {
        return None;
    }
    // Tried on its own first: a stray bracket must not close the group around it.
    bounded(pattern)?;
    bounded(&format!("^(?:{pattern})$"))
}

fn bounded(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern)
        .size_limit(COMPILED)
        .dfa_size_limit(COMPILED)
        .nest_limit(NESTED)
        .build()
        .ok()
}
