//! Asks whether the one who collects is named as a legal entity (a legal form or a registration number
//! with the name), on the form or on a page it links to.
//!
//! Sole traders and associations have neither: where a name stands without them, a person must look.

use crate::finding::{Measure, Reason};
use crate::model::{Named, PageModel};

use super::{Answer, Check, LinkedPage, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "legal-entity-named",
    subjects: &[SubjectKind::Form],
    values: &["name", "legal_form", "registration", "where", "language"],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let form = subject.form;
    let pages = subject.legal_pages();
    let read: Vec<&PageModel> = pages
        .iter()
        .filter_map(|page| match page {
            LinkedPage::Read(model) => Some(*model),
            _ => None,
        })
        .collect();
    let on_form = form.controllers.iter().map(|named| (named, subject.page));
    let on_page = subject
        .page
        .parties
        .iter()
        .map(|named| (named, subject.page));
    let linked = read
        .iter()
        .flat_map(|model| model.parties.iter().map(move |named| (named, *model)));
    let all: Vec<(&Named, &PageModel)> = on_form.chain(on_page).chain(linked).collect();
    let entity = all
        .iter()
        .find(|(named, _)| named.party.legal_form.is_some() || named.party.registration.is_some());
    if let Some((named, page)) = entity {
        return Answer::Yes(describe(subject, named, page));
    }
    if !form.understood {
        return Answer::no_lexicon(subject);
    }
    let unread = pages
        .iter()
        .any(|page| matches!(page, LinkedPage::Unread | LinkedPage::Nowhere));
    match all.first() {
        _ if unread => Answer::unknown(
            Reason::NotSeen,
            "linked_pages_unread",
            Observed::default().seeing(subject.see_form()),
        ),
        Some((named, page)) => Answer::unknown(
            Reason::NeedsPerson,
            "no_legal_form",
            describe(subject, named, page),
        ),
        None => Answer::absent(subject, Observed::default().seeing(subject.see_form())),
    }
}

fn describe(subject: &Subject, named: &Named, page: &PageModel) -> Observed {
    let mut observed = Observed::default()
        .with("name", Measure::Text(named.party.name.clone()))
        .with("where", Measure::Word(place(subject, named, page)))
        .seeing(subject.see_named(named));
    if let Some(form) = &named.party.legal_form {
        observed = observed.with("legal_form", Measure::Text(form.clone()));
    }
    if let Some(number) = &named.party.registration {
        observed = observed.with("registration", Measure::Text(number.clone()));
    }
    observed
}

fn place(subject: &Subject, named: &Named, page: &PageModel) -> &'static str {
    use crate::model::PageRole;
    if page.id == subject.page.id {
        return named.nearness.as_str();
    }
    match page.role {
        PageRole::LegalNotice => "legal_notice",
        PageRole::PrivacyNotice => "privacy_notice",
        PageRole::Terms => "terms",
        _ => "page",
    }
}
