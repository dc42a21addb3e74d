//! The invented person that the scanner types into forms, and what such a person would answer to a field.
//!
//! The data is `rules/identity.toml`: one person a country, with numbers and domains that reach nobody.
//! Everything here is a function of that file and its arguments; it must not know how a field is found or
//! filled, nor what a page does with the answer.
#![deny(clippy::disallowed_methods)]

mod choices;
mod country;
mod dates;
mod file;
mod fit;
mod numbers;
mod person;
mod prompt;
mod texts;
mod wanted;
mod words;

use std::collections::BTreeMap;

use time::Date;

use crate::model::Category;

use file::File;
use fit::Fit;
use words::Words;

pub use person::{Number, Person};
pub use prompt::{Answer, Choice, Prompt};

/// What is wrong with an identity file, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct IdentityError {
    /// The byte of the text at which it starts.
    pub at: usize,
    pub problem: String,
}

/// The persons of an identity file.
#[derive(Debug, Default)]
pub struct Identities {
    /// By country, as ISO 3166-1 names it: `FR`.
    persons: BTreeMap<String, Person>,
    /// The country where nothing says another.
    default: String,
    passwords: Vec<String>,
    words: Words,
    /// The twelve months in each language.
    months: Vec<Vec<String>>,
}

impl Identities {
    /// Reads an identity file.
    ///
    /// # Errors
    /// What is wrong with it: an unknown key, a number that does not fit its country, an e-mail address on
    /// a domain that somebody may own.
    pub fn parse(text: &str) -> Result<Identities, IdentityError> {
        let file: File = toml::from_str(text).map_err(|e| IdentityError {
            at: e.span().unwrap_or_default().start,
            problem: e.message().to_string(),
        })?;
        let default = file.default.get_ref();
        if !file.person.contains_key(default) {
            return Err(IdentityError {
                at: file.default.span().start,
                problem: format!("there is no person for `{default}`"),
            });
        }
        let mut persons = file.person;
        for (country, person) in &mut persons {
            person.code.clone_from(country);
        }
        Ok(Identities {
            default: file.default.into_inner(),
            persons,
            passwords: file.passwords,
            words: file.words,
            months: file
                .months
                .into_values()
                .map(|months| months.0.to_vec())
                .collect(),
        })
    }

    /// The person of a country (`FR`, in any case).
    pub fn of(&self, country: &str) -> Option<&Person> {
        self.persons.get(&country.to_ascii_uppercase())
    }

    /// The countries that have a person.
    pub fn countries(&self) -> impl Iterator<Item = &str> {
        self.persons.keys().map(String::as_str)
    }

    /// What a person would answer to a field: the first of [`Identities::answers`]. `None` where nothing
    /// that can be invented fits.
    pub fn answer(&self, person: &Person, prompt: &Prompt, today: Date) -> Option<Answer> {
        self.answers(person, prompt, today).into_iter().next()
    }

    /// Every answer that fits a field, the likeliest first: a page that refuses one may take the next.
    ///
    /// `today` tells the person's age, and days to come.
    pub fn answers(&self, person: &Person, prompt: &Prompt, today: Date) -> Vec<Answer> {
        let kind = prompt.kind.to_ascii_lowercase();
        if prompt::LEFT.contains(&kind.as_str()) {
            return vec![Answer::Leave];
        }
        if self.is_secret(prompt) {
            return Vec::new();
        }
        let asked = Asked {
            all: self,
            person,
            prompt,
            today,
            wanted: wanted::of(prompt, &self.words),
        };
        if !prompt.options.is_empty() || matches!(kind.as_str(), "select" | "radio") {
            return choices::all(&asked);
        }
        if asked.wanted == wanted::Wanted::Nothing {
            return vec![Answer::Leave];
        }
        let texts = match kind.as_str() {
            "date" | "month" | "week" | "time" | "datetime-local" => dates::typed(&asked, &kind),
            "number" | "range" => numbers::all(&asked),
            _ => Fit::of(prompt).keep(texts::all(&asked)),
        };
        texts.into_iter().map(Answer::Type).collect()
    }

    /// A code that was sent or shown, an account or a paper: nobody can invent it.
    fn is_secret(&self, prompt: &Prompt) -> bool {
        let token = prompt.token();
        token == "one-time-code"
            || token.starts_with("cc-")
            || (prompt.category == Category::Other && prompt.says(&self.words.secret))
    }
}

/// A field with all that the answer depends on.
struct Asked<'a> {
    all: &'a Identities,
    person: &'a Person,
    prompt: &'a Prompt,
    today: Date,
    wanted: wanted::Wanted,
}

impl Asked<'_> {
    /// Whole years on the day of the visit.
    fn age(&self) -> i32 {
        let born = self.person.birth_date;
        let had = self.today.ordinal() >= born.ordinal();
        self.today.year() - born.year() - i32::from(!had)
    }
}

#[cfg(test)]
mod tests;
