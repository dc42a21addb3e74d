//! Fields of a request that state the visitor's consent, by what they are called and what they hold.
//!
//! It must not decide whether anybody gave it.

use crate::artifact::{Press, PressOutcome};
use crate::lexicon::Sense;
use crate::model::{ControlKind, FormModel, Polarity, Stated};

use super::attributes;
use super::voice::Voice;

/// What developers write for yes.
const YES: [&str; 18] = [
    "1", "true", "yes", "on", "oui", "o", "y", "ja", "j", "si", "sì", "s", "all", "accepted",
    "granted", "checked", "optin", "opt-in",
];
/// Parts of names that tell of the text that was shown, or of cookies, and of no answer.
const OTHER_MATTERS: [&str; 12] = [
    "shown",
    "display",
    "version",
    "text",
    "visible",
    "wording",
    "label",
    "presented",
    "cookie",
    "date",
    "time",
    "url",
];

/// The fields of what a press would have sent that say yes to mailings or transfers. Those that a control of
/// the form stands for count where the control is a box that was off: nobody turned it on.
pub fn read(press: &Press, form: &FormModel, voice: &Voice) -> Vec<Stated> {
    if press.outcome != PressOutcome::Held {
        return Vec::new();
    }
    let of_control = |name: &str| {
        let bare = |name: &str| name.trim_end_matches("[]").to_lowercase();
        let last = name
            .rsplit(['.', '['])
            .next()
            .unwrap_or(name)
            .trim_end_matches(']');
        form.controls
            .iter()
            .filter(|control| control.kind != ControlKind::Hidden)
            .flat_map(|control| [&control.name, &control.dom_id])
            .any(|known| {
                !known.is_empty() && (bare(known) == bare(name) || bare(known) == bare(last))
            })
    };
    let off = |name: &str| {
        let mut own = form.controls.iter().filter(|control| {
            control.kind != ControlKind::Hidden && !name.is_empty() && control.name == name
        });
        let first = own.next().filter(|_| own.next().is_none());
        first.is_some_and(|control| {
            control.role.is_marketing()
                && control.polarity == Polarity::OptIn
                && matches!(control.kind, ControlKind::Checkbox | ControlKind::Switch)
                && control.selected() == Some(false)
        })
    };
    press
        .held
        .iter()
        .flat_map(|payload| &payload.fields)
        .filter(|(name, value)| {
            says_yes(value) && (off(name) || (names_consent(name, voice) && !of_control(name)))
        })
        .map(|(name, value)| Stated {
            field: name.clone(),
            value: value.clone(),
            path: press.path,
            capture: press.capture.clone(),
        })
        .collect()
}

fn says_yes(value: &str) -> bool {
    YES.contains(&value.trim().to_lowercase().as_str())
}

fn names_consent(name: &str, voice: &Voice) -> bool {
    let lower = name.to_lowercase();
    if OTHER_MATTERS.iter().any(|part| lower.contains(part)) {
        return false;
    }
    let reading = voice.read_technical(&attributes::words(name));
    let about = reading.has_any(&[
        Sense::Marketing,
        Sense::Newsletter,
        Sense::Partners,
        Sense::Transfer,
    ]);
    // "consent" and "optin" by themselves are what the form asks for.
    reading.has_any(&[Sense::Consent, Sense::CallConsent]) || (about && lower.contains("opt"))
}
