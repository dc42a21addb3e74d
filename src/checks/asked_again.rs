//! Asks whether consent is asked for again where the visitor did not give it: in a dialog after sending, on
//! a page that a refusal led to.
//!
//! It looked once, right after pressing; what comes by e-mail or on a later visit it cannot see.

use crate::artifact::{Path, PressOutcome};
use crate::finding::{Measure, Reason};
use crate::lexicon::Sense;
use crate::model::{Passage, Prompt};

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "asked-again",
    subjects: &[SubjectKind::Form],
    values: &["quote", "after"],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let form = subject.form;
    let Some(trial) = &form.trial else {
        let observed = Observed::default().seeing(subject.see_form());
        return Answer::unknown(Reason::NotSeen, "submission_not_held", observed);
    };
    if let Some((prompt, passage)) = trial.prompts.iter().find_map(asks_in) {
        let mut observed = Observed::default()
            .with("quote", Measure::Text(passage.text.clone()))
            .with("after", Measure::Word("after_sending"))
            .seeing(subject.see_passage(passage));
        for button in prompt.buttons.iter().take(3) {
            observed = observed.seeing(subject.see(&button.label, &button.place));
        }
        return Answer::Yes(observed);
    }
    // A page that the refusal merely led back to asks as before; that is another question.
    let again = trial.refusals.iter().filter(|walk| !walk.came_back);
    if let Some(passage) = again.filter_map(|walk| walk.consent_again.as_ref()).next() {
        return Answer::Yes(
            Observed::default()
                .with("quote", Measure::Text(passage.text.clone()))
                .with("after", Measure::Word("after_refusing"))
                .seeing(subject.see_passage(passage)),
        );
    }
    let refused = trial.refusals.iter().map(|walk| &walk.press);
    let seen = trial
        .presses
        .iter()
        .filter(|press| press.path == Path::Untouched && form.accepting().is_none())
        .chain(refused)
        .any(|press| matches!(press.outcome, PressOutcome::Held | PressOutcome::Moved));
    let observed = Observed::default().seeing(subject.see_form());
    if seen {
        Answer::No(observed)
    } else {
        Answer::unknown(Reason::NotSeen, "submission_not_held", observed)
    }
}

/// The words of a new piece of the page that ask for consent.
fn asks_in(prompt: &Prompt) -> Option<(&Prompt, &Passage)> {
    let about = |passage: &&Passage| {
        let reading = &passage.reading;
        let topic = reading.has_any(&[Sense::Marketing, Sense::Partners, Sense::Newsletter]);
        topic && reading.has_any(&[Sense::Consent, Sense::Condition])
    };
    let speaks = |senses: &[Sense]| prompt.buttons.iter().any(|b| b.reading.has_any(senses));
    let offers =
        speaks(&[Sense::Consent, Sense::AcceptAll]) || prompt.buttons.iter().any(|b| b.consents);
    prompt
        .passages
        .iter()
        .find(about)
        .or_else(|| {
            let topic = |passage: &&Passage| {
                passage
                    .reading
                    .has_any(&[Sense::Marketing, Sense::Partners])
            };
            prompt.passages.iter().find(topic).filter(|_| offers)
        })
        .map(|passage| (prompt, passage))
}
