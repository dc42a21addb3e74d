//! The parameters that a rule file gives a check, read and refused with sentences for people.
//!
//! It knows their shapes, never what a check does with them.

use std::collections::BTreeMap;

use crate::lexicon::{Lexicons, Phrases, Sense};
use crate::model::Where;

use super::{Answer, Ask, Built, Subject};

/// What a rule file writes beside `check`.
pub struct Parameters<'a> {
    pub table: &'a toml::Table,
    /// For phrases that a rule brings along.
    pub lexicons: &'a Lexicons,
}

impl Parameters<'_> {
    /// For checks that take none.
    ///
    /// # Errors
    /// Where one is given.
    pub fn none(&self, ask: fn(&Subject) -> Answer) -> Built {
        self.only(&[])?;
        Ok(Box::new(ask))
    }

    /// Boxes a check.
    ///
    /// # Errors
    /// Never; the type spares callers a wrapping.
    pub fn asking(&self, ask: impl Fn(&Subject) -> Answer + Send + Sync + 'static) -> Built {
        Ok(Box::new(ask) as Box<dyn Ask>)
    }

    /// What a check asks with these parameters, as one text: answers about whole pages are kept by it.
    pub fn question(&self, check: &str) -> String {
        format!("{check} {}", self.table)
    }

    /// Refuses every other parameter.
    ///
    /// # Errors
    /// The first that is not one of `keys`.
    pub fn only(&self, keys: &[&str]) -> Result<(), String> {
        match self.table.keys().find(|key| !keys.contains(&key.as_str())) {
            None => Ok(()),
            Some(key) if keys.is_empty() => {
                Err(format!("there is no parameter `{key}`; it takes none"))
            }
            Some(key) => Err(format!(
                "there is no parameter `{key}`; there are {}",
                keys.join(", ")
            )),
        }
    }

    /// One word out of several.
    ///
    /// # Errors
    /// Where it is missing or another word.
    pub fn one_of(&self, key: &str, known: &[&str]) -> Result<String, String> {
        let given = self.table.get(key).and_then(toml::Value::as_str);
        given
            .filter(|given| known.contains(given))
            .map(str::to_string)
            .ok_or_else(|| format!("`{key}` must be one of {}", known.join(", ")))
    }

    /// A word, empty where it is not given.
    ///
    /// # Errors
    /// Where it is not a text.
    pub fn word(&self, key: &str) -> Result<String, String> {
        match self.table.get(key) {
            None => Ok(String::new()),
            Some(value) => value
                .as_str()
                .map(str::to_string)
                .ok_or_else(|| format!("`{key}` must be a text")),
        }
    }

    /// Words out of a list of known ones; empty where the parameter is not given.
    ///
    /// # Errors
    /// Where it is no list, or a word is not known.
    pub fn list(&self, key: &str, known: &[&str]) -> Result<Vec<String>, String> {
        let words = self.words(key)?;
        match words.iter().find(|word| !known.contains(&word.as_str())) {
            None => Ok(words),
            Some(word) => Err(format!("`{word}` is none of {}", known.join(", "))),
        }
    }

    /// Senses of the lexicons, as `table.key`; empty where the parameter is not given.
    ///
    /// # Errors
    /// Where it is no list, or there is no such sense.
    pub fn senses(&self, key: &str) -> Result<Vec<Sense>, String> {
        self.words(key)?
            .iter()
            .map(|path| {
                path.split_once('.')
                    .and_then(|(table, key)| Sense::named(table, key))
                    .ok_or_else(|| format!("there is no sense `{path}`"))
            })
            .collect()
    }

    /// Places to look in; empty where the parameter is not given.
    ///
    /// # Errors
    /// Where it is no list, or there is no such place.
    pub fn places(&self, key: &str) -> Result<Vec<Where>, String> {
        self.words(key)?
            .iter()
            .map(|name| {
                Where::ALL
                    .into_iter()
                    .find(|place| place.as_str() == name)
                    .ok_or_else(|| {
                        let known: Vec<&str> = Where::ALL.iter().map(|w| w.as_str()).collect();
                        format!("there is no place `{name}`; there are {}", known.join(", "))
                    })
            })
            .collect()
    }

    /// A number, `default` where it is not given.
    ///
    /// # Errors
    /// Where it is not a number.
    pub fn number(&self, key: &str, default: f64) -> Result<f64, String> {
        match self.table.get(key) {
            None => Ok(default),
            Some(toml::Value::Integer(number)) => Ok(*number as f64),
            Some(toml::Value::Float(number)) => Ok(*number),
            Some(_) => Err(format!("`{key}` must be a number")),
        }
    }

    /// Yes or no, no where it is not given.
    ///
    /// # Errors
    /// Where it is neither.
    pub fn flag(&self, key: &str) -> Result<bool, String> {
        match self.table.get(key) {
            None => Ok(false),
            Some(value) => value
                .as_bool()
                .ok_or_else(|| format!("`{key}` must be true or false")),
        }
    }

    /// Phrases of the rule's own, by language; none where the parameter is not given.
    ///
    /// # Errors
    /// Where they are not lists by language, or a phrase is wrong.
    pub fn phrases(&self, key: &str) -> Result<Option<Phrases>, String> {
        let Some(value) = self.table.get(key) else {
            return Ok(None);
        };
        let texts: BTreeMap<String, Vec<String>> = value.clone().try_into().map_err(|_| {
            format!("`{key}` must give a list of phrases for each language: {{ fr = [\"…\"] }}")
        })?;
        self.lexicons.phrases(&texts).map(Some)
    }

    fn words(&self, key: &str) -> Result<Vec<String>, String> {
        let Some(value) = self.table.get(key) else {
            return Ok(Vec::new());
        };
        value
            .clone()
            .try_into()
            .map_err(|_| format!("`{key}` must be a list of names"))
    }
}
