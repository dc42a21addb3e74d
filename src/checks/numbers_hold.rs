//! Asks whether the registration numbers of the form's page and its legal notice hold: their check digits
//! fit, and no number stands with two companies.
//!
//! A page that speaks like a public service is for a person to judge. That a company exists, and is not
//! struck off, only its register tells.

use crate::finding::{Measure, Reason};
use crate::lexicon::{Likeness, Sense};
use crate::model::{Named, PageModel, Passage, Where};

use super::{Answer, Check, Observed, Subject, SubjectKind};

const PLACES: [Where; 3] = [Where::Form, Where::Page, Where::LegalNotice];

pub static CHECK: Check = Check {
    id: "numbers-hold",
    subjects: &[SubjectKind::Form],
    values: &["problem", "number", "names", "quote"],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let mut unread = false;
    let mut held = None;
    let mut parties: Vec<(&Named, &PageModel)> = Vec::new();
    for place in PLACES {
        let text = subject.text(place);
        unread |= text.unread;
        for (page, passages) in text.read {
            parties.extend(page.parties.iter().map(|named| (named, page)));
            for line in passages {
                for number in subject.entities.numbers(&line.text) {
                    let written = format!("{} {}", number.name, number.written);
                    let observed = about(subject, line, &written);
                    if number.holds == Some(false) {
                        return Answer::No(observed.with("problem", Measure::Word("check_digits")));
                    }
                    held.get_or_insert(observed);
                }
            }
        }
    }
    if let Some(observed) = of_two_names(subject, &parties) {
        return Answer::No(observed);
    }
    let posing = subject
        .form
        .passages
        .iter()
        .chain(subject.page.passages.iter().filter(|line| line.heading))
        .find(|line| line.reading.has(Sense::PublicService));
    if let Some(line) = posing {
        let observed = about(subject, line, &line.text);
        return Answer::unknown(Reason::NeedsPerson, "public_service_words", observed);
    }
    match held {
        Some(observed) => Answer::Yes(observed),
        None if unread => {
            Answer::unknown(Reason::NotSeen, "linked_pages_unread", Observed::default())
        }
        None => Answer::No(Observed::default()),
    }
}

fn about(subject: &Subject, line: &Passage, words: &str) -> Observed {
    Observed::default()
        .with("number", Measure::Text(words.to_string()))
        .seeing(subject.see_passage(line))
}

/// One number with two companies, both of them with a legal form.
fn of_two_names(subject: &Subject, parties: &[(&Named, &PageModel)]) -> Option<Observed> {
    let digits = |named: &Named| -> String {
        let written = named.party.registration.as_deref().unwrap_or_default();
        written.chars().filter(char::is_ascii_digit).collect()
    };
    let companies = parties
        .iter()
        .filter(|(named, _)| named.party.legal_form.is_some() && digits(named).len() >= 6);
    let companies: Vec<_> = companies.collect();
    companies.iter().enumerate().find_map(|(at, (one, _))| {
        let (other, _) = companies[..at].iter().find(|(other, _)| {
            let likeness = subject
                .entities
                .same_company(&one.party.name, &other.party.name);
            digits(one) == digits(other) && likeness == Likeness::Different
        })?;
        let names = vec![other.party.name.clone(), one.party.name.clone()];
        let number = one.party.registration.clone().unwrap_or_default();
        Some(
            Observed::default()
                .with("problem", Measure::Word("two_names"))
                .with("number", Measure::Text(number))
                .with("names", Measure::List(names))
                .seeing(subject.see_named(other))
                .seeing(subject.see_named(one)),
        )
    })
}
