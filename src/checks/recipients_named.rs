//! Asks whether recipients are told by their names, not only by sectors.
//!
//! `told` is `names`, `list` (companies stand in it) or `categories`. Whether the names are all of them is
//! not to be seen.

use std::rc::Rc;

use crate::finding::{Measure, Reason};
use crate::lexicon::Entities;
use crate::model::{Entry, EntryKind, PageModel, Place};

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

/// The recipients that the form and its list name: how many, and the first of them.
pub(super) struct Companies<'a> {
    pub count: usize,
    pub first: Vec<Company<'a>>,
}

pub(super) fn companies<'a>(subject: &Subject<'a>) -> Companies<'a> {
    let (listed, entries) = listed(subject, EntryKind::Company);
    let at_form = at_form(subject);
    Companies {
        count: at_form.len() + listed,
        first: at_form
            .into_iter()
            .chain(entries.into_iter().map(Company::listed))
            .take(MOST_NAMES)
            .collect(),
    }
}

/// The recipients that the form names itself.
pub(super) fn at_form<'a>(subject: &Subject<'a>) -> Vec<Company<'a>> {
    let named = subject.form.recipients.iter();
    named
        .map(|named| Company {
            name: &named.party.name,
            registration: named.party.registration.as_deref(),
            quote: &named.quote,
            place: &named.place,
        })
        .collect()
}

impl<'a> Company<'a> {
    /// An entry of a list.
    pub(super) fn listed(entry: &'a Entry) -> Company<'a> {
        Company {
            name: &entry.name,
            registration: entry.registration.as_deref(),
            quote: &entry.name,
            place: &entry.place,
        }
    }
}

/// The entries of a kind on the form's list: how many, and the first of them.
fn listed<'a>(subject: &Subject<'a>, kind: EntryKind) -> (usize, Vec<&'a Entry>) {
    let mut count = 0;
    let mut first = Vec::new();
    for &page in subject.recipient_list_pages() {
        let found = of_kind(subject, page, kind);
        count += found.0;
        first.extend(found.1.iter().filter_map(|&at| page.entries.get(at)));
    }
    (count, first)
}

/// How many entries of a kind a page lists, and where the first of them stand.
fn of_kind<'a>(
    subject: &Subject<'a>,
    page: &'a PageModel,
    kind: EntryKind,
) -> Rc<(usize, Vec<usize>)> {
    subject.once(page, &format!("entries {kind:?}"), |page| {
        let entries = page.entries.iter().enumerate();
        let of_kind = || entries.clone().filter(|(_, entry)| entry.kind == kind);
        let first = of_kind().map(|(at, _)| at).take(MOST_NAMES).collect();
        (of_kind().count(), first)
    })
}

/// Whether a page lists any company.
pub(super) fn lists_companies<'a>(subject: &Subject<'a>, page: &'a PageModel) -> bool {
    of_kind(subject, page, EntryKind::Company).0 > 0
}

fn ask(subject: &Subject) -> Answer {
    let named = companies(subject);
    let pages = subject.recipient_list_pages();
    let (sector_count, sectors) = listed(subject, EntryKind::Category);
    let at_form = !subject.form.recipients.is_empty();
    let told = if at_form { "names" } else { "list" };
    let observed = Observed::default()
        .with("companies", Measure::Number(named.count as f64))
        .with("sectors", Measure::Number(sector_count as f64));
    if let Some(first) = named.first.first() {
        let names = named.first.iter().map(|company| company.name.to_string());
        let observed = observed
            .with("told", Measure::Word(told))
            .with("names", Measure::List(names.collect()))
            .seeing(subject.see(first.quote, first.place));
        return match !at_form && sector_count > named.count {
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
