//! Asks whether the list of recipients that the form links answers, in the form's language.
//!
//! `problem` tells what is wrong: `dead_list` or `other_language`. Logins and downloads that stand before
//! a list are not seen.

use crate::finding::{Measure, Reason};

use super::{Answer, Check, LinkedPage, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "recipient-list-reachable",
    subjects: &[SubjectKind::Form],
    values: &["problem", "list", "status", "rows", "list_language"],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let Some(link) = subject.recipient_list() else {
        return Answer::No(Observed::default());
    };
    let observed = Observed::default()
        .with("list", Measure::Text(link.url.clone()))
        .seeing(subject.see(&link.text, &link.place));
    let pages = subject.recipient_list_pages();
    let Some(first) = pages.first() else {
        return match subject.site.follow(subject.page, link) {
            LinkedPage::Dead(status) => Answer::No(
                observed
                    .with("problem", Measure::Word("dead_list"))
                    .with("status", Measure::Number(status.map_or(0.0, f64::from))),
            ),
            LinkedPage::Nowhere => Answer::unknown(Reason::NotSeen, "link_by_script", observed),
            _ => Answer::unknown(Reason::NotSeen, "linked_pages_unread", observed),
        };
    };
    let rows: usize = pages.iter().map(|page| page.entries.len()).sum();
    let observed = observed.with("rows", Measure::Number(rows as f64));
    match (&subject.form.language, &first.language) {
        // Names alone have no language: only one that was recognised as another counts.
        (Some(form), Some(list)) if form != list && first.understood => Answer::No(
            observed
                .with("problem", Measure::Word("other_language"))
                .with("list_language", Measure::Text(list.clone()))
                .seeing(subject.see_page(first)),
        ),
        _ => Answer::Yes(observed),
    }
}
