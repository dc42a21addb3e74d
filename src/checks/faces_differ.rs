//! Asks whether the page shows another consent, other states or other names at another opening: on another
//! device, at another visit, to a browser that does not say who it is.
//!
//! It compares by meaning, not by pixels. Other ways through a form are other pages, and are not compared.

use std::collections::BTreeSet;

use crate::artifact::VisitKind;
use crate::finding::{Measure, Observation};
use crate::lexicon::{Sense, plain_words};
use crate::model::{Control, Face, FormModel};

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "faces-differ",
    subjects: &[SubjectKind::Form],
    values: &["what", "faces", "here", "there"],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let mut what: BTreeSet<&'static str> = BTreeSet::new();
    let mut faces: BTreeSet<String> = BTreeSet::new();
    let mut observed = Observed::default();
    let Some(at) = place(subject) else {
        return Answer::No(observed);
    };
    for face in subject.page.faces.iter().filter(|face| compares(face)) {
        let shown = face.forms.iter().position(|known| known.form == at);
        let other = shown.map(|shown| &face.page.forms[shown]);
        let Some((difference, here, there)) = difference(subject, other, face) else {
            continue;
        };
        what.insert(difference);
        faces.insert(name(face));
        if observed.observations.is_empty() {
            for (value, seen) in [("here", &here), ("there", &there)] {
                let quote = seen.quote.clone().unwrap_or_default();
                observed = observed.with(value, Measure::Text(quote));
            }
            observed = observed.seeing(here).seeing(there);
        }
    }
    if what.is_empty() {
        return Answer::No(observed.seeing(subject.see_form()));
    }
    Answer::Yes(
        observed
            .with(
                "what",
                Measure::List(what.into_iter().map(str::to_string).collect()),
            )
            .with("faces", Measure::List(faces.into_iter().collect())),
    )
}

/// The form's place among its page's forms.
fn place(subject: &Subject) -> Option<usize> {
    let mut forms = subject.page.forms.iter();
    forms.position(|form| std::ptr::eq(form, subject.form))
}

/// Whether a face is the same page seen otherwise, not another way through it.
pub(super) fn compares(face: &Face) -> bool {
    matches!(
        face.page.visit.kind,
        VisitKind::Look | VisitKind::Again | VisitKind::PlainAgent
    )
}

/// What people call a face.
fn name(face: &Face) -> String {
    let visit = &face.page.visit;
    match visit.kind {
        VisitKind::PlainAgent => "plain_agent".to_string(),
        VisitKind::Again => "another_visit".to_string(),
        _ => visit.profile.clone(),
    }
}

/// The gravest difference, with what shows it at each opening.
fn difference(
    subject: &Subject,
    other: Option<&FormModel>,
    face: &Face,
) -> Option<(&'static str, Observation, Observation)> {
    let Some(other) = other else {
        let mut there = subject.see_page(&face.page);
        there.capture.clone_from(&face.page.capture);
        return Some(("form_missing", subject.see_form(), there));
    };
    let form = subject.form;
    let pairs: [(&'static str, Vec<Said>, Vec<Said>); 5] = [
        ("consent_state", states(form, other), states(other, form)),
        ("consent_wording", wordings(form), wordings(other)),
        (
            "controller",
            parties(&form.controllers),
            parties(&other.controllers),
        ),
        (
            "recipients",
            parties(&form.recipients),
            parties(&other.recipients),
        ),
        ("consent_text", texts(form), texts(other)),
    ];
    for (what, here, there) in pairs {
        let only = |one: &[Said], other: &[Said]| -> Option<Observation> {
            let known: BTreeSet<&String> = other.iter().map(|said| &said.key).collect();
            one.iter()
                .find(|said| !known.contains(&said.key))
                .map(|said| said.seen.clone())
        };
        let (here_only, there_only) = (only(&here, &there), only(&there, &here));
        if here_only.is_none() && there_only.is_none() {
            continue;
        }
        let whole = |form: &FormModel| Observation {
            quote: None,
            locator: form.place.locator.clone(),
            capture: form.place.capture.to_string(),
            bounds: form.place.bounds,
        };
        return Some((
            what,
            here_only.unwrap_or_else(|| whole(form)),
            there_only.unwrap_or_else(|| whole(other)),
        ));
    }
    None
}

/// Something a form says, compared by its key.
struct Said {
    key: String,
    seen: Observation,
}

fn consents(form: &FormModel) -> impl Iterator<Item = &Control> {
    form.controls
        .iter()
        .filter(|control| control.role.is_marketing())
}

fn see(control: &Control) -> Observation {
    Observation {
        quote: Some(control.label.clone()).filter(|label| !label.is_empty()),
        locator: control.place.locator.clone(),
        capture: control.place.capture.to_string(),
        bounds: control.place.bounds,
    }
}

/// Words without numbers, which change from visit to visit.
fn words(text: &str) -> String {
    let words = plain_words(text).into_iter();
    let words = words.filter(|word| !word.chars().all(|c| c.is_ascii_digit()));
    words.collect::<Vec<_>>().join(" ")
}

/// The states of the controls; those with the same words in the other form are compared one by one. What
/// they are for is a matter of their wording.
fn states(form: &FormModel, other: &FormModel) -> Vec<Said> {
    let shared: BTreeSet<String> = consents(other).map(|c| words(&c.label)).collect();
    let at_rest = |control: &Control| {
        let states = control.states.iter();
        let mut before = states
            .rev()
            .filter(|state| state.moment <= crate::artifact::Moment::Scrolled);
        before.next().map(|state| state.selected)
    };
    consents(form)
        .filter_map(|control| {
            let own = words(&control.label);
            let known = if shared.contains(&own) {
                own
            } else {
                String::new()
            };
            Some(Said {
                key: format!("{:?} {:?} {known}", control.polarity, at_rest(control)?),
                seen: see(control),
            })
        })
        .collect()
}

fn wordings(form: &FormModel) -> Vec<Said> {
    consents(form)
        .map(|control| Said {
            key: words(&control.label),
            seen: see(control),
        })
        .collect()
}

fn parties(named: &[crate::model::Named]) -> Vec<Said> {
    named
        .iter()
        .map(|named| Said {
            key: words(&named.party.name),
            seen: Observation {
                quote: Some(named.quote.clone()),
                locator: named.place.locator.clone(),
                capture: named.place.capture.to_string(),
                bounds: named.place.bounds,
            },
        })
        .collect()
}

/// Texts that turn the main action into consent.
fn texts(form: &FormModel) -> Vec<Said> {
    form.notices()
        .filter(|passage| {
            passage.reading.has(Sense::Bundle) && passage.bundling(false, false).is_some()
        })
        .map(|passage| Said {
            key: words(&passage.text),
            seen: Observation {
                quote: Some(passage.text.clone()),
                locator: passage.place.locator.clone(),
                capture: passage.place.capture.to_string(),
                bounds: passage.place.bounds,
            },
        })
        .collect()
}
