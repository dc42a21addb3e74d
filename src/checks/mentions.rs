//! Companies that a line names with a legal form: "Exemple Énergie SAS", "la SARL Exemple".
//!
//! Capitals tell where a name begins and ends; brands without a form are no mentions.

use crate::lexicon::{Entities, Word};

/// A company as a line names it. Offsets are bytes of the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mention {
    pub start: usize,
    pub end: usize,
    pub name: String,
}

/// Words of a name beside its form.
const NAME_WORDS: usize = 4;

/// The companies named among some words of a line, in order.
pub(super) fn mentions(text: &str, words: &[&Word], entities: &Entities) -> Vec<Mention> {
    let mut found: Vec<Mention> = Vec::new();
    for at in 0..words.len() {
        let Some((start, end)) = after(text, words, at, entities)
            .or_else(|| before(text, words, at, entities))
            .filter(|(start, _)| found.last().is_none_or(|last| last.end <= *start))
        else {
            continue;
        };
        let Some(name) = text.get(start..end) else {
            continue;
        };
        found.push(Mention {
            start,
            end,
            name: name.to_string(),
        });
    }
    found
}

fn capital(text: &str, word: &Word) -> bool {
    let first = text.get(word.start..).and_then(|rest| rest.chars().next());
    first.is_some_and(char::is_uppercase)
}

/// Whether only spaces stand between two words.
fn adjoin(text: &str, one: &Word, other: &Word) -> bool {
    text.get(one.end..other.start)
        .is_some_and(|between| between.trim().is_empty())
}

/// A name that ends with a word and has its form after it.
fn after(text: &str, words: &[&Word], last: usize, entities: &Entities) -> Option<(usize, usize)> {
    let word = words.get(last).filter(|word| capital(text, word))?;
    let (_, taken) = entities.form_at_start(text.get(word.end..)?)?;
    let mut first = last;
    while last - first < NAME_WORDS
        && let Some(before) = first.checked_sub(1)
        && capital(text, words[before])
        && adjoin(text, words[before], words[first])
    {
        first = before;
    }
    Some((words[first].start, word.end + taken))
}

/// A name that has its form, which begins with a word, before it.
fn before(text: &str, words: &[&Word], at: usize, entities: &Entities) -> Option<(usize, usize)> {
    let form = words.get(at)?;
    let end = entities.form_before_name(text, form.start)?;
    let mut named = words.iter().skip(at).skip_while(|word| word.start < end);
    let mut last = named.next()?;
    for word in named.take(NAME_WORDS) {
        if !(capital(text, word) && adjoin(text, last, word)) {
            break;
        }
        last = word;
    }
    Some((form.start, last.end))
}
