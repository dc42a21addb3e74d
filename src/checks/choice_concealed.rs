//! Asks whether a part of the choice stands in the document and cannot be seen: a way to refuse, the words
//! that ask for consent, a control that is on.
//!
//! What is nearly of the colour of its ground (a contrast below `pale`) counts, and so does what lets so
//! much shine through (an opacity below `opacity`) that its contrast falls below `faint`. Words for
//! screen readers, boxes that are drawn anew over hidden ones, parts that are not shown yet and layers
//! over the whole form do not.

use crate::finding::{Measure, Reason};
use crate::model::{Control, Look, Polarity, Veil};

use super::looks::{hundredth, main_buttons, unmeasured};
use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "choice-concealed",
    subjects: &[SubjectKind::Form],
    values: &[
        "concealed",
        "how",
        "quote",
        "contrast",
        "contrast_pale",
        "opacity",
        "opacity_least",
    ],
    build: |parameters| {
        parameters.only(&["pale", "faint", "opacity"])?;
        let limits = Limits {
            pale: parameters.number("pale", 1.5)?,
            faint: parameters.number("faint", 3.0)?,
            opacity: parameters.number("opacity", 0.6)?,
        };
        parameters.asking(move |subject: &Subject| ask(subject, &limits))
    },
};

struct Limits {
    pale: f64,
    faint: f64,
    opacity: f64,
}

/// A smaller box, in square pixels, is there for screen readers alone.
const LEAST_BOX: f64 = 16.0;
/// What lets through more than this may fade in when the visitor scrolls.
const SEEN: f64 = 0.05;

/// What became of one part of the choice.
enum Found {
    Seen,
    Concealed(&'static str),
    /// It may be shown to others, or later.
    Open(Reason, &'static str),
}

fn ask(subject: &Subject, limits: &Limits) -> Answer {
    let form = subject.form;
    if form.scene.is_none() {
        return unmeasured(Observed::default().seeing(subject.see_form()));
    }
    let pressed = !main_buttons(form).is_empty();
    let mut open = None;
    let mut judge = |found: Found, part: &'static str, look: &Look, seen| {
        let observed = |how: Option<&'static str>| {
            let mut observed = Observed::default()
                .with("concealed", Measure::Word(part))
                .with("contrast_pale", Measure::Number(limits.pale))
                .with("opacity", hundredth(look.opacity))
                .with("opacity_least", Measure::Number(limits.opacity));
            if let Some(how) = how {
                observed = observed.with("how", Measure::Word(how));
            }
            let contrast = look.letters.as_ref().and_then(|letters| letters.contrast);
            if let Some(contrast) = contrast {
                observed = observed.with("contrast", hundredth(contrast));
            }
            observed.seeing(seen)
        };
        match found {
            Found::Seen => None,
            Found::Concealed(how) => Some(Answer::Yes(observed(Some(how)))),
            Found::Open(reason, because) => {
                open.get_or_insert_with(|| Answer::unknown(reason, because, observed(None)));
                None
            }
        }
    };
    for control in form.consent_controls() {
        let Some(look) = control.look.as_deref() else {
            continue;
        };
        let found = of_control(control, look, limits);
        let mut seen = subject.see_control(control);
        seen.quote = seen
            .quote
            .or(Some(control.name.clone()).filter(|name| !name.is_empty()));
        if let Some(answer) = judge(found, "part_control", look, seen) {
            return answer.quoting(&control.label);
        }
    }
    let refusal = form.refusing().filter(|_| form.agreeing().is_some());
    if let Some((refusal, look)) = refusal.and_then(|r| Some((r, r.look.as_deref()?))) {
        let seen = subject.see(&refusal.label, &refusal.place);
        let found = if pressed {
            of_words(look, limits)
        } else {
            Found::Open(Reason::NotSeen, "choice_not_shown")
        };
        if let Some(answer) = judge(found, "part_refusal", look, seen) {
            return answer.quoting(&refusal.label);
        }
    }
    let texts: Vec<_> = subject.consent_words();
    let texts = || texts.iter().filter(|words| !words.of_control);
    let told = texts().any(|words| matches!(of_words(words.look, limits), Found::Seen));
    for words in texts().filter(|_| !told && pressed) {
        let found = of_words(words.look, limits);
        if let Some(answer) = judge(found, "part_text", words.look, subject.see_words(words)) {
            return answer.quoting(words.text);
        }
    }
    open.unwrap_or(Answer::No(Observed::default()))
}

fn of_control(control: &Control, look: &Look, limits: &Limits) -> Found {
    let box_seen = control.seen.iter().any(|seen| {
        let large = seen.bounds.is_some_and(|bounds| bounds.area() >= LEAST_BOX);
        seen.visible == Some(true) && large
    });
    if look.shown() {
        return pale(look, limits);
    }
    // What scrolls into view is another question.
    if look.pictured || look.has(Veil::ScrolledAway) {
        return Found::Seen;
    }
    if box_seen {
        // A box whose words nobody can read.
        return Found::Open(Reason::NeedsPerson, "wording_not_shown");
    }
    if look.has(Veil::NotYet) || look.has(Veil::Folded) {
        return Found::Open(Reason::NotSeen, "choice_not_shown");
    }
    if look.opacity < SEEN {
        return Found::Open(Reason::NotSeen, "choice_not_shown");
    }
    let on = control.selected() == Some(true) && control.polarity == Polarity::OptIn;
    if on {
        Found::Concealed("not_shown")
    } else {
        Found::Seen
    }
}

fn of_words(look: &Look, limits: &Limits) -> Found {
    if look.has(Veil::ForReaders) {
        return Found::Open(Reason::NeedsPerson, "words_for_readers");
    }
    let veil = look.veils.first().copied();
    match veil {
        None => pale(look, limits),
        Some(veil @ (Veil::Tiny | Veil::OffPage | Veil::Covered)) => {
            Found::Concealed(veil.as_str())
        }
        Some(_) => Found::Open(Reason::NotSeen, "choice_not_shown"),
    }
}

/// What is shown by its box may still be hidden by its colour.
fn pale(look: &Look, limits: &Limits) -> Found {
    let contrast = look.letters.as_ref().and_then(|letters| letters.contrast);
    let Some(contrast) = contrast.filter(|_| !look.disabled) else {
        return Found::Seen;
    };
    if look.opacity < limits.opacity && contrast < limits.faint {
        Found::Concealed("see_through")
    } else if contrast < limits.pale {
        Found::Concealed("colour_of_ground")
    } else {
        Found::Seen
    }
}
