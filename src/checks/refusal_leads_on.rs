//! Asks whether the way that is said to go on without consent leads on, and to something else than the
//! consent.
//!
//! It was walked with everything held, and followed only where it merely leads to another page. What a
//! server makes of the difference between two requests it cannot see.

use url::Url;

use crate::artifact::{Path, Payload, PressOutcome};
use crate::finding::{Measure, Reason};
use crate::model::{FormModel, RefusalWalk};

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "refusal-leads-on",
    subjects: &[SubjectKind::Form],
    values: &["refusal", "led", "status", "url"],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let form = subject.form;
    let Some(refusal) = form.refusing() else {
        return Answer::No(Observed::default().seeing(subject.see_form()));
    };
    let mut observed = Observed::default()
        .with("refusal", Measure::Text(refusal.label.clone()))
        .seeing(subject.see(&refusal.label, &refusal.place));
    let Some(walk) = walked(form, &refusal.label) else {
        return Answer::unknown(Reason::NotSeen, "refusal_not_walked", observed);
    };
    if let Some(capture) = walk.capture.as_ref().or(walk.press.capture.as_ref()) {
        let mut there = subject.see(&refusal.label, &refusal.place);
        there.capture.clone_from(capture);
        there.bounds = None;
        observed = observed.seeing(there);
    }
    if let Some(arrived) = &walk.led_to {
        observed = observed.with("url", Measure::Text(arrived.url.clone()));
        if let Some(status) = arrived.http_status {
            observed = observed.with("status", Measure::Number(f64::from(status)));
        }
    }
    match led(walk, form, &subject.page.final_url) {
        Led::On(how) => Answer::Yes(observed.with("led", Measure::Word(how))),
        Led::Nowhere(how) => Answer::No(observed.with("led", Measure::Word(how))),
        Led::Unknown(because) => Answer::unknown(Reason::NeedsPerson, because, observed),
    }
}

/// Whether a way without consent goes on; `None` where that is not known.
pub(super) fn goes_on(form: &FormModel, label: &str, page: &str) -> Option<bool> {
    match led(walked(form, label)?, form, page) {
        Led::On(_) => Some(true),
        Led::Nowhere(_) => Some(false),
        Led::Unknown(_) => None,
    }
}

/// The walk of a way, by its words.
pub(super) fn walked<'a>(form: &'a FormModel, label: &str) -> Option<&'a RefusalWalk> {
    let walks = &form.trial.as_ref()?.refusals;
    let usable = |walk: &&RefusalWalk| walk.press.outcome != PressOutcome::Unreachable;
    walks
        .iter()
        .filter(usable)
        .find(|walk| walk.press.target.label == label)
}

enum Led {
    On(&'static str),
    Nowhere(&'static str),
    Unknown(&'static str),
}

fn led(walk: &RefusalWalk, form: &FormModel, page: &str) -> Led {
    if let Some(arrived) = &walk.led_to {
        return match arrived.http_status {
            Some(400..) | None => Led::Nowhere("dead_link"),
            _ if walk.came_back => Led::Nowhere("back_to_consent"),
            _ if is_home(&arrived.url) && !is_home(page) => Led::Nowhere("home_page"),
            _ => Led::On("another_page"),
        };
    }
    match walk.press.outcome {
        PressOutcome::Held => {
            let accepted = form.trial.as_ref().and_then(|trial| {
                let mut presses = trial.presses.iter();
                presses.find(|p| p.path == Path::Untouched && p.outcome == PressOutcome::Held)
            });
            match accepted {
                Some(press) if alike(&press.held, &walk.press.held) => Led::Nowhere("same_request"),
                Some(_) => Led::On("another_request"),
                None => Led::Unknown("nothing_to_compare"),
            }
        }
        PressOutcome::Moved => Led::Unknown("refusal_changes_page"),
        PressOutcome::Disabled => Led::Nowhere("disabled"),
        PressOutcome::Invalid => Led::Unknown("answers_refused"),
        PressOutcome::Nothing => Led::Nowhere("nothing_happens"),
        PressOutcome::Unreachable => Led::Unknown("refusal_not_walked"),
    }
}

fn is_home(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| matches!(url.path(), "" | "/") && url.query().is_none())
}

/// Whether two presses would have sent the same: to the same place, the same names with the same values.
/// Values that no two openings share (tokens, times) do not count.
fn alike(one: &[Payload], other: &[Payload]) -> bool {
    let main = |held: &[Payload]| {
        let posts = held.iter().find(|payload| payload.method != "GET");
        posts.or(held.first()).cloned()
    };
    let (Some(one), Some(other)) = (main(one), main(other)) else {
        return false;
    };
    let bare = |url: &str| url.split(['?', '#']).next().unwrap_or_default().to_string();
    let same_names = || {
        let names = |payload: &Payload| {
            let mut names: Vec<String> = payload.fields.iter().map(|(n, _)| n.clone()).collect();
            names.sort();
            names
        };
        names(&one) == names(&other)
    };
    let same_values = || {
        one.fields.iter().all(|(name, value)| {
            let there = other.fields.iter().any(|(n, v)| n == name && v == value);
            there || is_token(value)
        })
    };
    bare(&one.url) == bare(&other.url) && same_names() && same_values()
}

/// A long value of letters and digits that nobody reads.
fn is_token(value: &str) -> bool {
    value.len() >= 10
        && !value.contains(' ')
        && value.bytes().any(|b| b.is_ascii_digit())
        && !value.contains('@')
}
