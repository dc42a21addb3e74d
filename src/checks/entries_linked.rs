//! Asks whether the companies of the form's recipient list lead anywhere: to a site or a privacy notice of
//! their own. One that does is enough.
//!
//! It cannot see contacts that stand beside the names in words.

use crate::finding::Measure;
use crate::model::EntryKind;

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "entries-linked",
    subjects: &[SubjectKind::Form],
    values: &["companies", "linked", "unlinked"],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let pages = subject.recipient_list_pages();
    let (mut companies, mut linked) = (0, 0);
    for &page in pages {
        let counts = subject.once(page, "entries-linked", |page| {
            let all = || page.entries.iter().filter(|e| e.kind == EntryKind::Company);
            (
                all().count(),
                all().filter(|entry| entry.link.is_some()).count(),
            )
        });
        companies += counts.0;
        linked += counts.1;
    }
    let observed = Observed::default()
        .with("companies", Measure::Number(companies as f64))
        .with("linked", Measure::Number(linked as f64));
    match pages.first() {
        Some(page) if companies > 0 && linked == 0 => Answer::No(
            observed
                .with("unlinked", Measure::Bool(true))
                .seeing(subject.see_page(page)),
        ),
        _ => Answer::Yes(observed),
    }
}
