//! Asks whether the form links a list of recipients; with `read`, whether it was read too.
//!
//! A link that leads to the general notice is none, and a list that does not answer was not read.

use crate::finding::Reason;

use super::{Answer, Check, LinkedPage, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "recipient-list-linked",
    subjects: &[SubjectKind::Form],
    values: &["language"],
    build: |parameters| {
        parameters.only(&["read"])?;
        let read = parameters.flag("read")?;
        parameters.asking(move |subject: &Subject| ask(subject, read))
    },
};

fn ask(subject: &Subject, read: bool) -> Answer {
    let Some(link) = subject.recipient_list() else {
        return match subject.form.understood {
            true => Answer::No(Observed::default()),
            false => Answer::no_lexicon(subject),
        };
    };
    if !read || !subject.recipient_list_pages().is_empty() {
        return Answer::Yes(Observed::default());
    }
    let observed = Observed::default().seeing(subject.see(&link.text, &link.place));
    match subject.site.follow(subject.page, link) {
        LinkedPage::Dead(_) => Answer::No(observed),
        LinkedPage::Nowhere => Answer::unknown(Reason::NotSeen, "link_by_script", observed),
        _ => Answer::unknown(Reason::NotSeen, "linked_pages_unread", observed),
    }
}
