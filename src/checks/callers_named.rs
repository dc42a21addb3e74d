//! Asks whether the form names who will call: the recipients where it speaks of others, else the one who
//! asks. With `list`, names on the linked list of recipients count as well.

use crate::finding::{Measure, Reason};
use crate::lexicon::Sense;
use crate::model::{Named, Where};

use super::recipients_named::lists_companies;
use super::{Answer, Check, LinkedPage, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "callers-named",
    subjects: &[SubjectKind::Form],
    values: &["names", "where", "language"],
    build: |parameters| {
        parameters.only(&["list"])?;
        let list = parameters.flag("list")?;
        parameters.asking(move |subject: &Subject| ask(subject, list))
    },
};

fn ask(subject: &Subject, list: bool) -> Answer {
    let form = subject.form;
    if !form.understood {
        return Answer::no_lexicon(subject);
    }
    let others = form
        .passages
        .iter()
        .any(|passage| passage.reading.has(Sense::Partners));
    let mut named: Vec<&Named> = form.recipients.iter().collect();
    if !others {
        named.extend(
            form.controllers
                .iter()
                .filter(|c| c.nearness == Where::Form),
        );
    }
    if let Some(first) = named.first() {
        let names = named.iter().map(|named| named.party.name.clone()).collect();
        return Answer::Yes(
            Observed::default()
                .with("names", Measure::List(names))
                .with("where", Measure::Word("form"))
                .seeing(subject.see_named(first)),
        );
    }
    listed(subject, list)
}

/// What the linked list gives, where the form names nobody.
fn listed(subject: &Subject, counts: bool) -> Answer {
    let nobody = Observed::default()
        .with("where", Measure::Word("nowhere"))
        .seeing(subject.see_form());
    let Some(link) = &subject.form.recipient_list else {
        return Answer::absent(subject, nobody);
    };
    let pages = subject.recipient_list_pages();
    let names_companies = pages.iter().any(|page| lists_companies(subject, page));
    let listed = Observed::default()
        .with("where", Measure::Word("recipient_list"))
        .seeing(subject.see(&link.text, &link.place));
    match subject.site.follow(subject.page, link) {
        _ if !counts => Answer::absent(subject, listed),
        _ if names_companies => Answer::Yes(listed),
        LinkedPage::Unread | LinkedPage::Nowhere => {
            Answer::unknown(Reason::NotSeen, "linked_pages_unread", listed)
        }
        _ => Answer::No(nobody),
    }
}
