//! Asks whether the sectors that a consent or its list of recipients names share anything with what the
//! page is about, and whether one of them is no sector at all ("general", "other sectors").
//!
//! Neighbouring sectors count as one. A contest promises a prize: its page has no sector. In a list, what
//! most of its entries sell counts. `catch_all` are names of list entries that are no sector.

use crate::finding::Measure;
use crate::lexicon::{Phrases, Sense};
use crate::model::{EntryKind, PageModel, Passage};

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
/// Sectors that go together: works on a house, money and cover, cover and health.
const NEIGHBOURS: [&[Sense]; 3] = [
    &[
        Sense::SectorEnergy,
        Sense::SectorHome,
        Sense::SectorHomeAdaptation,
    ],
    &[Sense::SectorInsurance, Sense::SectorFinance],
    &[Sense::SectorInsurance, Sense::SectorHealth],
];
/// Headings that tell what a page is about.
const HEADINGS: usize = 3;
/// Entries of a list whose lines are read.
const MOST_ENTRIES: usize = 300;
/// Lines after an entry that may say what it sells (the cells of its row), and how long one may be.
const LINES_OF_ENTRY: usize = 2;
const LONGEST_CELL: usize = 120;

pub static CHECK: Check = Check {
    id: "sectors-coherent",
    subjects: &[SubjectKind::Form],
    values: &["problem", "page_about", "sentence", "language"],
    build: |parameters| {
        parameters.only(&["ask", "catch_all"])?;
        let stated = parameters.one_of("ask", &["stated", "coherent"])? == "stated";
        let no_sector = parameters.phrases("catch_all")?.unwrap_or_default();
        let question = parameters.question("sectors-coherent");
        parameters.asking(move |subject: &Subject| {
            if !subject.form.understood {
                return Answer::no_lexicon(subject);
            }
            match stated {
                true => comparable(subject, &no_sector, &question),
                false => coherent(subject, &no_sector, &question),
            }
        })
    },
};

/// A line of the consent, or an entry of the list of recipients, with the sectors that it names.
struct Stated<'a> {
    line: &'a Passage,
    sectors: Vec<Sense>,
    catch_all: bool,
}

/// Whether there is something to compare.
fn comparable(subject: &Subject, no_sector: &Phrases, question: &str) -> Answer {
    let stated = stated(subject, no_sector, question);
    let any = stated.iter().any(|s| s.catch_all);
    let sector = stated.iter().any(|s| !s.sectors.is_empty());
    match any || (sector && !promised(subject).is_empty()) {
        true => Answer::Yes(Observed::default()),
        false => Answer::No(Observed::default()),
    }
}

fn coherent(subject: &Subject, no_sector: &Phrases, question: &str) -> Answer {
    let stated = stated(subject, no_sector, question);
    let promised = promised(subject);
    let own: Vec<Sense> = promised.iter().flat_map(|line| sectors(line)).collect();
    let neighbours = NEIGHBOURS
        .iter()
        .filter(|group| group.iter().any(|sector| own.contains(sector)));
    let page: Vec<Sense> = neighbours.copied().flatten().chain(&own).copied().collect();
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
    if let Some(catch_all) = stated.iter().find(|s| s.catch_all) {
        return Answer::No(observed(catch_all.line).with("problem", Measure::Word("catch_all")));
    }
    let naming = stated.iter().filter(|s| !s.sectors.is_empty());
    let (shared, other): (Vec<&Stated>, Vec<&Stated>) =
        naming.partition(|s| s.sectors.iter().any(|sector| page.contains(sector)));
    match (shared.first(), other.first()) {
        (_, Some(foreign)) if other.len() > shared.len() => {
            Answer::No(observed(foreign.line).with("problem", Measure::Word("other_sectors")))
        }
        (Some(common), _) => Answer::Yes(observed(common.line)),
        _ => Answer::Yes(Observed::default()),
    }
}

fn sectors(line: &Passage) -> Vec<Sense> {
    SECTORS
        .into_iter()
        .filter(|&sector| line.reading.has(sector))
        .collect()
}

/// A catch-all among recipients, in a line about partners.
fn catch_all(line: &Passage) -> bool {
    let reading = &line.reading;
    let own = reading.has(Sense::Consent) && !reading.has(Sense::Partners);
    reading.hits(Sense::SectorAny).any(|hit| !hit.negated) && !own
}

/// The lines that say what the page is about; none for a contest.
fn promised<'a>(subject: &Subject<'a>) -> Vec<&'a Passage> {
    let headings = subject.once(subject.page, "first headings", |page| -> Vec<usize> {
        let lines = page.passages.iter().enumerate();
        let headings = lines.filter(|(_, line)| line.heading);
        headings.map(|(at, _)| at).take(HEADINGS).collect()
    });
    let headings = headings.iter();
    let headings = headings.filter_map(|&at| subject.page.passages.get(at));
    let contest = [Sense::FormContest, Sense::Prize, Sense::Draw];
    let at_form = subject.form.passages.iter();
    let questions =
        at_form.filter(|line| !asks_consent(line) && (line.heading || line.labels_control));
    let lines: Vec<&Passage> = headings.chain(questions).collect();
    if lines.iter().any(|line| line.reading.has_any(&contest)) {
        return Vec::new();
    }
    let about = lines.into_iter();
    about
        .filter(|line| line.reading.has_any(&SECTORS))
        .collect()
}

/// What names sectors of recipients: the lines of the consent, and the entries of its list.
fn stated<'a>(subject: &Subject<'a>, no_sector: &Phrases, question: &str) -> Vec<Stated<'a>> {
    let consent = subject.form.passages.iter();
    let of_consent = consent
        .filter(|line| asks_consent(line))
        .map(|line| Stated {
            line,
            sectors: sectors(line),
            catch_all: catch_all(line),
        });
    let mut stated: Vec<Stated> = of_consent.collect();
    for &page in subject.recipient_list_pages() {
        let found = subject.once(page, question, |page| entries(page, no_sector));
        stated.extend(found.iter().filter_map(|(at, sectors, catch_all)| {
            Some(Stated {
                line: page.passages.get(*at)?,
                sectors: sectors.clone(),
                catch_all: *catch_all,
            })
        }));
    }
    stated
}

/// Where the entries of a list stand, each with the sectors of its line and of those that follow it in its
/// row, and whether it is a catch-all.
fn entries(page: &PageModel, no_sector: &Phrases) -> Vec<(usize, Vec<Sense>, bool)> {
    let language = page.language.as_deref().unwrap_or_default();
    let entries: Vec<_> = page.entries.iter().take(MOST_ENTRIES).collect();
    let entry_of = |line: &Passage| {
        entries
            .iter()
            .find(|entry| entry.name.len() > 3 && line.text.contains(&entry.name))
    };
    let mut stated: Vec<(usize, Vec<Sense>, bool)> = Vec::new();
    let mut since = LINES_OF_ENTRY;
    for (at, line) in page.passages.iter().enumerate() {
        if let Some(entry) = entry_of(line) {
            let alone = line.text.trim() == entry.name;
            let no_sector = no_sector.find(language, &line.reading).is_some();
            let any = catch_all(line) || (entry.kind == EntryKind::Category && alone && no_sector);
            stated.push((at, sectors(line), any));
            since = 0;
        } else if since < LINES_OF_ENTRY && !line.heading && line.text.len() <= LONGEST_CELL {
            since += 1;
            if let Some(entry) = stated.last_mut() {
                entry.1.extend(sectors(line));
            }
        }
    }
    stated
}

fn asks_consent(line: &Passage) -> bool {
    let reading = &line.reading;
    let partners = reading.has(Sense::Partners)
        && reading.has_any(&[Sense::Transfer, Sense::Marketing, Sense::Consent]);
    partners || (reading.has(Sense::Marketing) && reading.has_any(&[Sense::Consent, Sense::Bundle]))
}
