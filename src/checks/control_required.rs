//! Asks whether the form cannot be sent without turning the control on, by its markup and wording.
//!
//! A required box that is the requested subscription itself is not counted. It cannot see a
//! requirement that only scripts enforce.

use crate::artifact::{Path, Press, PressOutcome};
use crate::finding::{Measure, Reason};
use crate::model::{Control, ControlKind, Polarity, Role, Service};

use super::refusal_leads_on::goes_on;
use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "control-required",
    subjects: &[SubjectKind::Control],
    values: &["label", "by"],
    build: |parameters| parameters.none(ask),
};

/// What pressing showed, where the form was tried: it goes on with the controls off, or only with them on.
fn tried(subject: &Subject, control: &Control, observed: &Observed) -> Option<Answer> {
    let presses = &subject.form.trial.as_ref()?.presses;
    let on = |path: Path| presses.iter().filter(move |press| press.path == path);
    let goes = |press: &&Press| matches!(press.outcome, PressOutcome::Held | PressOutcome::Moved);
    if matches!(control.kind, ControlKind::Button | ControlKind::Link)
        || control.selected() == Some(true)
    {
        return None;
    }
    let requested =
        subject.form.service == Service::Newsletter && control.role == Role::MarketingOwn;
    let mut free = on(Path::Untouched).chain(on(Path::Declining));
    if free.any(|press| goes(&press)) || requested {
        return Some(Answer::No(observed.clone()));
    }
    let stopped = on(Path::Untouched).next()?;
    on(Path::Consenting).find(goes)?;
    let asked = subject.form.consent_controls().count();
    let named = stopped.invalid.iter().any(|field| {
        let (id, name) = (
            format!("#{}", control.dom_id),
            format!("[name=\"{}\"]", control.name),
        );
        field.locator == id || field.locator == name
    });
    let by = if stopped.outcome == PressOutcome::Disabled {
        "button_disabled"
    } else {
        "pressing"
    };
    let mut observed = observed.clone().with("by", Measure::Word(by));
    if let (Some(capture), Some(seen)) = (&stopped.capture, observed.observations.first().cloned())
    {
        let mut then = seen;
        then.capture.clone_from(capture);
        observed = observed.seeing(then);
    }
    Some(if named || asked == 1 {
        Answer::Yes(observed)
    } else {
        Answer::unknown(Reason::NeedsPerson, "one_of_several", observed)
    })
}

fn ask(subject: &Subject) -> Answer {
    let Some(control) = subject.control else {
        return Answer::No(Observed::default());
    };
    let by = if control.required_words.is_some() {
        "wording"
    } else {
        "attribute"
    };
    let observed = Observed::default()
        .with("label", Measure::Text(control.label.clone()))
        .with("by", Measure::Word(by))
        .seeing(subject.see_control(control));
    if let Some(answer) = tried(subject, control, &observed) {
        return answer;
    }
    if matches!(control.kind, ControlKind::Button | ControlKind::Link) {
        // Beside boxes, "accept all" is one way among others.
        if subject.form.accepting().is_none() && subject.form.consent_controls().next().is_some() {
            return Answer::No(observed);
        }
        // A second button sends the form too: that it goes on as it says is another rule's question.
        let Some(refusal) = subject.form.refusing() else {
            return Answer::unknown(Reason::NotSeen, "refusal_not_walked", observed);
        };
        if !refusal.is_link {
            return Answer::No(observed);
        }
        // Where the one way without consent leads nowhere, pressing is what is left.
        return match goes_on(subject.form, &refusal.label, &subject.page.final_url) {
            Some(true) => Answer::No(observed),
            Some(false) => Answer::Yes(observed.with("by", Measure::Word("no_way_without"))),
            None => Answer::unknown(Reason::NotSeen, "refusal_not_walked", observed),
        };
    }
    // A required question with a yes and a no leaves the choice open.
    let open = matches!(control.kind, ControlKind::Radio | ControlKind::Select)
        && subject
            .form
            .controls
            .iter()
            .any(|other| other.group == control.group && other.polarity == Polarity::OptOut);
    let requested =
        subject.form.service == Service::Newsletter && control.role == Role::MarketingOwn;
    if control.required && !open && !requested {
        Answer::Yes(observed)
    } else {
        Answer::No(observed)
    }
}
