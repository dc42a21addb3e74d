//! Asks whether a company that collects or receives the data is the company of a public decision.
//!
//! Names of the same writing count; who bears a name today, and what became of a decision, it cannot know.

use crate::finding::Measure;
use crate::lexicon::{CompanyName, Likeness};
use crate::model::{Decided, EntryKind, Named, Place};

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "sanctions-listed",
    subjects: &[SubjectKind::Form],
    values: &["name", "authority", "decision", "date", "url", "decisions"],
    build: |parameters| parameters.none(ask),
};

/// A name with its place, and the decision that is about it.
struct Sanctioned<'a> {
    decided: &'a Decided,
    name: &'a str,
    quote: &'a str,
    place: &'a Place,
}

/// The first of those who collect or receive the data whom a decision is about.
fn sanctioned<'a>(subject: &Subject<'a>) -> Option<Sanctioned<'a>> {
    let entities = subject.entities;
    let decided = subject.once(
        subject.page,
        "names of decisions",
        |_| -> Vec<CompanyName> {
            let names = subject.decisions.iter();
            names.map(|d| entities.company_name(&d.name)).collect()
        },
    );
    let decided_on = |name: &str| {
        let name = entities.company_name(name);
        let mut decided = decided.iter();
        decided.position(|decided| entities.same_name(&name, decided) == Likeness::Same)
    };
    let party = |named: &'a Named, at: usize| Sanctioned {
        decided: &subject.decisions[at],
        name: &named.party.name,
        quote: &named.quote,
        place: &named.place,
    };
    let own = |all: &'a [Named]| {
        all.iter()
            .find_map(|named| Some(party(named, decided_on(&named.party.name)?)))
    };
    // Names on whole pages are compared once, however many forms stand on them or link them.
    let on_page = || {
        let found = subject.once(subject.page, "sanctioned parties", |page| {
            let mut parties = page.parties.iter().enumerate();
            parties.find_map(|(at, named)| Some((at, decided_on(&named.party.name)?)))
        });
        let (at, decided) = (*found)?;
        Some(party(subject.page.parties.get(at)?, decided))
    };
    let listed = || {
        subject.recipient_list_pages().iter().find_map(|&page| {
            let found = subject.once(page, "sanctioned entries", |page| {
                let mut entries = page.entries.iter().enumerate();
                entries.find_map(|(at, entry)| {
                    let company = entry.kind == EntryKind::Company;
                    Some((at, decided_on(&entry.name).filter(|_| company)?))
                })
            });
            let (at, decided) = (*found)?;
            let entry = page.entries.get(at)?;
            Some(Sanctioned {
                decided: &subject.decisions[decided],
                name: &entry.name,
                quote: &entry.name,
                place: &entry.place,
            })
        })
    };
    own(&subject.form.controllers)
        .or_else(on_page)
        .or_else(|| own(&subject.form.recipients))
        .or_else(listed)
}

fn ask(subject: &Subject) -> Answer {
    let count = Measure::Number(subject.decisions.len() as f64);
    let observed = Observed::default().with("decisions", count);
    let Some(found) = sanctioned(subject) else {
        return Answer::No(observed);
    };
    let decided = found.decided;
    let mut observed = observed
        .with("name", Measure::Text(found.name.to_string()))
        .with("authority", Measure::Text(decided.authority.clone()))
        .with("decision", Measure::Text(decided.decision.clone()))
        .with("date", Measure::Text(decided.date.clone()))
        .seeing(subject.see(found.quote, found.place));
    if let Some(url) = &decided.url {
        observed = observed.with("url", Measure::Text(url.clone()));
    }
    Answer::Yes(observed)
}
