//! Text to normalised words: the one place that decides what counts as the same word.
//!
//! NFKC, lower case, no accents, apostrophes and inclusive endings resolved, words stemmed; each word
//! keeps the place it had in the text, so that a finding can quote it. It knows no meanings.

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// One word of a text.
#[derive(Debug, Clone)]
pub struct Word {
    /// Lower case, without accents.
    pub plain: Box<str>,
    pub stem: Box<str>,
    /// Byte range in the text.
    pub start: usize,
    pub end: usize,
    pub sentence: u32,
    /// An article, a pronoun, a preposition: patterns step over it.
    pub little: bool,
}

/// The snowball stemmer of a language, by the name lexicon files use.
pub fn stemmer(name: &str) -> Option<Algorithm> {
    Some(match name {
        "english" => Algorithm::English,
        "french" => Algorithm::French,
        "german" => Algorithm::German,
        "italian" => Algorithm::Italian,
        "spanish" => Algorithm::Spanish,
        "portuguese" => Algorithm::Portuguese,
        "dutch" => Algorithm::Dutch,
        "danish" => Algorithm::Danish,
        "swedish" => Algorithm::Swedish,
        "norwegian" => Algorithm::Norwegian,
        "finnish" => Algorithm::Finnish,
        "romanian" => Algorithm::Romanian,
        "hungarian" => Algorithm::Hungarian,
        _ => return None,
    })
}

/// Cuts a text into words, in order.
pub fn split(text: &str, algorithm: Option<Algorithm>) -> Vec<Word> {
    let stemmer = algorithm.map(Stemmer::create);
    let mut splitter = Splitter {
        words: Vec::new(),
        current: String::new(),
        start: 0,
        sentence: 0,
        stemmer,
    };
    for (at, c) in text.char_indices() {
        splitter.take(at, c, &text[at + c.len_utf8()..]);
    }
    splitter.finish_word(text.len());
    splitter.words
}

/// Whether the text after a full stop continues the sentence: in lower case (UAX 29, rule SB8:
/// "Esempio S.r.l. tratta i dati"), or with a number after an abbreviation ("art. 13").
fn goes_on(rest: &str, abbreviated: bool) -> bool {
    let next = rest.chars().find(|c| !matches!(c, ' ' | '\u{a0}'));
    next.is_some_and(|c| c.is_lowercase() || (abbreviated && c.is_ascii_digit()))
}

struct Splitter {
    words: Vec<Word>,
    current: String,
    start: usize,
    sentence: u32,
    stemmer: Option<Stemmer>,
}

/// A word before a full stop is an abbreviation up to this length: "art. 13", "inkl. der".
const ABBREVIATION: usize = 4;

impl Splitter {
    fn take(&mut self, at: usize, c: char, rest: &str) {
        let next = rest.chars().next();
        let abbreviated = (1..=ABBREVIATION).contains(&self.current.len());
        if c.is_alphanumeric() || is_combining_mark(c) {
            if self.current.is_empty() {
                self.start = at;
            }
            self.push_plain(c);
            return;
        }
        // Inclusive endings: "inscrit·e", "familiarisé(e)" are one word.
        let inclusive = matches!(c, '·' | '•' | '‧') && !self.current.is_empty();
        if inclusive && next.is_some_and(char::is_alphabetic) {
            return;
        }
        // Invisible characters inside a word do not end it.
        if matches!(
            c,
            '\u{ad}' | '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{feff}'
        ) {
            return;
        }
        // "e-mail" and "email" are one word.
        let joins = matches!(c, '-' | '\u{2010}' | '\u{2011}') && self.current == "e";
        if joins && next.is_some_and(char::is_alphabetic) {
            return;
        }
        self.finish_word(at);
        let ends = match c {
            '\n' | '!' | '?' | ';' => true,
            '.' => next.is_none_or(char::is_whitespace) && !goes_on(rest, abbreviated),
            '…' => next.is_none_or(char::is_whitespace),
            _ => false,
        };
        if ends {
            self.sentence += 1;
        }
    }

    fn push_plain(&mut self, c: char) {
        if c.is_ascii() {
            self.current.push(c.to_ascii_lowercase());
            return;
        }
        // NFKD splits accents off and resolves compatibility forms (ligatures, full-width letters).
        for c in c.nfkd().filter(|&c| !is_combining_mark(c)) {
            match c {
                'ß' | 'ẞ' => self.current.push_str("ss"),
                'œ' | 'Œ' => self.current.push_str("oe"),
                'æ' | 'Æ' => self.current.push_str("ae"),
                'ø' | 'Ø' => self.current.push('o'),
                'ł' | 'Ł' => self.current.push('l'),
                c => self.current.extend(c.to_lowercase()),
            }
        }
    }

    fn finish_word(&mut self, end: usize) {
        if self.current.is_empty() {
            return;
        }
        let plain = std::mem::take(&mut self.current);
        let start = self.start;
        // "don't", "haven't": the second half is the negation.
        if plain == "t"
            && let Some(last) = self.words.last_mut()
            && last.end + 4 > start
            && last.plain.len() > 2
            && last.plain.ends_with('n')
            && last.sentence == self.sentence
        {
            let kept: Box<str> = match &*last.plain {
                "can" => "can".into(),
                plain => plain[..plain.len() - 1].into(),
            };
            last.stem = kept.clone();
            last.plain = kept;
            self.push("not".to_string(), start, end);
            return;
        }
        self.push(plain, start, end);
    }

    fn push(&mut self, plain: String, start: usize, end: usize) {
        let stem = match &self.stemmer {
            Some(stemmer) => stemmer.stem(&plain).into_owned().into_boxed_str(),
            None => plain.as_str().into(),
        };
        self.words.push(Word {
            plain: plain.into_boxed_str(),
            stem,
            start,
            end,
            sentence: self.sentence,
            little: false,
        });
    }
}

/// The words of a text, normalised: for comparing names.
pub fn plain_words(text: &str) -> Vec<String> {
    split(text, None)
        .into_iter()
        .map(|word| word.plain.into_string())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_stop_before_lower_case_ends_no_sentence() {
        let sentences = |text: &str| split(text, None).last().map_or(0, |word| word.sentence) + 1;
        assert_eq!(sentences("Esempio S.r.l. tratta i dati"), 1);
        assert_eq!(sentences("Example Ltd. may call you"), 1);
        assert_eq!(sentences("We call you. You can refuse"), 2);
        assert_eq!(sentences("Un. Deux"), 2);
    }
}
