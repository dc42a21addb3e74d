//! The small pattern language of lexicon files, and how a pattern meets a text.
//!
//! A pattern is words in order. Little words (articles, prepositions) are skipped on both sides, the
//! rest meet by their stem: `recevoir offres` finds "recevoir nos offres" and "recevoir des offres".
//! `a|b` alternatives, `word*` `*word` `*word*` parts of words, `=word` the exact word (a little one
//! too), `..` up to six words between, `..3` up to three, `{name}` the alternatives declared under
//! `[words]`, `#` any number written in digits.
//! A match never crosses the end of a sentence.

use std::collections::HashMap;

use super::words::{self, Word};
use rust_stemmers::Algorithm;

/// How many words `..` may skip where the pattern names no number.
const DEFAULT_GAP: usize = 6;
/// The widest gap a pattern may ask for: matching stays linear in the text.
const WIDEST_GAP: usize = 12;

/// A compiled pattern.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// As the file writes it, to say why a text has a sense.
    pub source: Box<str>,
    steps: Vec<Step>,
}

#[derive(Debug, Clone)]
struct Step {
    /// How many words may stand before this one.
    gap: usize,
    any: Vec<Atom>,
}

#[derive(Debug, Clone, PartialEq)]
enum Atom {
    Stem(Box<str>),
    Exact(Box<str>),
    Starts(Box<str>),
    Ends(Box<str>),
    Holds(Box<str>),
    /// Digits and nothing else.
    Number,
}

/// The key under which the first word of a pattern is found quickly.
#[derive(Debug, PartialEq, Eq, Hash)]
pub enum Key {
    Stem(Box<str>),
    Plain(Box<str>),
    /// A part of a word: must be tried everywhere.
    Any,
}

impl Atom {
    fn meets(&self, word: &Word) -> bool {
        match self {
            // A little word is met only by its exact form.
            Atom::Exact(plain) => word.plain == *plain,
            _ if word.little => false,
            Atom::Number => word.plain.bytes().all(|b| b.is_ascii_digit()),
            Atom::Stem(stem) => word.stem == *stem,
            Atom::Starts(part) => word.plain.starts_with(&**part),
            Atom::Ends(part) => word.plain.ends_with(&**part),
            Atom::Holds(part) => word.plain.contains(&**part),
        }
    }

    fn parse(text: &str, algorithm: Option<Algorithm>) -> Result<Atom, String> {
        if text == "#" {
            return Ok(Atom::Number);
        }
        let starts_open = text.starts_with('*');
        let ends_open = text.ends_with('*');
        let exact = text.starts_with('=');
        let core = text.trim_matches(['*', '=']);
        let found = words::split(core, algorithm);
        let [word] = found.as_slice() else {
            return Err(format!("`{text}` is not one word"));
        };
        let plain = word.plain.clone();
        Ok(match (starts_open, ends_open, exact) {
            (true, true, _) => Atom::Holds(plain),
            (true, false, _) => Atom::Ends(plain),
            (false, true, _) => Atom::Starts(plain),
            (false, false, true) => Atom::Exact(plain),
            (false, false, false) => Atom::Stem(word.stem.clone()),
        })
    }
}

/// Replaces each `{name}` by the alternatives declared for it.
fn expanded(part: &str, declared: &HashMap<String, String>) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = part;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after
            .split_once('}')
            .ok_or_else(|| format!("`{part}`: a `{{` without its `}}`"))?;
        let alternatives = declared
            .get(name)
            .ok_or_else(|| format!("`{{{name}}}` is not declared under [words]"))?;
        out.push_str(before);
        out.push_str(
            &alternatives
                .split_whitespace()
                .collect::<Vec<_>>()
                .join("|"),
        );
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

/// The alternatives of one step. Beside words that count, a little one counts too.
fn alternatives(
    part: &str,
    little: impl Fn(&str) -> bool,
    algorithm: Option<Algorithm>,
) -> Result<Vec<Atom>, String> {
    part.split('|')
        .map(|atom| match little(atom) {
            true => Ok(Atom::Exact(plain_of(atom).into())),
            false => Atom::parse(atom, algorithm),
        })
        .collect()
}

/// An alternative as the word it stands for.
fn plain_of(atom: &str) -> String {
    words::split(atom.trim_matches(['*', '=']), None)
        .first()
        .map_or_else(String::new, |word| word.plain.to_string())
}

impl Pattern {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn parse(
        text: &str,
        declared: &HashMap<String, String>,
        is_little: impl Fn(&str) -> bool,
        algorithm: Option<Algorithm>,
    ) -> Result<Pattern, String> {
        let mut steps: Vec<Step> = Vec::new();
        let mut gap = 0;
        for part in text.split_whitespace() {
            if let Some(width) = part.strip_prefix("..") {
                gap = match width {
                    "" => DEFAULT_GAP,
                    width => width
                        .parse()
                        .ok()
                        .filter(|&n| n <= WIDEST_GAP)
                        .ok_or_else(|| format!("`{part}`: a gap is .. or ..1 to ..{WIDEST_GAP}"))?,
                };
                continue;
            }
            let part = expanded(part, declared)?;
            // "e-mail", "j'accepte": several words in a row.
            let pieces = words::split(&part, None);
            if pieces.len() > 1 && !part.contains(['|', '*', '=', '#']) {
                for piece in &pieces {
                    let atom = if is_little(&piece.plain) {
                        Atom::Exact(piece.plain.clone())
                    } else {
                        Atom::parse(&piece.plain, algorithm)?
                    };
                    let any = vec![atom];
                    steps.push(Step { gap, any });
                    gap = 0;
                }
                continue;
            }
            let skipped = |atom: &str| is_little(&plain_of(atom)) && !atom.contains(['*', '=']);
            // Little words are not in the stream that patterns meet.
            if part.split('|').all(skipped) {
                continue;
            }
            let mut any = alternatives(&part, skipped, algorithm)?;
            any.dedup();
            steps.push(Step { gap, any });
            gap = 0;
        }
        // A gap that a little word was to hold open would let the rest stand for the whole.
        if steps.first().is_some_and(|first| first.gap > 0) || gap > 0 {
            return Err(format!(
                "`{text}` starts or ends with a gap once its little words are left out; write =word \
                 for a little word that counts"
            ));
        }
        if steps.is_empty() {
            return Err(format!("`{text}` holds only little words"));
        }
        Ok(Pattern {
            source: text.into(),
            steps,
        })
    }

    /// Where to look this pattern up by its first word.
    pub fn keys(&self) -> Vec<Key> {
        let mut keys: Vec<Key> = Vec::new();
        for atom in &self.steps[0].any {
            let key = match atom {
                Atom::Stem(stem) => Key::Stem(stem.clone()),
                Atom::Exact(plain) => Key::Plain(plain.clone()),
                _ => Key::Any,
            };
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys
    }

    /// The whole words it names: stems, and exact words as they are.
    pub fn vocabulary(&self) -> impl Iterator<Item = &str> {
        self.steps
            .iter()
            .flat_map(|step| &step.any)
            .filter_map(|atom| match atom {
                Atom::Stem(word) | Atom::Exact(word) => Some(&**word),
                _ => None,
            })
    }

    /// Whether the pattern meets the text at the word `at`; the index of the last word it took.
    pub fn meets(&self, words: &[Word], at: usize) -> Option<usize> {
        self.meets_counting(words, at, &mut 0)
    }

    /// The same; adds to `steps` how many words were looked at.
    pub fn meets_counting(&self, words: &[Word], at: usize, steps: &mut u64) -> Option<usize> {
        self.meets_from(0, words, at, words.get(at)?.sentence, steps)
    }

    fn meets_from(
        &self,
        step: usize,
        words: &[Word],
        at: usize,
        sentence: u32,
        steps: &mut u64,
    ) -> Option<usize> {
        let wanted = &self.steps[step];
        let mut skipped = 0;
        for (ahead, word) in words.get(at..)?.iter().enumerate() {
            *steps += 1;
            if word.sentence != sentence {
                return None;
            }
            if wanted.any.iter().any(|atom| atom.meets(word)) {
                let here = at + ahead;
                if step + 1 == self.steps.len() {
                    return Some(here);
                }
                if let Some(end) = self.meets_from(step + 1, words, here + 1, sentence, steps) {
                    return Some(end);
                }
            }
            // Little words are stepped over for nothing, but no pattern starts with one so skipped.
            if !word.little {
                skipped += 1;
            }
            if skipped > wanted.gap || step == 0 {
                return None;
            }
        }
        None
    }
}
