//! Asks whether the form or its page links to a document of a role, and whether it answers.
//!
//! As with the privacy notice: one that was not opened counts as linked, a link that scripts would have
//! to open cannot be told. What the document says is another question.

use crate::finding::{Measure, Reason};
use crate::model::{Link, LinkRole};

use super::{Answer, Check, LinkedPage, Observed, Subject, SubjectKind};

/// The documents that a rule may ask for.
const DOCUMENTS: [(&str, LinkRole); 3] = [
    ("legal_notice", LinkRole::Legal),
    ("terms", LinkRole::Terms),
    ("privacy_notice", LinkRole::Privacy),
];

pub static CHECK: Check = Check {
    id: "document-linked",
    subjects: &[SubjectKind::Form],
    values: &["where", "url", "status", "opened", "language"],
    build: |parameters| {
        parameters.only(&["document"])?;
        let names = DOCUMENTS.map(|(name, _)| name);
        let wanted = parameters.one_of("document", &names)?;
        let document = DOCUMENTS.into_iter().find(|(name, _)| *name == wanted);
        let (_, role) = document.unwrap_or(DOCUMENTS[0]);
        parameters.asking(move |subject: &Subject| ask(subject, role))
    },
};

fn ask(subject: &Subject, role: LinkRole) -> Answer {
    let links = subject.links(role).iter();
    // The best of several: a dead one beside a living one does no harm.
    let best = links.min_by_key(|link| match subject.site.follow(subject.page, link) {
        LinkedPage::Read(_) => 0,
        LinkedPage::Unread => 1,
        LinkedPage::Nowhere => 2,
        LinkedPage::Dead(_) => 3,
    });
    match best {
        Some(link) => follow(subject, link),
        None if !subject.form.understood => Answer::no_lexicon(subject),
        None => Answer::absent(subject, Observed::default().seeing(subject.see_form())),
    }
}

fn follow(subject: &Subject, link: &Link) -> Answer {
    let target = subject.site.follow(subject.page, link);
    let opened = matches!(target, LinkedPage::Read(_) | LinkedPage::Dead(_));
    let observed = Observed::default()
        .with("where", Measure::Word(link.nearness.as_str()))
        .with("url", Measure::Text(link.url.clone()))
        .with("opened", Measure::Bool(opened))
        .seeing(subject.see(&link.text, &link.place));
    match target {
        LinkedPage::Read(_) | LinkedPage::Unread => Answer::Yes(observed),
        LinkedPage::Nowhere => Answer::unknown(Reason::NotSeen, "link_by_script", observed),
        LinkedPage::Dead(status) => {
            Answer::No(observed.with("status", Measure::Number(status.map_or(0.0, f64::from))))
        }
    }
}
