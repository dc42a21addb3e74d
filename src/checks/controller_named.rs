//! Asks whether somebody is named, in the form or right beside it, as the one who collects or uses the
//! data, sends the mailings or is the other party.
//!
//! `named_in` tells where a name stands otherwise: `linked` (a legal page or the page's footer),
//! `unread` (linked pages that were not read may name somebody), `nowhere`. A logo, a copyright line
//! or a site name alone is for a person to judge.

use crate::finding::{Measure, Reason};
use crate::model::{Named, PageModel};

use super::{Answer, Check, LinkedPage, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "controller-named",
    subjects: &[SubjectKind::Form],
    values: &["name", "named_in", "quote", "language"],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let form = subject.form;
    if let Some(named) = form.controllers.first() {
        return Answer::Yes(
            Observed::default()
                .with("name", Measure::Text(named.party.name.clone()))
                .with("quote", Measure::Text(named.quote.clone()))
                .with("named_in", Measure::Word("form"))
                .seeing(subject.see_named(named)),
        );
    }
    if !form.understood {
        return Answer::no_lexicon(subject);
    }
    let pages = subject.legal_pages();
    let found = elsewhere(subject, pages);
    if let Some((named, _)) = found {
        let observed = Observed::default()
            .with("name", Measure::Text(named.party.name.clone()))
            .with("named_in", Measure::Word("linked"))
            .seeing(subject.see_form())
            .seeing(subject.see_named(named));
        return Answer::absent(subject, observed);
    }
    if let Some(hint) = form.hints.first() {
        return Answer::unknown(
            Reason::NeedsPerson,
            "brand_only",
            Observed::default()
                .with("name", Measure::Text(hint.party.name.clone()))
                .seeing(subject.see_form()),
        );
    }
    let unread = pages
        .iter()
        .any(|page| matches!(page, LinkedPage::Unread | LinkedPage::Nowhere));
    let named_in = if unread { "unread" } else { "nowhere" };
    let observed = Observed::default()
        .with("named_in", Measure::Word(named_in))
        .seeing(subject.see_form());
    Answer::absent(subject, observed)
}

fn elsewhere<'a>(
    subject: &Subject<'a>,
    pages: &[LinkedPage<'a>],
) -> Option<(&'a Named, &'a PageModel)> {
    let own = subject
        .page
        .parties
        .first()
        .map(|named| (named, subject.page));
    own.or_else(|| {
        pages.iter().find_map(|page| match page {
            LinkedPage::Read(model) => model.parties.first().map(|named| (named, *model)),
            _ => None,
        })
    })
}
