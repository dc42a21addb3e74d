//! Asks whether consent can be withdrawn online in one go, as far as the form and the privacy notice tell.
//!
//! `means` is `online`, `partial` (some of the bases or brands only) or `writing` (by e-mail or letter).
//! Links that stand in the messages themselves are not seen.

use crate::finding::{Measure, Reason};
use crate::lexicon::{Hit, Sense};
use crate::model::{Passage, Where};

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "withdrawal-easy",
    subjects: &[SubjectKind::Form],
    values: &["means", "quote", "where", "language"],
    build: |parameters| parameters.none(ask),
};

const MEANS: [(Sense, &str); 3] = [
    (Sense::WithdrawPartial, "partial"),
    (Sense::WithdrawOnline, "online"),
    (Sense::WithdrawWriting, "writing"),
];

fn ask(subject: &Subject) -> Answer {
    let notice = subject.text(Where::PrivacyNotice);
    for (sense, means) in MEANS {
        let Some((place, passage, sentence)) = told(subject, sense) else {
            continue;
        };
        let mut seen = subject.see_passage(passage);
        seen.quote = Some(sentence.to_string());
        let observed = Observed::default()
            .with("means", Measure::Word(means))
            .with("quote", Measure::Text(sentence.to_string()))
            .with("where", Measure::Word(place.as_str()))
            .seeing(seen);
        return match means {
            "online" => Answer::Yes(observed),
            // An easier way may stand in the notice.
            "writing" if notice.unread => {
                Answer::unknown(Reason::NotSeen, "linked_pages_unread", observed)
            }
            _ => Answer::No(observed),
        };
    }
    if !subject.form.understood {
        return Answer::no_lexicon(subject);
    }
    let observed = Observed::default().seeing(subject.see_form());
    let because = match notice.unread {
        true => "linked_pages_unread",
        false => "withdrawal_in_messages",
    };
    Answer::unknown(Reason::NotSeen, because, observed)
}

/// Where the form or the notice tells a means, in its own words.
fn told<'a>(subject: &Subject<'a>, sense: Sense) -> Option<(Where, &'a Passage, &'a str)> {
    [Where::Form, Where::PrivacyNotice]
        .into_iter()
        .find_map(|place| {
            let question = format!("withdrawal-easy {sense:?}");
            let mut parts = subject.text(place).read.into_iter();
            let (passage, (from, to)) =
                parts.find_map(|part| subject.first(part, &question, |line| tells(line, sense)))?;
            Some((place, passage, passage.text.get(from..to)?))
        })
}

/// The sentence of a line that tells a means: its bytes.
fn tells(line: &Passage, sense: Sense) -> Option<(usize, usize)> {
    let reading = &line.reading;
    // Choices about cookies are others.
    let cookies = |hit: &Hit| {
        let mut words = reading.words.iter();
        words.any(|w| w.sentence == hit.sentence && w.plain.starts_with("cookie"))
    };
    let mut hits = reading.hits(sense).filter(|hit| !cookies(hit));
    let hit = hits.find(|hit| sense == Sense::WithdrawPartial || !hit.negated)?;
    reading.sentence_range(hit.sentence)
}
