//! What words mean, per language, from `rules/lexicon/*.toml`.
//!
//! [`Lexicons::load`] takes the texts of the files, [`Lexicon::read`] turns a text into a [`Reading`]:
//! which senses it has, and where. It must not know forms, rules or law, and reads no file itself.
#![deny(clippy::disallowed_methods)]

mod checksums;
mod company_name;
mod entities;
mod language;
mod load;
mod pattern;
mod phrases;
mod registration;
mod samples;
mod senses;
mod words;

use std::collections::{BTreeMap, HashMap, HashSet};

pub use company_name::{CompanyName, Likeness};
pub use entities::Entities;
pub use language::detect as detect_language;
pub use load::{LexiconError, Sample};
pub use phrases::Phrases;
pub use registration::Number;
pub use samples::WrongSample;
pub use senses::{SENSES, Sense};
pub use words::{Word, plain_words};

use pattern::{Key, Pattern};

/// All languages that have a lexicon.
#[derive(Debug, Default)]
pub struct Lexicons {
    by_language: BTreeMap<String, Lexicon>,
}

/// One language.
#[derive(Debug)]
pub struct Lexicon {
    /// BCP 47 primary tag: `fr`.
    pub language: String,
    /// All nouns have a capital (German): a capital says nothing about being a name.
    pub capital_nouns: bool,
    /// Sentences that show what the senses cover; tests run them.
    pub samples: Vec<Sample>,
    algorithm: Option<rust_stemmers::Algorithm>,
    little: HashSet<Box<str>>,
    /// Groups of alternatives that phrases may name.
    groups: HashMap<String, String>,
    negations: Vec<Pattern>,
    patterns: Vec<(Sense, Pattern)>,
    /// Patterns by their first word; those that start with a part of a word under [`Key::Any`].
    index: HashMap<Key, Vec<usize>>,
    /// The words that patterns name.
    vocabulary: HashSet<Box<str>>,
}

/// A text with what it means.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    pub words: Vec<Word>,
    hits: Vec<Hit>,
    /// Words that patterns looked at: it must stay in proportion to the words of the text.
    pub steps: u64,
}

/// One place where a text has a sense. Offsets are bytes in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    pub sense: Sense,
    pub start: usize,
    pub end: usize,
    pub sentence: u32,
    /// A negation stands close before it or inside it: "do not receive offers".
    pub negated: bool,
}

/// A negation reaches this many words ahead.
const NEGATION_WINDOW: usize = 4;
/// Fewer known words tell nothing about a text's language.
const LEAST_KNOWN: usize = 4;
/// Longer texts are read up to here; nobody consents in the fourth hundred kilobytes of a page.
const READ_LIMIT: usize = 400_000;

impl Lexicons {
    /// Compiles the lexicon files, given as name and text.
    ///
    /// # Errors
    /// The first file that is wrong, with line and column.
    pub fn load<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Lexicons, LexiconError> {
        let mut by_language = BTreeMap::new();
        for (name, text) in files {
            let lexicon = load::lexicon(name, text)?;
            by_language.insert(lexicon.language.clone(), lexicon);
        }
        Ok(Lexicons { by_language })
    }

    /// The lexicon of a language, by its primary tag.
    pub fn get(&self, language: &str) -> Option<&Lexicon> {
        self.by_language.get(language)
    }

    /// The language whose little words a text is full of, where one stands out: lists and names
    /// confuse statistics of letters, but not these.
    pub fn likeliest(&self, text: &str) -> Option<String> {
        let mut scored: Vec<(usize, &str)> = self
            .iter()
            .map(|lexicon| {
                let words = lexicon.words(text.get(..2_000).unwrap_or(text));
                let little = words.iter().filter(|word| word.little).count();
                (little, lexicon.language.as_str())
            })
            .collect();
        scored.sort_unstable();
        let (second, best) = (scored.iter().rev().nth(1)?.0, scored.last()?);
        (best.0 >= 6 && best.0 >= 2 * second).then(|| best.1.to_string())
    }

    /// The language whose lexicon knows most of a short text's words, where no other comes near.
    pub fn best_known(&self, text: &str) -> Option<String> {
        let start = text.get(..2_000).unwrap_or(text);
        let mut scored: Vec<(usize, usize, &str)> = self
            .iter()
            .map(|lexicon| {
                let words = lexicon.words(start);
                let known = words.iter().filter(|w| w.little || lexicon.knows(w));
                (known.count(), words.len(), lexicon.language.as_str())
            })
            .collect();
        scored.sort_unstable();
        let (known, all, language) = *scored.last()?;
        let second = scored.iter().rev().nth(1)?.0;
        let plain = known >= LEAST_KNOWN && 2 * known >= all && 2 * known >= 3 * second;
        plain.then(|| language.to_string())
    }

    /// Every lexicon, by tag.
    pub fn iter(&self) -> impl Iterator<Item = &Lexicon> {
        self.by_language.values()
    }
}

impl Lexicon {
    /// Finds every sense of a text.
    pub fn read(&self, text: &str) -> Reading {
        let mut end = READ_LIMIT.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let words = self.words(&text[..end]);
        let negations = self.negation_places(&words);
        let anywhere = self.index.get(&Key::Any).map_or(&[][..], Vec::as_slice);
        let mut hits = Vec::new();
        let mut steps = 0;
        for (at, word) in words.iter().enumerate() {
            let by_stem = self.index.get(&Key::Stem(word.stem.clone()));
            let by_word = self.index.get(&Key::Plain(word.plain.clone()));
            let candidates = by_stem.into_iter().chain(by_word).flatten().chain(anywhere);
            for &candidate in candidates {
                let (sense, pattern) = &self.patterns[candidate];
                if let Some(last) = pattern.meets_counting(&words, at, &mut steps) {
                    hits.push(Hit {
                        sense: *sense,
                        start: word.start,
                        end: words[last].end,
                        sentence: word.sentence,
                        // "Your data will not be sold": the negation may stand inside.
                        negated: negations[at] || negations[last],
                    });
                }
            }
        }
        hits.dedup();
        Reading { words, hits, steps }
    }

    /// For each word, whether a negation stands within the window before it in the same sentence.
    fn negation_places(&self, words: &[Word]) -> Vec<bool> {
        let mut places = vec![false; words.len()];
        for at in 0..words.len() {
            let negates = self
                .negations
                .iter()
                .any(|pattern| pattern.meets(words, at).is_some());
            if !negates {
                continue;
            }
            let mut reach = 0;
            for (ahead, word) in words.iter().enumerate().skip(at + 1) {
                if word.sentence != words[at].sentence || reach == NEGATION_WINDOW {
                    break;
                }
                places[ahead] = true;
                reach += usize::from(!word.little);
            }
        }
        places
    }

    /// The words of a text, the little ones marked.
    fn words(&self, text: &str) -> Vec<Word> {
        let mut words = words::split(text, self.algorithm);
        for word in &mut words {
            word.little = self.little.contains(&word.plain);
        }
        words
    }

    /// The senses of a text with the phrases of the lexicon that gave them: for those who write one.
    pub fn explain(&self, text: &str) -> Vec<(Sense, String, String)> {
        let words = self.words(text);
        let mut out = Vec::new();
        for at in 0..words.len() {
            for (sense, pattern) in &self.patterns {
                if let Some(last) = pattern.meets(&words, at) {
                    let met = text[words[at].start..words[last].end].to_string();
                    out.push((*sense, pattern.source.to_string(), met));
                }
            }
        }
        out
    }

    /// Whether a word (in lower case, without accents) is an article, a pronoun, a preposition.
    pub fn is_little(&self, plain: &str) -> bool {
        self.little.contains(plain)
    }

    /// Whether some phrase names the word: then it is a word of the language and no name.
    pub fn knows(&self, word: &Word) -> bool {
        self.vocabulary.contains(&word.stem) || self.vocabulary.contains(&word.plain)
    }

    /// The senses that this lexicon has phrases for.
    pub fn covers(&self) -> HashSet<Sense> {
        self.patterns.iter().map(|(sense, _)| *sense).collect()
    }
}

impl Reading {
    /// Whether the text has the sense anywhere.
    pub fn has(&self, sense: Sense) -> bool {
        self.hits.iter().any(|hit| hit.sense == sense)
    }

    pub fn has_any(&self, senses: &[Sense]) -> bool {
        self.hits.iter().any(|hit| senses.contains(&hit.sense))
    }

    /// The places where the text has the sense, in order.
    pub fn hits(&self, sense: Sense) -> impl Iterator<Item = Hit> + '_ {
        self.hits
            .iter()
            .filter(move |hit| hit.sense == sense)
            .copied()
    }

    /// Whether the text has a sense somewhere that is no part of another sense.
    pub fn has_outside(&self, sense: Sense, of: Sense) -> bool {
        let within = |hit: &Hit| {
            self.hits(of)
                .any(|whole| whole.start <= hit.start && hit.end <= whole.end)
        };
        self.hits(sense).any(|hit| !within(&hit))
    }

    /// Adds what the same text means in another language.
    pub fn merge(&mut self, other: Reading) {
        self.hits.extend(other.hits);
        if self.words.is_empty() {
            self.words = other.words;
        }
    }

    /// Whether one sentence has both senses.
    pub fn together(&self, one: Sense, other: Sense) -> bool {
        self.hits(one)
            .any(|a| self.hits(other).any(|b| a.sentence == b.sentence))
    }

    /// Whether a sentence has a sense.
    pub fn sentence_has(&self, sentence: u32, sense: Sense) -> bool {
        self.hits(sense).any(|hit| hit.sentence == sentence)
    }

    /// The byte range of a sentence's words.
    pub fn sentence_range(&self, sentence: u32) -> Option<(usize, usize)> {
        let mut words = self.words.iter().filter(|w| w.sentence == sentence);
        let first = words.next()?;
        let last = words.next_back().unwrap_or(first);
        Some((first.start, last.end))
    }
}
