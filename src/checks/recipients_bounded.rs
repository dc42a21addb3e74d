//! Asks whether the recipients that the form and its list name are no more than a person can take in.
//!
//! `many` and `too_many` are the rule's own numbers; no law gives one. `extent` tells which was passed.

use crate::finding::{Measure, Reason};

use super::recipients_named::companies;
use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "recipients-bounded",
    subjects: &[SubjectKind::Form],
    values: &["companies", "limit", "extent"],
    build: |parameters| {
        parameters.only(&["many", "too_many"])?;
        let many = parameters.number("many", 50.0)?;
        let too_many = parameters.number("too_many", 200.0)?;
        parameters.asking(move |subject: &Subject| ask(subject, many, too_many))
    },
};

fn ask(subject: &Subject, many: f64, too_many: f64) -> Answer {
    let named = companies(subject);
    let count = named.count as f64;
    let (extent, limit) = match count {
        _ if count > too_many => ("too_many", too_many),
        _ if count > many => ("many", many),
        _ => ("few", many),
    };
    let pages = subject.recipient_list_pages();
    let seen = match (pages.first(), named.first.first()) {
        (Some(page), _) => subject.see_page(page),
        (None, Some(first)) => subject.see(first.quote, first.place),
        (None, None) => subject.see_form(),
    };
    let observed = Observed::default()
        .with("companies", Measure::Number(count))
        .with("limit", Measure::Number(limit))
        .with("extent", Measure::Word(extent))
        .seeing(seen);
    if extent != "few" {
        return Answer::No(observed);
    }
    let unread = pages.is_empty() && subject.recipient_list().is_some();
    if unread || subject.recipient_list_goes_on() {
        return Answer::unknown(Reason::NotSeen, "linked_pages_unread", observed);
    }
    match named.count == 0 {
        true => Answer::unknown(Reason::NeedsPerson, "no_names_recognised", observed),
        false => Answer::Yes(observed),
    }
}
