//! Asks whether something that tells who the visitor is left the page before anything was sent.
//!
//! Every such request was stopped. It cannot see a value in pieces or in a code of the page's own.

use std::collections::BTreeSet;

use crate::finding::{Measure, Reason};
use crate::model::Trial;
use crate::target;

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "sent-before-choice",
    subjects: &[SubjectKind::Form],
    values: &["fields", "hosts", "moment", "written", "to", "leaks"],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let Some(trial) = subject.form.trial.as_ref().filter(|trial| trial.typed) else {
        return unseen(subject, "typing_not_watched");
    };
    if trial.leaks.is_empty() {
        return match trial.unread.is_empty() {
            true => Answer::No(Observed::default().seeing(subject.see_form())),
            false => unseen(subject, "requests_unread"),
        };
    }
    Answer::Yes(told(subject, trial))
}

fn unseen(subject: &Subject, because: &'static str) -> Answer {
    let observed = Observed::default().seeing(subject.see_form());
    Answer::unknown(Reason::NotSeen, because, observed)
}

fn told(subject: &Subject, trial: &Trial) -> Observed {
    let list = |of: fn(&crate::artifact::Leak) -> &String| {
        let all: BTreeSet<&String> = trial.leaks.iter().map(of).collect();
        Measure::List(all.into_iter().cloned().collect())
    };
    let home = url::Url::parse(&subject.page.final_url)
        .map(|url| target::site(&target::host(&url)))
        .unwrap_or_default();
    let third = trial
        .leaks
        .iter()
        .any(|leak| target::site(&leak.host) != home);
    // A street alone is what completions of addresses ask for.
    let street = trial.leaks.iter().all(|leak| leak.field == "street");
    let to = match (street, third) {
        (true, _) => "address_lookup",
        (false, true) => "third_party",
        (false, false) => "own_site",
    };
    let mut observed = Observed::default()
        .with("fields", list(|leak| &leak.field))
        .with("hosts", list(|leak| &leak.host))
        .with("written", list(|leak| &leak.form))
        .with("to", Measure::Word(to))
        .with("leaks", Measure::Number(trial.leaks.len() as f64));
    for leak in trial.leaks.iter().take(1) {
        observed = observed.with("moment", Measure::Word(leak.moment.as_str()));
    }
    let mut seen = BTreeSet::new();
    for leak in &trial.leaks {
        let typed = leak.after.as_ref().and_then(|after| {
            let mut fields = subject.form.fields.iter();
            fields.find(|field| {
                field.place.node == after.node && field.place.document == after.document
            })
        });
        let Some(field) = typed else { continue };
        if seen.insert(field.place.locator.clone()) {
            observed = observed.seeing(subject.see(&field.label, &field.place));
        }
    }
    if observed.observations.is_empty() {
        observed = observed.seeing(subject.see_form());
    }
    observed
}
