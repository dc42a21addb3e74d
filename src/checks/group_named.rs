//! Asks whether the companies that a notice says will use the data too, as one group or by a shared base,
//! are named at the form.
//!
//! Only names with a legal form are compared; a group without names is for a person to judge.

use crate::finding::{Measure, Reason};
use crate::lexicon::{Likeness, Phrases, Sense, Word};
use crate::model::{PageModel, Passage, Where};

use super::mentions::mentions;
use super::{Answer, Check, Observed, Subject, SubjectKind};

const PLACES: [Where; 3] = [Where::Form, Where::PrivacyNotice, Where::Terms];
/// What the group does with the data.
const USES: [Sense; 3] = [Sense::Transfer, Sense::Marketing, Sense::Recipients];
/// Sentences of one text that are compared.
const MOST_SENTENCES: usize = 50;

pub static CHECK: Check = Check {
    id: "group-named",
    subjects: &[SubjectKind::Form],
    values: &["names", "quote", "language"],
    build: |parameters| {
        parameters.only(&["ask", "shared"])?;
        let announced = parameters.one_of("ask", &["announced", "named"])? == "announced";
        let shared = parameters.phrases("shared")?.unwrap_or_default();
        let question = parameters.question("group-named");
        parameters.asking(move |subject: &Subject| ask(subject, announced, &shared, &question))
    },
};

/// A sentence that says that others use the data too.
struct Sentence<'a> {
    page: &'a PageModel,
    passage: &'a Passage,
    text: &'a str,
    number: u32,
}

fn ask(subject: &Subject, only_announced: bool, shared: &Phrases, question: &str) -> Answer {
    let (sentences, unread) = announced(subject, shared, question);
    if only_announced {
        return match sentences.is_empty() {
            false => Answer::Yes(Observed::default()),
            true if unread => {
                Answer::unknown(Reason::NotSeen, "linked_pages_unread", Observed::default())
            }
            true => Answer::No(Observed::default()),
        };
    }
    let Some(first) = sentences.first() else {
        return Answer::No(Observed::default());
    };
    let mut unnamed = None;
    let mut named = Vec::new();
    for sentence in &sentences {
        let names = sisters(subject, sentence);
        let missing: Vec<String> = names
            .iter()
            .filter(|name| !at_form(subject, name))
            .cloned()
            .collect();
        if !missing.is_empty() {
            unnamed = Some((sentence, missing));
            break;
        }
        named.extend(names);
    }
    let seeing = |sentence: &Sentence| {
        let mut seen = subject.see_passage(sentence.passage);
        seen.quote = Some(sentence.text.to_string());
        Observed::default()
            .with("quote", Measure::Text(sentence.text.to_string()))
            .seeing(seen)
    };
    match unnamed {
        Some((sentence, missing)) => Answer::absent(
            subject,
            seeing(sentence).with("names", Measure::List(missing)),
        ),
        None if named.is_empty() => {
            Answer::unknown(Reason::NeedsPerson, "group_without_names", seeing(first))
        }
        None => Answer::Yes(seeing(first).with("names", Measure::List(named))),
    }
}

fn announced<'a>(
    subject: &Subject<'a>,
    shared: &Phrases,
    question: &str,
) -> (Vec<Sentence<'a>>, bool) {
    let mut sentences = Vec::new();
    let mut unread = false;
    for place in PLACES {
        let text = subject.text(place);
        unread |= text.unread;
        for part in text.read {
            let language = part.page.language.as_deref();
            let found = subject.of(part, question, |lines| -> Vec<(usize, u32)> {
                let lines = lines.iter().enumerate();
                let found =
                    lines.filter_map(|(at, line)| Some((at, of_group(line, language, shared)?)));
                found.take(MOST_SENTENCES).collect()
            });
            sentences.extend(found.iter().filter_map(|&(at, number)| {
                let passage = subject.line(part, at)?;
                let (from, to) = passage.reading.sentence_range(number)?;
                Some(Sentence {
                    page: part.page,
                    passage,
                    text: passage.text.get(from..to)?,
                    number,
                })
            }));
        }
    }
    (sentences, unread)
}

/// The sentence of a line that says it.
fn of_group(line: &Passage, language: Option<&str>, shared: &Phrases) -> Option<u32> {
    let reading = &line.reading;
    let base = language.and_then(|language| shared.find(language, reading));
    let mut group = reading.hits(Sense::GroupCompanies).filter(|hit| {
        let uses = USES
            .iter()
            .flat_map(|&sense| reading.hits(sense))
            .filter(|at| at.sentence == hit.sentence);
        // "We do not hand data to companies of our group."
        let uses: Vec<_> = uses.collect();
        !hit.negated && !uses.is_empty() && !uses.iter().any(|at| at.negated)
    });
    group.next().or(base).map(|hit| hit.sentence)
}

/// The companies that a sentence names, but for the one that collects.
fn sisters(subject: &Subject, sentence: &Sentence) -> Vec<String> {
    let own = subject.form.controllers.first();
    let own = own.or(sentence.page.parties.first());
    let words = &sentence.passage.reading.words;
    let words: Vec<&Word> = words
        .iter()
        .filter(|word| word.sentence == sentence.number)
        .collect();
    let mut names: Vec<String> = Vec::new();
    for mention in mentions(&sentence.passage.text, &words, subject.entities) {
        let name = mention.name;
        let is_own = own.is_some_and(|own| alike(subject, &own.party.name, &name));
        if !is_own && !names.iter().any(|known| alike(subject, known, &name)) {
            names.push(name);
        }
    }
    names
}

fn at_form(subject: &Subject, name: &str) -> bool {
    let form = subject.form;
    let parties = form.controllers.iter().chain(&form.recipients);
    let party = parties
        .map(|named| named.party.name.as_str())
        .any(|known| alike(subject, known, name));
    party
        || form.passages.iter().any(|passage| {
            subject.entities.names_company(&passage.text, name) != Likeness::Different
        })
}

fn alike(subject: &Subject, one: &str, other: &str) -> bool {
    subject.entities.same_company(one, other) != Likeness::Different
}
