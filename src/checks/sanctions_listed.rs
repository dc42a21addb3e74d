//! Asks whether a company that collects or receives the data is the company of a public decision.
//!
//! Names of the same writing count; who bears a name today, and what became of a decision, it cannot know.

use crate::finding::Measure;
use crate::lexicon::Likeness;
use crate::model::Place;

use super::recipients_named::companies;
use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "sanctions-listed",
    subjects: &[SubjectKind::Form],
    values: &["name", "authority", "decision", "date", "url", "decisions"],
    build: |parameters| parameters.none(ask),
};

/// A name with its place.
pub(super) struct Bearer<'a> {
    name: &'a str,
    quote: &'a str,
    place: &'a Place,
}

/// Who collects or receives the data, as far as names were read.
pub(super) fn named<'a>(subject: &Subject<'a>) -> Vec<Bearer<'a>> {
    let parties = subject.form.controllers.iter().chain(&subject.page.parties);
    let own = parties.map(|named| Bearer {
        name: &named.party.name,
        quote: &named.quote,
        place: &named.place,
    });
    let others = companies(subject).into_iter().map(|company| Bearer {
        name: company.name,
        quote: company.quote,
        place: company.place,
    });
    own.chain(others).collect()
}

fn ask(subject: &Subject) -> Answer {
    let count = Measure::Number(subject.decisions.len() as f64);
    let observed = Observed::default().with("decisions", count);
    for bearer in named(subject) {
        let same = subject.decisions.iter().find(|decided| {
            subject.entities.same_company(bearer.name, &decided.name) == Likeness::Same
        });
        let Some(decided) = same else { continue };
        let mut observed = observed
            .with("name", Measure::Text(bearer.name.to_string()))
            .with("authority", Measure::Text(decided.authority.clone()))
            .with("decision", Measure::Text(decided.decision.clone()))
            .with("date", Measure::Text(decided.date.clone()))
            .seeing(subject.see(bearer.quote, bearer.place));
        if let Some(url) = &decided.url {
            observed = observed.with("url", Measure::Text(url.clone()));
        }
        return Answer::Yes(observed);
    }
    Answer::No(observed)
}
