//! Asks whether the privacy notice names a data protection officer, or somebody in that place, with a way
//! to reach them.
//!
//! `broker` tells whether the form passes data on. Whether an officer is due it cannot know.

use crate::finding::{Measure, Reason};
use crate::lexicon::Sense;
use crate::model::{Passage, Where};

use super::contact_given::{contact, ways};
use super::partners_announced::ask as partners_announced;
use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "dpo-contact",
    subjects: &[SubjectKind::Form],
    values: &["broker", "officer", "quote"],
    build: |parameters| parameters.none(ask),
};

/// How many passages further a contact may stand.
const NEAR: usize = 4;
/// What an officer's own address begins with.
const ADDRESSES: [&str; 8] = [
    "dpo@",
    "dpd@",
    "rpd@",
    "privacy@",
    "rgpd@",
    "gdpr@",
    "datenschutz@",
    "dataprotection@",
];

fn ask(subject: &Subject) -> Answer {
    let text = subject.text(Where::PrivacyNotice);
    let broker = matches!(partners_announced(subject), Answer::Yes(_));
    let observed = Observed::default().with("broker", Measure::Bool(broker));
    let mut named: Option<&Passage> = None;
    let mut reachable = false;
    for &notice in &text.read {
        let found = subject.of(notice, "dpo-contact", |lines| {
            let ways = ways(notice.page);
            let anybody = lines.iter().any(|line| contact(line, &ways));
            (officer(lines, &ways), anybody)
        });
        let (officer, anybody) = *found;
        let officer = officer.and_then(|(at, near)| Some((subject.line(notice, at)?, near)));
        match officer {
            Some((passage, true)) => {
                let observed = observed
                    .with("quote", Measure::Text(passage.text.clone()))
                    .seeing(subject.see_passage(passage));
                return Answer::Yes(observed);
            }
            Some((passage, false)) => named = named.or(Some(passage)),
            None => {}
        }
        reachable |= anybody;
    }
    if text.unread {
        return Answer::unknown(Reason::NotSeen, "linked_pages_unread", observed);
    }
    match (named, text.read.first()) {
        (Some(passage), _) if reachable => Answer::unknown(
            Reason::NeedsPerson,
            "contact_elsewhere",
            observed.seeing(subject.see_passage(passage)),
        ),
        (Some(passage), _) => Answer::No(
            observed
                .with("officer", Measure::Bool(true))
                .seeing(subject.see_passage(passage)),
        ),
        (None, Some(notice)) => Answer::No(
            observed
                .with("officer", Measure::Bool(false))
                .seeing(subject.see_page(notice.page)),
        ),
        (None, None) => Answer::No(observed.seeing(subject.see_form())),
    }
}

/// Where a page speaks of an officer, and whether a contact stands by.
fn officer(passages: &[Passage], ways: &[String]) -> Option<(usize, bool)> {
    let own = passages.iter().position(|passage| {
        let text = passage.text.to_lowercase();
        ADDRESSES.iter().any(|start| text.contains(start))
    });
    if let Some(at) = own {
        return Some((at, true));
    }
    let speaks = |passage: &Passage| passage.reading.has(Sense::Dpo);
    let near = |at: usize| {
        let last = (at + NEAR).min(passages.len());
        passages[at..last].iter().any(|next| contact(next, ways))
    };
    let places = || (0..passages.len()).filter(|&at| speaks(&passages[at]));
    let best = places().find(|&at| near(at)).or_else(|| places().next())?;
    Some((best, near(best)))
}
