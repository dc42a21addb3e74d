//! Asks whether recipients are told by their names, not only by sectors.
//!
//! `told` is `names`, `list` (companies stand in it) or `categories`. Whether the names are all of them is
//! not to be seen.

use crate::finding::{Measure, Reason};
use crate::lexicon::Entities;
use crate::model::{EntryKind, Place};

use super::recipients_described::categories;
use super::{Answer, Check, LinkedPage, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "recipients-named",
    subjects: &[SubjectKind::Form],
    values: &["told", "companies", "sectors", "quote", "names"],
    build: |parameters| parameters.none(ask),
};

/// A recipient with its place.
pub(super) struct Company<'a> {
    pub name: &'a str,
    pub registration: Option<&'a str>,
    pub quote: &'a str,
    pub place: &'a Place,
}

/// Names that a report shows.
const MOST_NAMES: usize = 20;

/// The recipients that the form and its list name.
pub(super) fn companies<'a>(subject: &Subject<'a>) -> Vec<Company<'a>> {
    let at_form = subject.form.recipients.iter().map(|named| Company {
        name: &named.party.name,
        registration: named.party.registration.as_deref(),
        quote: &named.quote,
        place: &named.place,
    });
    let pages = subject.recipient_list_pages().into_iter();
    let listed = pages.flat_map(|page| {
        let companies = page.entries.iter().filter(|e| e.kind == EntryKind::Company);
        companies.map(|entry| Company {
            name: &entry.name,
            registration: entry.registration.as_deref(),
            quote: &entry.name,
            place: &entry.place,
        })
    });
    at_form.chain(listed).collect()
}

fn ask(subject: &Subject) -> Answer {
    let named = companies(subject);
    let pages = subject.recipient_list_pages();
    let rows = pages.iter().flat_map(|page| &page.entries);
    let sectors: Vec<_> = rows.filter(|e| e.kind == EntryKind::Category).collect();
    let at_form = !subject.form.recipients.is_empty();
    let told = if at_form { "names" } else { "list" };
    let observed = Observed::default()
        .with("companies", Measure::Number(named.len() as f64))
        .with("sectors", Measure::Number(sectors.len() as f64));
    if let Some(first) = named.first() {
        let names = named.iter().map(|company| company.name.to_string());
        let observed = observed
            .with("told", Measure::Word(told))
            .with("names", Measure::List(names.take(MOST_NAMES).collect()))
            .seeing(subject.see(first.quote, first.place));
        return match !at_form && sectors.len() > named.len() {
            true => Answer::unknown(Reason::NeedsPerson, "names_and_sectors", observed),
            false => Answer::Yes(observed),
        };
    }
    if let Some(entry) = sectors.first().filter(|_| !pages.is_empty()) {
        let words: Vec<&str> = sectors.iter().map(|e| e.name.as_str()).take(8).collect();
        let observed = observed
            .with("told", Measure::Word("categories"))
            .with("quote", Measure::Text(words.join(", ")))
            .seeing(subject.see(&entry.name, &entry.place));
        return match pages.iter().all(|page| page.complete) {
            true => Answer::No(observed),
            false => Answer::unknown(Reason::NotSeen, "page_incomplete", observed),
        };
    }
    match (subject.recipient_list(), pages.first()) {
        (Some(_), Some(page)) => Answer::unknown(
            Reason::NeedsPerson,
            "no_names_recognised",
            observed.seeing(subject.see_page(page)),
        ),
        (Some(link), None) => {
            let because = match subject.site.follow(subject.page, link) {
                LinkedPage::Nowhere => "link_by_script",
                _ => "linked_pages_unread",
            };
            let seen = subject.see(&link.text, &link.place);
            Answer::unknown(Reason::NotSeen, because, observed.seeing(seen))
        }
        (None, _) => in_notice(subject, observed),
    }
}

/// Sectors in the notice, where nothing else tells recipients.
fn in_notice(subject: &Subject, observed: Observed) -> Answer {
    let Some(passages) = categories(subject) else {
        return Answer::absent(subject, observed.seeing(subject.see_form()));
    };
    let texts: Vec<&str> = passages.iter().map(|p| p.text.as_str()).collect();
    let observed = observed
        .with("told", Measure::Word("categories"))
        .with("quote", Measure::Text(texts.join(" ")));
    let observed = passages.iter().take(3).fold(observed, |seen, passage| {
        seen.seeing(subject.see_passage(passage))
    });
    match texts.iter().any(|text| names_one(subject.entities, text)) {
        true => Answer::unknown(Reason::NeedsPerson, "names_and_sectors", observed),
        false => Answer::No(observed),
    }
}

/// Whether a legal form or a registration number stands in a text: it names a company.
fn names_one(entities: &Entities, text: &str) -> bool {
    let spaces = text.match_indices([' ', ',', '(']);
    entities.registration(text).is_some()
        || spaces
            .map(|(at, _)| &text[at..])
            .any(|rest| entities.form_at_start(rest).is_some())
}
