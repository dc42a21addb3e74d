//! Reads and checks one lexicon file. Unknown tables, unknown senses and bad patterns are refused with
//! the line and column they stand at.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::pattern::{Key, Pattern};
use super::senses::Sense;
use super::{Lexicon, words};

/// What is wrong with a lexicon file, and where.
#[derive(Debug, thiserror::Error)]
#[error("{file}:{line}:{column}: {problem}")]
pub struct LexiconError {
    pub file: String,
    pub line: usize,
    pub column: usize,
    pub problem: String,
}

/// A sentence that shows what the senses cover, and what they must not.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    pub text: String,
    /// Senses the text has, as `table.key`.
    #[serde(default)]
    pub means: Vec<String>,
    /// Senses it must not have.
    #[serde(default)]
    pub not: Vec<String>,
}

type Table = BTreeMap<Spanned<String>, Vec<Spanned<String>>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: Spanned<u32>,
    language: String,
    stemmer: Option<Spanned<String>>,
    little_words: String,
    negations: Vec<Spanned<String>>,
    /// All nouns have a capital (German): a capital says nothing about being a name.
    #[serde(default)]
    capital_nouns: bool,
    #[serde(default)]
    words: HashMap<String, String>,
    #[serde(default)]
    act: Table,
    #[serde(default)]
    topic: Table,
    #[serde(default)]
    party: Table,
    #[serde(default)]
    channel: Table,
    #[serde(default)]
    notice: Table,
    #[serde(default)]
    contest: Table,
    #[serde(default)]
    phone: Table,
    #[serde(default)]
    sector: Table,
    #[serde(default)]
    button: Table,
    #[serde(default)]
    link: Table,
    #[serde(default)]
    form: Table,
    #[serde(default)]
    field: Table,
    #[serde(default)]
    sample: Vec<Sample>,
}

/// Compiles one file.
pub fn lexicon(name: &str, text: &str) -> Result<Lexicon, LexiconError> {
    let fail = |span: Range<usize>, problem: String| {
        let (line, column) = place(text, span.start);
        LexiconError {
            file: name.to_string(),
            line,
            column,
            problem,
        }
    };
    let file: File = toml::from_str(text)
        .map_err(|e| fail(e.span().unwrap_or_default(), e.message().to_string()))?;
    if *file.format.get_ref() != 1 {
        return Err(fail(
            file.format.span(),
            "this version reads lexicons of format 1".into(),
        ));
    }
    let algorithm = match &file.stemmer {
        None => None,
        Some(name) => Some(words::stemmer(name.get_ref()).ok_or_else(|| {
            fail(
                name.span(),
                format!("there is no stemmer called `{}`", name.get_ref()),
            )
        })?),
    };
    let little: HashSet<Box<str>> = words::split(&file.little_words, None)
        .into_iter()
        .map(|word| word.plain)
        .collect();
    let compile = |source: &Spanned<String>| {
        let is_little = |word: &str| little.contains(word);
        Pattern::parse(source.get_ref(), &file.words, is_little, algorithm)
            .map_err(|problem| fail(source.span(), problem))
    };
    let negations = file
        .negations
        .iter()
        .map(compile)
        .collect::<Result<Vec<_>, _>>()?;
    let tables = [
        ("act", &file.act),
        ("topic", &file.topic),
        ("party", &file.party),
        ("channel", &file.channel),
        ("notice", &file.notice),
        ("contest", &file.contest),
        ("phone", &file.phone),
        ("sector", &file.sector),
        ("button", &file.button),
        ("link", &file.link),
        ("form", &file.form),
        ("field", &file.field),
    ];
    let mut patterns = Vec::new();
    let mut index: HashMap<Key, Vec<usize>> = HashMap::new();
    for (table, entries) in tables {
        for (key, sources) in entries {
            let sense = Sense::named(table, key.get_ref()).ok_or_else(|| {
                let problem = format!("there is no sense `{table}.{}`", key.get_ref());
                fail(key.span(), problem)
            })?;
            for source in sources {
                let pattern = compile(source)?;
                for key in pattern.keys() {
                    index.entry(key).or_default().push(patterns.len());
                }
                patterns.push((sense, pattern));
            }
        }
    }
    // Names of places are no sign of a language.
    let vocabulary = patterns
        .iter()
        .filter(|(sense, _)| *sense != Sense::NoName)
        .flat_map(|(_, pattern)| pattern.vocabulary())
        .map(Box::from)
        .collect();
    Ok(Lexicon {
        language: file.language,
        capital_nouns: file.capital_nouns,
        samples: file.sample,
        algorithm,
        little,
        groups: file.words,
        negations,
        patterns,
        index,
        vocabulary,
    })
}

/// Line and column of a byte, both from 1.
pub(super) fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
    (line, column)
}
