//! Asks whether what is pressed to refuse takes as much room as what is pressed to accept.
//!
//! The box that takes the click counts, not the words in it. `ratio` of the two areas is much, `some` is
//! worth a word; a side of less than `least` pixels is small where the other has none.

use crate::finding::Measure;

use super::looks::{hundredth, size, whole};
use super::{Answer, Check, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "refusal-size",
    subjects: &[SubjectKind::Form],
    values: &[
        "button",
        "refusal",
        "accept_size",
        "refuse_size",
        "accept_area",
        "refuse_area",
        "area_ratio",
        "area_ratio_some",
        "area_ratio_limit",
        "least_side",
        "accept_in_view",
        "refuse_in_view",
        "gap",
    ],
    build: |parameters| {
        parameters.only(&["ratio", "some", "least"])?;
        let ratio = parameters.number("ratio", 3.0)?;
        let some = parameters.number("some", 2.0)?;
        let least = parameters.number("least", 24.0)?;
        parameters.asking(move |subject: &Subject| ask(subject, ratio, some, least))
    },
};

fn ask(subject: &Subject, limit: f64, some: f64, least: f64) -> Answer {
    let pair = match subject.painted_pair() {
        Ok(pair) => pair,
        Err(answer) => return answer,
    };
    let (accept, refuse) = (pair.accept_look, pair.refuse_look);
    let ratio = accept.area / refuse.area.max(1.0);
    let side = |bounds: &crate::artifact::Rect| bounds.width.min(bounds.height);
    let observed = pair
        .observed
        .with("accept_size", size(&accept.bounds))
        .with("refuse_size", size(&refuse.bounds))
        .with("accept_area", whole(accept.area))
        .with("refuse_area", whole(refuse.area))
        .with("area_ratio", hundredth(ratio))
        .with("area_ratio_some", Measure::Number(some))
        .with("area_ratio_limit", Measure::Number(limit))
        .with("least_side", Measure::Number(least))
        .with("accept_in_view", Measure::Bool(accept.in_view))
        .with("refuse_in_view", Measure::Bool(refuse.in_view));
    let small = side(&refuse.bounds) < least && side(&accept.bounds) >= least;
    if ratio >= limit {
        Answer::No(observed.with("gap", Measure::Word("much")))
    } else if ratio >= some || small {
        Answer::No(observed.with("gap", Measure::Word("some")))
    } else {
        Answer::Yes(observed)
    }
}
