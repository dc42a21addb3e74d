//! Asks whether the privacy notice gives a number for how long data is kept, and whether that for
//! prospects stays within a limit.
//!
//! `problem` tells how not: `long` (with `years` and `limit`), `vague` ("as long as necessary") or `none`.
//! Where a sentence gives several times the shortest counts, for it may speak of several things.

use std::collections::BTreeMap;

use crate::finding::Measure;
use crate::lexicon::{Phrases, Reading, Sense};
use crate::model::{Passage, Where};

use super::{Answer, Check, Observed, Parameters, Subject, SubjectKind};

/// Lines after a heading about retention that still belong to it.
const BELOW: usize = 4;
/// Words between a number and its unit: "three (3) years", "3 full years".
const BETWEEN: usize = 2;
const MONTHS: f64 = 12.0;

pub static CHECK: Check = Check {
    id: "retention-concrete",
    subjects: &[SubjectKind::Form],
    values: &["problem", "years", "limit", "quote"],
    build: |parameters| {
        let wanted = Wanted::new(parameters)?;
        parameters.asking(move |subject: &Subject| ask(subject, &wanted))
    },
};

/// How times are written, and what is too long.
struct Wanted {
    /// Years, for prospects.
    limit: f64,
    numbers: BTreeMap<String, f64>,
    years: Vec<String>,
    months: Vec<String>,
    /// What makes a sentence one about prospects, besides marketing.
    prospects: Phrases,
}

impl Wanted {
    fn new(parameters: &Parameters) -> Result<Wanted, String> {
        parameters.only(&["limit", "numbers", "years", "months", "prospects"])?;
        let given = |key: &str| parameters.table.get(key).cloned();
        let words = |key: &str| match given(key) {
            None => Ok(Vec::new()),
            Some(value) => value
                .try_into()
                .map_err(|_| format!("`{key}` must be a list of words")),
        };
        let numbers = given("numbers").map(toml::Value::try_into).transpose();
        Ok(Wanted {
            limit: parameters.number("limit", 3.0)?,
            numbers: numbers
                .map_err(|_| "`numbers` must give a number for each word: { two = 2.0 }")?
                .unwrap_or_default(),
            years: words("years")?,
            months: words("months")?,
            prospects: parameters.phrases("prospects")?.unwrap_or_default(),
        })
    }

    /// The shortest time that a sentence gives, in years.
    fn shortest(&self, reading: &Reading, sentence: u32) -> Option<f64> {
        let words: Vec<&str> = reading
            .words
            .iter()
            .filter(|word| word.sentence == sentence)
            .map(|word| &*word.plain)
            .collect();
        let times = (0..words.len()).filter_map(|at| {
            let number = words[at].parse::<f64>().ok();
            let number = number.or(self.numbers.get(words[at]).copied())?;
            let ahead = words[at + 1..].iter().take(BETWEEN + 1);
            let unit = ahead.copied().find_map(|word| {
                let is = |units: &[String]| units.iter().any(|unit| unit == word);
                let years = is(&self.years).then_some(1.0);
                years.or(is(&self.months).then_some(1.0 / MONTHS))
            })?;
            (number > 0.0 && number <= 100.0).then_some(number * unit)
        });
        times.min_by(f64::total_cmp)
    }
}

fn ask(subject: &Subject, wanted: &Wanted) -> Answer {
    let (mut given, mut long, mut vague, mut document) = (None, None, None, None);
    for (page, passages) in subject.text(Where::PrivacyNotice).read {
        document.get_or_insert(page);
        let language = page.language.as_deref();
        for (at, passage) in passages.iter().enumerate() {
            let reading = &passage.reading;
            for hit in reading.hits(Sense::Retention) {
                let time = wanted.shortest(reading, hit.sentence);
                let below = || below(&passages[at..], wanted);
                let Some((passage, years)) = time.map(|years| (passage, years)).or_else(below)
                else {
                    continue;
                };
                let prospects =
                    time.is_some() && about_prospects(passage, hit.sentence, language, wanted);
                let found = if prospects && years > wanted.limit {
                    &mut long
                } else {
                    &mut given
                };
                found.get_or_insert((passage, years));
            }
            if reading.has(Sense::RetentionVague) {
                vague.get_or_insert(passage);
            }
        }
    }
    let timed = |(passage, years): (&Passage, f64)| {
        Observed::default()
            .with("years", Measure::Number((years * 10.0).round() / 10.0))
            .with("limit", Measure::Number(wanted.limit))
            .with("quote", Measure::Text(passage.text.clone()))
            .seeing(subject.see_passage(passage))
    };
    if let Some(found) = long {
        return Answer::No(timed(found).with("problem", Measure::Word("long")));
    }
    if let Some(found) = given {
        return Answer::Yes(timed(found));
    }
    let observed = match (vague, document) {
        (Some(passage), _) => Observed::default()
            .with("problem", Measure::Word("vague"))
            .with("quote", Measure::Text(passage.text.clone()))
            .seeing(subject.see_passage(passage)),
        (None, document) => Observed::default()
            .with("problem", Measure::Word("none"))
            .seeing(document.map_or_else(|| subject.see_form(), |page| subject.see_page(page))),
    };
    Answer::No(observed)
}

/// A time in the lines below a heading or a cell about retention.
fn below<'a>(passages: &'a [Passage], wanted: &Wanted) -> Option<(&'a Passage, f64)> {
    let lines = passages.iter().skip(1).take(BELOW);
    lines.filter(|line| !line.heading).find_map(|line| {
        let sentences = line.reading.words.last()?.sentence;
        let years =
            (0..=sentences).find_map(|sentence| wanted.shortest(&line.reading, sentence))?;
        Some((line, years))
    })
}

fn about_prospects(
    passage: &Passage,
    sentence: u32,
    language: Option<&str>,
    wanted: &Wanted,
) -> bool {
    let reading = &passage.reading;
    let marketing = [Sense::Marketing, Sense::Newsletter]
        .iter()
        .any(|&sense| reading.sentence_has(sentence, sense));
    let own = language.and_then(|language| wanted.prospects.find(language, reading));
    marketing || own.is_some_and(|hit| hit.sentence == sentence)
}
