//! Asks whether a document that a control agrees to or acknowledges announces that data goes to partners for
//! marketing, and the form itself says nothing of it.
//!
//! Only documents that the control's words speak of are read. What else they hold is other checks' question.

use crate::finding::{Measure, Reason};
use crate::lexicon::Sense;
use crate::model::{Control, Role, Where};

use super::partners_announced::ask as partners_announced;
use super::transfer_announced::announces;
use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "target-announces",
    subjects: &[SubjectKind::Control],
    values: &["label", "where", "quote"],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let Some(control) = subject.control else {
        return Answer::No(Observed::default());
    };
    let observed = Observed::default()
        .with("label", Measure::Text(control.label.clone()))
        .seeing(subject.see_control(control));
    if matches!(partners_announced(subject), Answer::Yes(_)) {
        return Answer::No(observed);
    }
    let mut unread = false;
    for place in targets(subject, control) {
        let text = subject.text(place);
        unread |= text.unread;
        for part in text.read {
            let Some((line, (from, to))) = subject.first(part, "transfer-announced", announces)
            else {
                continue;
            };
            let quote = line.text.get(from..to).unwrap_or(&line.text);
            let mut seen = subject.see_passage(line);
            seen.quote = Some(quote.to_string());
            return Answer::Yes(
                observed
                    .with("where", Measure::Word(place.as_str()))
                    .with("quote", Measure::Text(quote.to_string()))
                    .seeing(seen),
            );
        }
    }
    match unread {
        true => Answer::unknown(Reason::NotSeen, "linked_pages_unread", observed),
        false => Answer::No(observed),
    }
}

/// The documents that the control's words speak of.
fn targets(subject: &Subject, control: &Control) -> Vec<Where> {
    let speaks = |sense| subject.form.label_has(control, &[sense]) == Some(true);
    let mut targets = Vec::new();
    if control.role == Role::Terms || speaks(Sense::Terms) {
        targets.push(Where::Terms);
    }
    if control.role == Role::PrivacyAck || speaks(Sense::Privacy) {
        targets.push(Where::PrivacyNotice);
    }
    targets
}
