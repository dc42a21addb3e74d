//! Asks whether the words that ask for consent are met before the button is pressed, and near it: not
//! below every button that sends the form, not further than `windows` windows away, not in a block that
//! has to be opened, not with a share of more than `hidden` behind a scroll bar of their own.
//!
//! Words of a control have an act of their own beside them: only whether they stand below the button, or
//! are kept hidden, is asked. A button that follows the window has no place to compare with.

use crate::artifact::Rect;
use crate::finding::{Measure, Reason};
use crate::model::{Look, Veil};

use super::looks::{Words, hundredth, main_buttons, unmeasured, whole};
use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "consent-text-place",
    subjects: &[SubjectKind::Form],
    values: &[
        "quote",
        "button",
        "met",
        "asked_by",
        "distance",
        "distance_limit",
        "hidden_share",
        "hidden_limit",
        "in_view",
    ],
    build: |parameters| {
        parameters.only(&["windows", "hidden"])?;
        let windows = parameters.number("windows", 1.0)?;
        let hidden = parameters.number("hidden", 0.33)?;
        parameters.asking(move |subject: &Subject| ask(subject, windows, hidden))
    },
};

/// Pixels by which words may reach below the upper edge of what they precede.
const OVERLAP: f64 = 2.0;

fn ask(subject: &Subject, windows: f64, most_hidden: f64) -> Answer {
    let form = subject.form;
    let Some(scene) = form.scene else {
        return unmeasured(Observed::default().seeing(subject.see_form()));
    };
    let buttons: Vec<(&str, &Look)> = main_buttons(form)
        .into_iter()
        .map(|(button, look)| (button.label.as_str(), look))
        .collect();
    if buttons.is_empty() {
        let observed = Observed::default().seeing(subject.see_form());
        return Answer::unknown(Reason::NotSeen, "no_button", observed);
    }
    let limit = windows * scene.window.1;
    // Of the same words told twice, those that are met best count.
    let mut best: Option<(u8, Words, &'static str)> = None;
    let mut worst_control: Option<(u8, Words, &'static str)> = None;
    for words in subject.consent_words() {
        let met = met(&words, &buttons, limit, most_hidden);
        let rank = rank(met);
        if words.of_control {
            // Each control is an act of its own: the worst counts.
            if worst_control
                .as_ref()
                .is_none_or(|(known, ..)| rank > *known)
            {
                worst_control = Some((rank, words, met));
            }
        } else if best.as_ref().is_none_or(|(known, ..)| rank < *known) {
            best = Some((rank, words, met));
        }
    }
    let found = [best, worst_control].into_iter().flatten();
    let Some((_, words, met)) = found.max_by_key(|(rank, ..)| *rank) else {
        let observed = Observed::default().seeing(subject.see_form());
        return Answer::unknown(Reason::NotSeen, "consent_not_shown", observed);
    };
    let asked_by = if words.of_control {
        "by_control"
    } else {
        "by_button"
    };
    let mut observed = Observed::default()
        .with("quote", Measure::Text(words.text.to_string()))
        .with("met", Measure::Word(met))
        .with("asked_by", Measure::Word(asked_by))
        .with("hidden_share", hundredth(words.look.hidden_share))
        .with("hidden_limit", Measure::Number(most_hidden))
        .with("in_view", Measure::Bool(words.look.in_view))
        .seeing(subject.see_words(&words));
    let nearest = buttons
        .iter()
        .map(|(label, look)| (distance(&words.look.bounds, &look.bounds), label))
        .min_by(|one, other| one.0.total_cmp(&other.0));
    if let Some((distance, label)) = nearest {
        observed = observed
            .with("button", Measure::Text(label.to_string()))
            .with("distance", whole(distance))
            .with("distance_limit", whole(limit));
    }
    match met {
        "before" => Answer::Yes(observed),
        "unclear" => Answer::unknown(Reason::NotSeen, "consent_not_shown", observed),
        _ => Answer::No(observed),
    }
}

fn met(words: &Words, buttons: &[(&str, &Look)], limit: f64, most_hidden: f64) -> &'static str {
    let look = words.look;
    if look.has(Veil::Folded) {
        return if words.of_control {
            "unclear"
        } else {
            "folded"
        };
    }
    if look.has(Veil::ScrolledAway) {
        return if words.of_control {
            "box_scrolled_away"
        } else {
            "scrolled_away"
        };
    }
    if !look.shown() {
        return "unclear";
    }
    if look.hidden_share > most_hidden {
        return "cut_off";
    }
    if buttons.iter().any(|(_, button)| button.follows) || look.follows {
        return "before";
    }
    let below = |button: &Look| look.bounds.y >= button.bounds.bottom() - OVERLAP;
    if buttons.iter().all(|(_, button)| below(button)) {
        return if words.of_control {
            "box_below"
        } else {
            "after"
        };
    }
    let mut ways = buttons
        .iter()
        .map(|(_, b)| distance(&look.bounds, &b.bounds));
    if !words.of_control && ways.all(|way| way > limit) {
        return "far";
    }
    "before"
}

/// How badly words are met.
fn rank(met: &str) -> u8 {
    match met {
        "before" => 0,
        "unclear" => 1,
        "box_below" | "box_scrolled_away" => 2,
        "after" => 3,
        "far" => 4,
        _ => 5,
    }
}

/// How many pixels lie between two boxes from top to bottom.
fn distance(one: &Rect, other: &Rect) -> f64 {
    (other.y - one.bottom())
        .max(one.y - other.bottom())
        .max(0.0)
}
