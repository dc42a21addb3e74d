//! Asks whether the form names those who will receive the data, or links their list right there.
//!
//! `offered` tells what it gives instead: `names`, `list`, `policy` (a link to a general notice) or
//! `nothing`. Whether the list is complete or names the buyer is another rule's question.

use super::recipients_named::lists_companies;
use super::{Answer, Check, LinkedPage, Observed, Subject, SubjectKind};
use crate::finding::{Measure, Reason};

pub static CHECK: Check = Check {
    id: "recipients-identified",
    subjects: &[SubjectKind::Form],
    values: &["offered", "names", "list", "status"],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let form = subject.form;
    if let Some(first) = form.recipients.first() {
        let names = form
            .recipients
            .iter()
            .map(|r| r.party.name.clone())
            .collect();
        return Answer::Yes(
            Observed::default()
                .with("offered", Measure::Word("names"))
                .with("names", Measure::List(names))
                .seeing(subject.see_named(first)),
        );
    }
    let partners_text = form
        .passages
        .iter()
        .find(|passage| passage.reading.has(crate::lexicon::Sense::Partners));
    if let Some(link) = subject.recipient_list() {
        let observed = Observed::default()
            .with("list", Measure::Text(link.url.clone()))
            .seeing(subject.see(&link.text, &link.place));
        return match subject.site.follow(subject.page, link) {
            LinkedPage::Dead(status) => Answer::No(
                observed
                    .with("offered", Measure::Word("dead_list"))
                    .with("status", Measure::Number(status.map_or(0.0, f64::from))),
            ),
            LinkedPage::Nowhere if subject.recipient_list_pages().is_empty() => {
                Answer::unknown(Reason::NotSeen, "link_by_script", observed)
            }
            // Sectors told in the general notice are no list.
            _ if subject.notice_for_list().is_some() && only_sectors(subject) => {
                Answer::No(observed.with("offered", Measure::Word("policy")))
            }
            _ => Answer::Yes(observed.with("offered", Measure::Word("list"))),
        };
    }
    // A link that speaks of recipients and leads to the general notice is one to the notice.
    let notice = form.privacy_notice.as_ref();
    let policy = notice
        .filter(|link| link.nearness == crate::model::Where::Form)
        .or(form.recipient_list.as_ref());
    let offered = if policy.is_some() {
        "policy"
    } else {
        "nothing"
    };
    let seen = match (partners_text, policy) {
        (Some(passage), _) => subject.see_passage(passage),
        (None, Some(link)) => subject.see(&link.text, &link.place),
        (None, None) => subject.see_form(),
    };
    let observed = Observed::default()
        .with("offered", Measure::Word(offered))
        .seeing(seen);
    Answer::absent(subject, observed)
}

/// Whether the pages of the list were read and none of their entries is a company.
fn only_sectors(subject: &Subject) -> bool {
    let pages = subject.recipient_list_pages();
    !pages.is_empty() && !pages.iter().any(|page| lists_companies(subject, page))
}
