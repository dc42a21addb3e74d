//! The words of reports, per language (Fluent).

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::artifact::Told;
use crate::finding::{Basis, Outcome, PersonsWord};

/// Languages a report can be written in, with their words.
const LANGUAGES: [(&str, &str); 2] = [
    ("en", include_str!("words/en.ftl")),
    ("fr", include_str!("words/fr.ftl")),
];

/// The words of one language.
pub struct ReportWords {
    bundle: FluentBundle<FluentResource>,
}

impl ReportWords {
    /// The words of a language; English for one that has none.
    pub fn new(language: &str) -> Self {
        let (tag, text) = LANGUAGES
            .iter()
            .find(|(tag, _)| *tag == language)
            .unwrap_or(&LANGUAGES[0]);
        let id: LanguageIdentifier = tag.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // Marks for mixed writing directions would stand in copied texts.
        bundle.set_use_isolating(false);
        // A broken entry is left out; the test below finds it.
        let resource = FluentResource::try_new(text.to_string()).unwrap_or_else(|(found, _)| found);
        bundle.add_resource_overriding(resource);
        ReportWords { bundle }
    }

    /// A word or sentence; the key itself where there is none.
    pub fn get(&self, key: &str, arguments: &[(&str, FluentValue)]) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|m| m.value()) else {
            return key.to_string();
        };
        let mut given = FluentArgs::new();
        for (name, value) in arguments {
            given.set(*name, value.clone());
        }
        let mut problems = Vec::new();
        self.bundle
            .format_pattern(pattern, Some(&given), &mut problems)
            .into_owned()
    }

    /// What was told about a capture, in this language. A code that has no words here, since a newer version
    /// stored it, stands for itself.
    pub fn told(&self, told: &Told) -> String {
        let Told::Coded { code, values } = told else {
            return told.to_string();
        };
        let key = format!("told-{code}");
        if !self.bundle.has_message(&key) {
            return told.to_string();
        }
        let values: Vec<(&str, FluentValue)> = values
            .iter()
            .map(|(name, value)| (name.as_str(), FluentValue::from(self.value(name, value))))
            .collect();
        self.get(&key, &values)
    }

    /// A value of what was told. Moments, devices and kinds of openings are told by our names for them.
    fn value(&self, name: &str, value: &Told) -> String {
        let text = self.told(value);
        let key = match name {
            "moment" => format!("moment-{text}"),
            "profile" => format!("profile-{text}"),
            "kind" => format!("visit-{text}"),
            _ => return text,
        };
        if self.bundle.has_message(&key) {
            self.word(&key)
        } else {
            text
        }
    }

    /// What a person said about a finding.
    pub fn said(&self, word: &PersonsWord) -> String {
        let answer = word.answer.map_or("accepted", Outcome::as_str);
        let given = [
            ("by", FluentValue::from(word.by.as_str())),
            ("until", FluentValue::from(word.until.as_str())),
        ];
        let said = self.get(&format!("word-{answer}"), &given);
        let reason = self.get("quoted", &[("quote", word.reason.as_str().into())]);
        match word.expired {
            true => format!("{said} {reason} {}", self.word("word-expired")),
            false => format!("{said} {reason}"),
        }
    }

    /// A provision with where it stands; what no official text confirmed, with where it was read.
    pub fn provision(&self, law: &Basis) -> String {
        let source = law.source.as_deref();
        let source = source.map(|source| format!(" ({}: {source})", self.word("source")));
        let source = source.unwrap_or_default();
        format!("{}, {}{source}", law.instrument, law.provision)
    }

    /// A word without arguments.
    pub fn word(&self, key: &str) -> String {
        self.get(key, &[])
    }
}

/// A number as people of a language write it, without the zeros that a float ends in.
pub fn decimal(number: &str, language: &str) -> String {
    let number = number.strip_suffix(".0").unwrap_or(number);
    match language {
        "fr" => number.replace('.', ","),
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn keys(text: &str) -> BTreeSet<&str> {
        text.lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|line| line.split(" =").next())
            .collect()
    }

    #[test]
    fn every_language_has_every_word() {
        let [(_, en), (_, fr)] = LANGUAGES;
        assert_eq!(keys(en), keys(fr));
        for (_, text) in LANGUAGES {
            assert!(FluentResource::try_new(text.to_string()).is_ok());
        }
    }

    #[test]
    fn words_count() {
        let words = ReportWords::new("fr");
        let count = |n: i64| words.get("count-major", &[("n", n.into())]);
        assert_eq!(count(1), "1 majeur");
        assert_eq!(count(3), "3 majeurs");
        assert_eq!(words.word("no-such-key"), "no-such-key");
    }
}
