//! Asks whether the companies that a notice says will use the data too, as one group or by a shared base,
//! are named at the form.
//!
//! Only names with a legal form are compared; a group without names is for a person to judge.

use crate::finding::{Measure, Reason};
use crate::lexicon::{Likeness, Phrases, Sense};
use crate::model::{PageModel, Passage, Where};

use super::{Answer, Check, Observed, Subject, SubjectKind};

const PLACES: [Where; 3] = [Where::Form, Where::PrivacyNotice, Where::Terms];
/// What the group does with the data.
const USES: [Sense; 3] = [Sense::Transfer, Sense::Marketing, Sense::Recipients];
/// Words of a name before its legal form.
const NAME_WORDS: usize = 4;

pub static CHECK: Check = Check {
    id: "group-named",
    subjects: &[SubjectKind::Form],
    values: &["names", "quote", "language"],
    build: |parameters| {
        parameters.only(&["ask", "shared"])?;
        let announced = parameters.one_of("ask", &["announced", "named"])? == "announced";
        let shared = parameters.phrases("shared")?.unwrap_or_default();
        parameters.asking(move |subject: &Subject| ask(subject, announced, &shared))
    },
};

/// A sentence that says that others use the data too.
struct Sentence<'a> {
    page: &'a PageModel,
    passage: &'a Passage,
    text: &'a str,
    number: u32,
}

fn ask(subject: &Subject, only_announced: bool, shared: &Phrases) -> Answer {
    let (sentences, unread) = announced(subject, shared);
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

fn announced<'a>(subject: &Subject<'a>, shared: &Phrases) -> (Vec<Sentence<'a>>, bool) {
    let mut sentences = Vec::new();
    let mut unread = false;
    for place in PLACES {
        let text = subject.text(place);
        unread |= text.unread;
        for (page, passages) in text.read {
            for passage in passages {
                sentences.extend(of_group(page, passage, shared));
            }
        }
    }
    (sentences, unread)
}

fn of_group<'a>(
    page: &'a PageModel,
    passage: &'a Passage,
    shared: &Phrases,
) -> Option<Sentence<'a>> {
    let reading = &passage.reading;
    let language = page.language.as_deref();
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
    let number = group.next().or(base)?.sentence;
    let (from, to) = reading.sentence_range(number)?;
    let text = passage.text.get(from..to)?;
    Some(Sentence {
        page,
        passage,
        text,
        number,
    })
}

/// The companies that a sentence names, but for the one that collects.
fn sisters(subject: &Subject, sentence: &Sentence) -> Vec<String> {
    let own = subject.form.controllers.first();
    let own = own.or(sentence.page.parties.first());
    let words = &sentence.passage.reading.words;
    let text = &sentence.passage.text;
    let in_sentence = |at: usize| words[at].sentence == sentence.number;
    let capital = |at: usize| text[words[at].start..].starts_with(char::is_uppercase);
    let mut names: Vec<String> = Vec::new();
    for last in (0..words.len()).filter(|&at| in_sentence(at) && capital(at)) {
        let form = subject.entities.form_at_start(&text[words[last].end..]);
        let Some((_, taken)) = form else {
            continue;
        };
        let mut first = last;
        while first > 0
            && last - first < NAME_WORDS
            && in_sentence(first - 1)
            && capital(first - 1)
            && text[words[first - 1].end..words[first].start]
                .trim()
                .is_empty()
        {
            first -= 1;
        }
        let name = &text[words[first].start..words[last].end + taken];
        let is_own = own.is_some_and(|own| alike(subject, &own.party.name, name));
        if !is_own && !names.iter().any(|known| alike(subject, known, name)) {
            names.push(name.to_string());
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
