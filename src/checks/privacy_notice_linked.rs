//! Asks whether the form or its page links to a privacy notice that answers.
//!
//! A notice that was not opened counts as linked; only an answer that is an error makes the link dead.

use crate::finding::{Measure, Reason};

use super::{Answer, Check, LinkedPage, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "privacy-notice-linked",
    subjects: &[SubjectKind::Form],
    values: &["where", "url", "status", "opened", "language"],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let Some(link) = &subject.form.privacy_notice else {
        if !subject.form.understood {
            return Answer::no_lexicon(subject);
        }
        return Answer::absent(subject, Observed::default().seeing(subject.see_form()));
    };
    let observed = Observed::default()
        .with("where", Measure::Word(link.nearness.as_str()))
        .with("url", Measure::Text(link.url.clone()))
        .seeing(subject.see(&link.text, &link.place));
    match subject.site.follow(subject.page, link) {
        LinkedPage::Dead(status) => Answer::No(
            observed
                .with("opened", Measure::Bool(true))
                .with("status", Measure::Number(status.map_or(0.0, f64::from))),
        ),
        LinkedPage::Read(_) => Answer::Yes(observed.with("opened", Measure::Bool(true))),
        LinkedPage::Nowhere => Answer::unknown(
            Reason::NotSeen,
            "link_by_script",
            observed.with("opened", Measure::Bool(false)),
        ),
        LinkedPage::Unread => Answer::Yes(observed.with("opened", Measure::Bool(false))),
    }
}
