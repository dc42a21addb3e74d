//! Asks whether what is pressed to refuse stands out from the page by its ground as what is pressed to
//! accept does.
//!
//! Grounds of other hues and equal weight are equal. `strong` is the contrast to the page from which a
//! ground draws the eye, `weak` the one below which it does not. It sees the state at rest: a ground that
//! comes with the pointer does not count, and a button that takes no clicks yet is not judged.

use crate::finding::{Measure, Reason};
use crate::model::Look;

use super::looks::{colour, hundredth, whole};
use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "refusal-fill",
    subjects: &[SubjectKind::Form],
    values: &[
        "button",
        "refusal",
        "accept_fill",
        "refuse_fill",
        "accept_colour",
        "refuse_colour",
        "accept_saturation",
        "refuse_saturation",
        "accept_border",
        "refuse_border",
        "strong_fill",
        "weak_fill",
        "paler",
    ],
    build: |parameters| {
        parameters.only(&["strong", "weak"])?;
        let strong = parameters.number("strong", 3.0)?;
        let weak = parameters.number("weak", 1.5)?;
        parameters.asking(move |subject: &Subject| ask(subject, strong, weak))
    },
};

fn ask(subject: &Subject, strong: f64, weak: f64) -> Answer {
    let pair = match subject.painted_pair() {
        Ok(pair) => pair,
        Err(answer) => return answer,
    };
    let (accept, refuse) = (pair.accept_look, pair.refuse_look);
    let observed = pair
        .observed
        .with("strong_fill", Measure::Number(strong))
        .with("weak_fill", Measure::Number(weak));
    let observed = tell(
        observed,
        accept,
        [
            "accept_fill",
            "accept_colour",
            "accept_saturation",
            "accept_border",
        ],
    );
    let observed = tell(
        observed,
        refuse,
        [
            "refuse_fill",
            "refuse_colour",
            "refuse_saturation",
            "refuse_border",
        ],
    );
    if accept.disabled || refuse.disabled {
        return Answer::unknown(Reason::NotSeen, "choice_disabled", observed);
    }
    let (Some(of_accept), Some(of_refuse)) = (&accept.fill, &refuse.fill) else {
        return Answer::unknown(Reason::NotSeen, "ground_not_read", observed);
    };
    let draws = of_accept.filled && of_accept.contrast >= strong;
    let fades = !of_refuse.filled || of_refuse.contrast < weak;
    if !(draws && fades) {
        return Answer::Yes(observed);
    }
    let framed = refuse.border == Some(true) && refuse.boxed() == Some(true);
    let paler = if framed { "framed" } else { "no_ground" };
    Answer::No(observed.with("paler", Measure::Word(paler)))
}

fn tell(mut observed: Observed, look: &Look, names: [&'static str; 4]) -> Observed {
    let [fill, name, saturation, border] = names;
    if let Some(ground) = &look.fill {
        observed = observed
            .with(fill, hundredth(ground.contrast))
            .with(saturation, whole(ground.saturation));
        if ground.filled {
            observed = observed.with(name, colour(ground.colour));
        }
    }
    if let Some(line) = look.border {
        observed = observed.with(border, Measure::Bool(line));
    }
    observed
}
