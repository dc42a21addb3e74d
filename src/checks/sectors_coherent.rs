//! Asks whether the sectors that a consent or its list of recipients names share anything with what the
//! page is about, and whether one of them is no sector at all ("general", "other sectors").
//!
//! Neighbouring sectors count as one. A contest promises a prize: its page has no sector.

use crate::finding::Measure;
use crate::lexicon::Sense;
use crate::model::{EntryKind, Passage};

use super::{Answer, Check, Observed, Subject, SubjectKind};

/// Every sector but the catch-all.
pub(super) const SECTORS: [Sense; 12] = [
    Sense::SectorInsurance,
    Sense::SectorFinance,
    Sense::SectorEnergy,
    Sense::SectorHomeAdaptation,
    Sense::SectorTelecom,
    Sense::SectorHealth,
    Sense::SectorVehicle,
    Sense::SectorHome,
    Sense::SectorTravel,
    Sense::SectorTraining,
    Sense::SectorFortune,
    Sense::SectorRetail,
];
/// Sectors that go together: works on a house, money and cover.
const NEIGHBOURS: [&[Sense]; 2] = [
    &[
        Sense::SectorEnergy,
        Sense::SectorHome,
        Sense::SectorHomeAdaptation,
    ],
    &[
        Sense::SectorInsurance,
        Sense::SectorFinance,
        Sense::SectorHealth,
    ],
];
/// Headings that tell what a page is about.
const HEADINGS: usize = 3;
/// Entries of a list whose lines are read.
const MOST_ENTRIES: usize = 300;

pub static CHECK: Check = Check {
    id: "sectors-coherent",
    subjects: &[SubjectKind::Form],
    values: &["problem", "page_about", "sentence", "language"],
    build: |parameters| {
        parameters.only(&["ask"])?;
        let stated = parameters.one_of("ask", &["stated", "coherent"])? == "stated";
        parameters.asking(move |subject: &Subject| {
            if !subject.form.understood {
                return Answer::no_lexicon(subject);
            }
            match stated {
                true => comparable(subject),
                false => coherent(subject),
            }
        })
    },
};

/// Whether there is something to compare.
fn comparable(subject: &Subject) -> Answer {
    let lines = stated(subject);
    let any = lines.iter().any(|line| catch_all(line));
    let sector = lines.iter().any(|line| line.reading.has_any(&SECTORS));
    match any || (sector && !promised(subject).is_empty()) {
        true => Answer::Yes(Observed::default()),
        false => Answer::No(Observed::default()),
    }
}

fn coherent(subject: &Subject) -> Answer {
    let lines = stated(subject);
    let promised = promised(subject);
    let mut page: Vec<Sense> = promised.iter().flat_map(|line| sectors(line)).collect();
    for group in NEIGHBOURS {
        if group.iter().any(|sector| page.contains(sector)) {
            page.extend(group);
        }
    }
    let about = promised.first().map_or("–", |line| line.text.as_str());
    let observed = |line: &Passage| {
        let seen = Observed::default()
            .with("page_about", Measure::Text(about.to_string()))
            .with("sentence", Measure::Text(line.text.clone()))
            .seeing(subject.see_passage(line));
        match promised.first() {
            Some(promise) => seen.seeing(subject.see_passage(promise)),
            None => seen,
        }
    };
    if let Some(line) = lines.iter().find(|line| catch_all(line)) {
        return Answer::No(observed(line).with("problem", Measure::Word("catch_all")));
    }
    let named: Vec<&Passage> = lines
        .into_iter()
        .filter(|line| line.reading.has_any(&SECTORS))
        .collect();
    let shared = named
        .iter()
        .find(|line| sectors(line).iter().any(|sector| page.contains(sector)));
    match (shared, named.first()) {
        (Some(line), _) => Answer::Yes(observed(line)),
        (None, Some(line)) => {
            Answer::No(observed(line).with("problem", Measure::Word("other_sectors")))
        }
        (None, None) => Answer::Yes(Observed::default()),
    }
}

fn sectors(line: &Passage) -> Vec<Sense> {
    SECTORS
        .into_iter()
        .filter(|&sector| line.reading.has(sector))
        .collect()
}

/// A catch-all among recipients: in a line about partners, or an entry of their list.
fn catch_all(line: &Passage) -> bool {
    let reading = &line.reading;
    let own = reading.has(Sense::Consent) && !reading.has(Sense::Partners);
    reading.hits(Sense::SectorAny).any(|hit| !hit.negated) && !own
}

/// The lines that say what the page is about; none for a contest.
fn promised<'a>(subject: &Subject<'a>) -> Vec<&'a Passage> {
    let headings = subject.page.passages.iter().filter(|line| line.heading);
    let headings: Vec<&Passage> = headings.take(HEADINGS).collect();
    let contest = [Sense::FormContest, Sense::Prize, Sense::Draw];
    let at_form = subject.form.passages.iter();
    let questions =
        at_form.filter(|line| !asks_consent(line) && (line.heading || line.labels_control));
    let lines: Vec<&Passage> = headings.into_iter().chain(questions).collect();
    if lines.iter().any(|line| line.reading.has_any(&contest)) {
        return Vec::new();
    }
    let about = lines.into_iter();
    about
        .filter(|line| line.reading.has_any(&SECTORS))
        .collect()
}

/// The lines that name sectors of recipients: the consent's, and those of its list.
fn stated<'a>(subject: &Subject<'a>) -> Vec<&'a Passage> {
    let consent = subject.form.passages.iter();
    let mut lines: Vec<&Passage> = consent.filter(|line| asks_consent(line)).collect();
    for page in subject.recipient_list_pages() {
        let entries: Vec<&str> = page
            .entries
            .iter()
            .take(MOST_ENTRIES)
            .filter(|entry| entry.kind == EntryKind::Category || entry.name.len() > 3)
            .map(|entry| entry.name.as_str())
            .collect();
        let of_entry = |line: &&Passage| entries.iter().any(|name| line.text.contains(name));
        lines.extend(page.passages.iter().filter(of_entry));
    }
    lines
}

fn asks_consent(line: &Passage) -> bool {
    let reading = &line.reading;
    let partners = reading.has(Sense::Partners)
        && reading.has_any(&[Sense::Transfer, Sense::Marketing, Sense::Consent]);
    partners || (reading.has(Sense::Marketing) && reading.has_any(&[Sense::Consent, Sense::Bundle]))
}
