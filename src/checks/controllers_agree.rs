//! Asks whether the form, its page and the documents it links to name one company as responsible.
//!
//! Only names with a legal form or a number are compared: a trade name beside a legal name is no
//! contradiction. An organiser of a contest who is not the publisher is for a person to judge.

use crate::finding::{Measure, Reason};
use crate::lexicon::{Likeness, Sense};
use crate::model::{Named, PageModel, Where};

use super::{Answer, Check, Observed, Subject, SubjectKind};

const DOCUMENTS: [Where; 3] = [Where::PrivacyNotice, Where::LegalNotice, Where::Terms];

pub static CHECK: Check = Check {
    id: "controllers-agree",
    subjects: &[SubjectKind::Form],
    values: &["name", "names", "language"],
    build: |parameters| {
        parameters.only(&["ask"])?;
        let ask = parameters.one_of("ask", &["named", "agree"])?;
        parameters.asking(move |subject: &Subject| match ask.as_str() {
            "named" => anybody(subject),
            _ => agree(subject),
        })
    },
};

/// A company said to be responsible, with the page that says so.
type Said<'a> = (&'a Named, &'a PageModel, Where);

/// Whether anybody is named with a legal form or a number.
fn anybody(subject: &Subject) -> Answer {
    let (said, unread) = said(subject);
    match said.is_empty() {
        false => Answer::Yes(Observed::default()),
        true if unread => {
            Answer::unknown(Reason::NotSeen, "linked_pages_unread", Observed::default())
        }
        true => Answer::No(Observed::default()),
    }
}

fn agree(subject: &Subject) -> Answer {
    let (said, unread) = said(subject);
    let Some(first) = said.first() else {
        return Answer::No(Observed::default());
    };
    let other = said
        .iter()
        .find(|other| different(subject, first.0, other.0));
    let Some(other) = other else {
        let observed = Observed::default()
            .with("name", Measure::Text(first.0.party.name.clone()))
            .seeing(subject.see_named(first.0, first.1));
        return match unread {
            true => Answer::unknown(Reason::NotSeen, "linked_pages_unread", observed),
            false => Answer::Yes(observed),
        };
    };
    let names = [first, other].map(|said| said.0.party.name.clone());
    let observed = Observed::default()
        .with("names", Measure::List(names.to_vec()))
        .seeing(subject.see_named(first.0, first.1))
        .seeing(subject.see_named(other.0, other.1));
    if explained(subject, first) || explained(subject, other) {
        return Answer::unknown(Reason::NeedsPerson, "other_role", observed);
    }
    Answer::No(observed)
}

fn different(subject: &Subject, one: &Named, other: &Named) -> bool {
    let digits = |named: &Named| {
        let written = named.party.registration.as_deref().unwrap_or_default();
        written
            .chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    let (left, right) = (digits(one), digits(other));
    let one_number = !left.is_empty() && (left.starts_with(&right) || right.starts_with(&left));
    let same_number = one_number && !right.is_empty();
    let likeness = subject
        .entities
        .same_company(&one.party.name, &other.party.name);
    !same_number && likeness == Likeness::Different
}

/// Whether a sentence gives the company a part of its own: an organiser, a joint controller, one of a group.
fn explained(subject: &Subject, (named, page, place): &Said) -> bool {
    let passages = match place {
        Where::Form => &subject.form.passages,
        _ => &page.passages,
    };
    let roles = [
        Sense::Organiser,
        Sense::GroupCompanies,
        Sense::OtherRole,
        Sense::Partners,
    ];
    let says = passages
        .iter()
        .filter(|passage| passage.text.contains(&named.quote))
        .any(|passage| passage.reading.has_any(&roles));
    says || *place == Where::Terms
}

/// Who is said to be responsible, and whether a document was linked and not read.
fn said<'a>(subject: &Subject<'a>) -> (Vec<Said<'a>>, bool) {
    let form = subject.form.controllers.iter();
    let mut said: Vec<Said> = form
        .map(|named| (named, subject.page, Where::Form))
        .collect();
    let mut unread = false;
    for place in DOCUMENTS {
        let text = subject.text(place);
        unread |= text.unread;
        for (page, _) in text.read {
            said.extend(page.parties.iter().map(|named| (named, page, place)));
        }
    }
    said.retain(|(named, ..)| {
        named.party.legal_form.is_some() || named.party.registration.is_some()
    });
    (said, unread)
}
