//! Asks whether a control was on at any recorded moment before the visitor's own act on it.
//!
//! It cannot see a tick that is only drawn, and it cannot say "never" from markup alone: scripts may
//! turn a control on later.

use crate::artifact::Moment;
use crate::finding::{Measure, Reason};

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "selected-before-act",
    subjects: &[SubjectKind::Control],
    values: &["label", "moment", "moments", "selected"],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let Some(control) = subject.control else {
        return Answer::No(Observed::default());
    };
    let moments = control
        .states
        .iter()
        .map(|state| state.moment.as_str().to_string())
        .collect();
    let observed = Observed::default()
        .with("label", Measure::Text(control.label.clone()))
        .with("moments", Measure::List(moments));
    let mut seen = subject.see_control(control);
    if let Some(first) = control.first_selected() {
        // Shown at the latest moment it was on that has a picture: the settled page where it
        // stayed on, the page at load where it did not.
        let pictured = control.states.iter().rev();
        let pictured = pictured
            .into_iter()
            .find(|s| s.selected && s.bounds.is_some());
        let shown = pictured.unwrap_or(first);
        seen.capture = shown.capture.clone();
        // A control of a further step has no place in the settled page.
        if shown.moment < Moment::Settled || shown.bounds.is_some() {
            seen.bounds = shown.bounds;
        }
        return Answer::Yes(
            observed
                .with("moment", Measure::Word(first.moment.as_str()))
                .with("selected", Measure::Bool(true))
                .seeing(seen),
        );
    }
    let observed = observed.with("selected", Measure::Bool(false)).seeing(seen);
    if control.states.is_empty() {
        return Answer::unknown(Reason::NotSeen, "state_unreadable", observed);
    }
    if !control.settled {
        return Answer::unknown(Reason::NotSeen, "markup_only", observed);
    }
    Answer::No(observed)
}
