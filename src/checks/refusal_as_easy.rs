//! Asks whether the way without consent takes no more than the consent: no further form, no answers once
//! more, no long list to go through.
//!
//! Each way was walked once; what scrolling and reading cost it does not count. Where there is no way without
//! consent but a list whose companies may be struck out one by one, that is the way.

use crate::finding::{Measure, Reason};
use crate::lexicon::Sense;
use crate::model::{Category, ControlKind, PageModel, Passage, Polarity};

use super::refusal_leads_on::walked;
use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "refusal-as-easy",
    subjects: &[SubjectKind::Form],
    values: &["refusal", "fields", "pages", "controls", "limit"],
    build: |parameters| {
        parameters.only(&["most_controls"])?;
        let most = parameters.number("most_controls", 10.0)?;
        parameters.asking(move |subject: &Subject| ask(subject, most))
    },
};

fn ask(subject: &Subject, most: f64) -> Answer {
    let form = subject.form;
    let to_deselect = form.consent_controls().filter(|control| {
        control.kind == ControlKind::Checkbox
            && control.polarity == Polarity::OptIn
            && control.selected() == Some(true)
    });
    let on: Vec<_> = to_deselect.collect();
    if on.len() as f64 > most {
        let observed = Observed::default()
            .with("controls", Measure::Number(on.len() as f64))
            .with("limit", Measure::Number(most));
        return Answer::No(observed.seeing(subject.see_control(on[0])));
    }
    let Some(refusal) = form.refusing() else {
        let out = struck_out_one_by_one(subject);
        if let Some(first) = out.first().filter(|_| out.len() as f64 > most) {
            let observed = Observed::default()
                .with("controls", Measure::Number(out.len() as f64))
                .with("limit", Measure::Number(most));
            return Answer::No(observed.seeing(subject.see_passage(first)));
        }
        return Answer::unknown(
            Reason::NotSeen,
            "refusal_not_walked",
            Observed::default().seeing(subject.see_form()),
        );
    };
    let observed = Observed::default()
        .with("refusal", Measure::Text(refusal.label.clone()))
        .seeing(subject.see(&refusal.label, &refusal.place));
    let Some(walk) = walked(form, &refusal.label) else {
        return Answer::unknown(Reason::NotSeen, "refusal_not_walked", observed);
    };
    let asked: Vec<String> = walk
        .asks_again
        .iter()
        .map(|c| c.as_str().to_string())
        .collect();
    let personal = walk.asks_again.iter().any(|category| {
        matches!(
            category,
            Category::Email
                | Category::Phone
                | Category::Name
                | Category::FirstName
                | Category::LastName
        )
    });
    if personal && !walk.came_back {
        let mut there = subject.see(&refusal.label, &refusal.place);
        if let Some(capture) = &walk.capture {
            there.capture.clone_from(capture);
            there.bounds = None;
        }
        return Answer::No(
            observed
                .with("fields", Measure::List(asked))
                .with("pages", Measure::Number(1.0))
                .seeing(there),
        );
    }
    Answer::Yes(observed)
}

/// The companies of the recipient list that each have a way out of their own.
fn struck_out_one_by_one<'a>(subject: &Subject<'a>) -> Vec<&'a Passage> {
    let entries = |page: &'a PageModel| {
        let names = page.entries.iter().map(|entry| entry.name.as_str());
        let lines = page.passages.iter().filter(|line| {
            line.reading
                .has_any(&[Sense::Withdraw, Sense::OptOut, Sense::Refuse])
        });
        let names: Vec<&str> = names.collect();
        lines.filter(move |line| names.iter().any(|name| line.text.contains(name)))
    };
    subject
        .recipient_list_pages()
        .iter()
        .flat_map(|page| entries(page))
        .collect()
}
