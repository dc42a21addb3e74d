//! Asks whether the form, its page and the documents it links to name one company as responsible.
//!
//! Only names with a legal form or a number are compared: a trade name beside a legal name is no
//! contradiction. An organiser of a contest who is not the publisher is for a person to judge.

use crate::finding::{Measure, Reason};
use crate::lexicon::{Likeness, Sense};
use crate::model::{Named, PageModel, Passage, Where};

use super::{Answer, Check, Observed, Part, Subject, SubjectKind};

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

/// The company that a place names first, with all that it names.
struct Said<'a> {
    named: &'a Named,
    all: &'a [Named],
    page: &'a PageModel,
    place: Where,
}

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
    let other = said.iter().find(|other| apart(subject, first, other));
    let Some(other) = other else {
        let observed = Observed::default()
            .with("name", Measure::Text(first.named.party.name.clone()))
            .seeing(subject.see_named(first.named));
        return match unread {
            true => Answer::unknown(Reason::NotSeen, "linked_pages_unread", observed),
            false => Answer::Yes(observed),
        };
    };
    let names = [first, other].map(|said| said.named.party.name.clone());
    let observed = Observed::default()
        .with("names", Measure::List(names.to_vec()))
        .seeing(subject.see_named(first.named))
        .seeing(subject.see_named(other.named));
    if explained(subject, first) || explained(subject, other) {
        return Answer::unknown(Reason::NeedsPerson, "other_role", observed);
    }
    Answer::No(observed)
}

/// Whether two places have no company in common.
fn apart(subject: &Subject, one: &Said, other: &Said) -> bool {
    let mut pairs = one
        .all
        .iter()
        .flat_map(|a| other.all.iter().map(move |b| (a, b)));
    pairs.all(|(a, b)| different(subject, a, b))
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
fn explained<'a>(subject: &Subject<'a>, said: &Said<'a>) -> bool {
    let part = match said.place {
        Where::Form => subject.text(Where::Form).read.first().copied(),
        _ => Some(Part::whole(said.page)),
    };
    let roles = [
        Sense::Organiser,
        Sense::GroupCompanies,
        Sense::OtherRole,
        Sense::Partners,
    ];
    let quote = &said.named.quote;
    let question = format!("controllers-agree {quote}");
    let explains = |line: &Passage| line.text.contains(quote) && line.reading.has_any(&roles);
    let says = part.and_then(|part| subject.first_line(part, &question, explains));
    says.is_some() || said.place == Where::Terms
}

/// Who is said to be responsible, and whether a document was linked and not read. A document that names
/// a trade name first is not compared: whoever it names later may be anybody.
fn said<'a>(subject: &Subject<'a>) -> (Vec<Said<'a>>, bool) {
    let mut said = Vec::new();
    let mut add = |all: &'a [Named], page: &'a PageModel, place: Where| {
        let first = all
            .first()
            .filter(|named| named.party.legal_form.is_some() || named.party.registration.is_some());
        said.extend(first.map(|named| Said {
            named,
            all,
            page,
            place,
        }));
    };
    add(&subject.form.controllers, subject.page, Where::Form);
    let mut unread = false;
    for place in DOCUMENTS {
        let text = subject.text(place);
        unread |= text.unread;
        for part in text.read {
            add(&part.page.parties, part.page, place);
        }
    }
    (said, unread)
}
