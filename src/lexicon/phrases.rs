//! Phrases that a rule or a configuration brings along, in the languages it speaks.
//!
//! They are read over words that a lexicon already cut, so that a rule may look for its own wording
//! without a sense of its own.

use std::collections::BTreeMap;

use super::pattern::Pattern;
use super::{Hit, Lexicons, Reading, Sense};

/// Compiled phrases by language.
#[derive(Debug, Clone, Default)]
pub struct Phrases {
    by_language: BTreeMap<String, Vec<Pattern>>,
}

impl Lexicons {
    /// Compiles phrases, given by language tag.
    ///
    /// # Errors
    /// A sentence that names the phrase, or the language without a lexicon.
    pub fn phrases(&self, texts: &BTreeMap<String, Vec<String>>) -> Result<Phrases, String> {
        let mut by_language = BTreeMap::new();
        for (language, sources) in texts {
            let lexicon = self
                .get(language)
                .ok_or_else(|| format!("there is no lexicon for `{language}`"))?;
            let is_little = |word: &str| lexicon.little.contains(word);
            let patterns = sources
                .iter()
                .map(|text| {
                    Pattern::parse(text, &lexicon.groups, is_little, lexicon.algorithm)
                        .map_err(|problem| format!("`{text}`: {problem}"))
                })
                .collect::<Result<Vec<_>, _>>()?;
            by_language.insert(language.clone(), patterns);
        }
        Ok(Phrases { by_language })
    }
}

impl Phrases {
    /// Whether there are phrases in a language.
    pub fn speak(&self, language: &str) -> bool {
        self.by_language.contains_key(language)
    }

    /// The first place where a reading has one of the phrases.
    pub fn find(&self, language: &str, reading: &Reading) -> Option<Hit> {
        self.places(language, reading).next()
    }

    /// The first place where a sentence of a reading has one of the phrases.
    pub fn find_in(&self, language: &str, reading: &Reading, sentence: u32) -> Option<Hit> {
        let mut places = self.places(language, reading);
        places.find(|hit| hit.sentence == sentence)
    }

    /// Every place where a reading has one of the phrases.
    pub fn places<'a>(
        &'a self,
        language: &str,
        reading: &'a Reading,
    ) -> impl Iterator<Item = Hit> + 'a {
        let patterns = self.by_language.get(language);
        let words = reading.words.iter().enumerate();
        words.filter_map(move |(at, word)| {
            let mut patterns = patterns?.iter();
            let last = patterns.find_map(|p| p.meets(&reading.words, at))?;
            Some(Hit {
                sense: Sense::Phrase,
                start: word.start,
                end: reading.words[last].end,
                sentence: word.sentence,
                negated: false,
            })
        })
    }
}
