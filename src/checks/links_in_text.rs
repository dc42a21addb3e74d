//! Asks whether a link that the choice turns on stands in running text: the one to go on without consent,
//! to the list of recipients, to the privacy notice.

use super::links_distinct::candidates;
use super::looks::unmeasured;
use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "links-in-text",
    subjects: &[SubjectKind::Form],
    values: &[],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let mut found = candidates(subject);
    if subject.form.scene.is_none() {
        return match found.next() {
            Some(link) => {
                unmeasured(Observed::default().seeing(subject.see(link.text, link.place)))
            }
            None => Answer::No(Observed::default()),
        };
    }
    let stands = found.any(|link| {
        let look = link.look.filter(|look| look.shown());
        look.is_some_and(|look| look.setting.is_some())
    });
    if stands {
        Answer::Yes(Observed::default())
    } else {
        Answer::No(Observed::default())
    }
}
