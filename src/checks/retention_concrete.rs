//! Asks whether the privacy notice gives a number for how long data is kept, and whether that for
//! prospects stays within a limit.
//!
//! `problem` tells how not: `long` (with `years` and `limit`), `restarting` (it begins anew with every
//! e-mail that is opened), `vague` ("as long as necessary"), `other_data` (only invoices, cookies and the
//! like have a time) or `none`. Where a sentence gives several times the shortest counts, for it may speak
//! of several things.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::finding::Measure;
use crate::lexicon::{Phrases, Reading, Sense};
use crate::model::{Passage, Where};

use super::{Answer, Check, Observed, Parameters, Part, Subject, SubjectKind};

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
    /// All of it as one text.
    question: String,
    /// Years, for prospects.
    limit: f64,
    numbers: BTreeMap<String, f64>,
    years: Vec<String>,
    months: Vec<String>,
    /// What makes a sentence one about prospects, besides marketing.
    prospects: Phrases,
    /// What makes a sentence one about other data: invoices, cookies.
    other_data: Phrases,
    /// What makes the time begin anew though the person did nothing: an e-mail that was opened.
    restarts: Phrases,
}

impl Wanted {
    fn new(parameters: &Parameters) -> Result<Wanted, String> {
        parameters.only(&[
            "limit",
            "numbers",
            "years",
            "months",
            "prospects",
            "other_data",
            "restarts",
        ])?;
        let given = |key: &str| parameters.table.get(key).cloned();
        let words = |key: &str| match given(key) {
            None => Ok(Vec::new()),
            Some(value) => value
                .try_into()
                .map_err(|_| format!("`{key}` must be a list of words")),
        };
        let numbers = given("numbers").map(toml::Value::try_into).transpose();
        Ok(Wanted {
            question: parameters.question("retention-concrete"),
            limit: parameters.number("limit", 3.0)?,
            numbers: numbers
                .map_err(|_| "`numbers` must give a number for each word: { two = 2.0 }")?
                .unwrap_or_default(),
            years: words("years")?,
            months: words("months")?,
            prospects: parameters.phrases("prospects")?.unwrap_or_default(),
            other_data: parameters.phrases("other_data")?.unwrap_or_default(),
            restarts: parameters.phrases("restarts")?.unwrap_or_default(),
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

/// A time that a notice gives, or words in its place.
#[derive(Clone, Copy)]
struct Told {
    line: usize,
    /// The sentence, as bytes of the line.
    from: usize,
    to: usize,
    years: f64,
}

/// What a notice says about times: the first of each kind.
#[derive(Clone, Copy, Default)]
struct Times {
    /// For prospects, beyond the limit.
    long: Option<Told>,
    /// For prospects, from the last time they opened an e-mail on.
    restarting: Option<Told>,
    prospects: Option<Told>,
    /// It is not said for what.
    plain: Option<Told>,
    /// For invoices, cookies and the like.
    other: Option<Told>,
    vague: Option<Told>,
}

fn ask(subject: &Subject, wanted: &Wanted) -> Answer {
    let notices = subject.text(Where::PrivacyNotice).read;
    let times: Vec<(Part, Times)> = notices
        .iter()
        .map(|&notice| (notice, *wanted.times(subject, notice)))
        .collect();
    let first = |kind: fn(&Times) -> Option<Told>| {
        let mut all = times.iter();
        all.find_map(|(notice, times)| Some((*notice, kind(times)?)))
    };
    let observed = |(notice, told): (Part, Told), problem: &'static str| {
        let observed = told.observed(subject, notice, wanted);
        observed.with("problem", Measure::Word(problem))
    };
    if let Some(found) = first(|times| times.long) {
        return Answer::No(observed(found, "long"));
    }
    if let Some(found) = first(|times| times.restarting) {
        return Answer::No(observed(found, "restarting"));
    }
    let given = first(|times| times.prospects).or_else(|| first(|times| times.plain));
    if let Some((notice, told)) = given {
        return Answer::Yes(told.observed(subject, notice, wanted));
    }
    if let Some(found) = first(|times| times.vague) {
        return Answer::No(observed(found, "vague"));
    }
    if let Some(found) = first(|times| times.other) {
        return Answer::No(observed(found, "other_data"));
    }
    let seen = notices.first().map(|notice| subject.see_page(notice.page));
    let nothing = Observed::default().with("problem", Measure::Word("none"));
    Answer::No(nothing.seeing(seen.unwrap_or_else(|| subject.see_form())))
}

impl Told {
    fn observed(&self, subject: &Subject, notice: Part, wanted: &Wanted) -> Observed {
        let mut observed = Observed::default().with("limit", Measure::Number(wanted.limit));
        if self.years > 0.0 {
            let years = (self.years * 10.0).round() / 10.0;
            observed = observed.with("years", Measure::Number(years));
        }
        let Some(line) = subject.line(notice, self.line) else {
            return observed;
        };
        let quote = line.text.get(self.from..self.to).unwrap_or(&line.text);
        let mut seen = subject.see_passage(line);
        seen.quote = Some(quote.to_string());
        observed
            .with("quote", Measure::Text(quote.to_string()))
            .seeing(seen)
    }
}

impl Wanted {
    /// What a notice says about times.
    fn times<'a>(&self, subject: &Subject<'a>, notice: Part<'a>) -> Rc<Times> {
        let language = notice.page.language.as_deref();
        subject.of(notice, &self.question, |lines| {
            let mut times = Times::default();
            for (at, line) in lines.iter().enumerate() {
                let reading = &line.reading;
                for hit in reading.hits(Sense::Retention) {
                    self.add(&mut times, lines, at, hit.sentence, language);
                }
                let vague = reading.hits(Sense::RetentionVague).next();
                let vague = vague.and_then(|hit| told(line, at, hit.sentence, 0.0));
                times.vague = times.vague.or(vague);
            }
            times
        })
    }

    /// Adds the time that a sentence about retention gives, or else the lines below it.
    fn add(
        &self,
        times: &mut Times,
        lines: &[Passage],
        at: usize,
        sentence: u32,
        language: Option<&str>,
    ) {
        let here = self.shortest(&lines[at].reading, sentence);
        let here = here.map(|years| (at, sentence, years));
        let below = || self.below(lines, at);
        let found: Vec<(usize, u32, f64)> = here.map_or_else(below, |here| vec![here]);
        for (at, sentence, years) in found {
            let line = &lines[at];
            let says = |phrases: &Phrases| {
                language.is_some_and(|l| phrases.find_in(l, &line.reading, sentence).is_some())
            };
            let marketing = [Sense::Marketing, Sense::Newsletter];
            let marketing = marketing
                .iter()
                .any(|&sense| line.reading.sentence_has(sentence, sense));
            let prospects = marketing || says(&self.prospects);
            let kind = match (prospects, says(&self.other_data)) {
                (true, _) if years > self.limit => &mut times.long,
                (true, _) if says(&self.restarts) => &mut times.restarting,
                (true, _) => &mut times.prospects,
                (false, true) => &mut times.other,
                (false, false) => &mut times.plain,
            };
            *kind = kind.or(told(line, at, sentence, years));
        }
    }

    /// The times in the lines below a heading or a cell about retention: of each line the first.
    fn below(&self, lines: &[Passage], at: usize) -> Vec<(usize, u32, f64)> {
        let below = lines.iter().enumerate().skip(at + 1).take(BELOW);
        below
            .filter(|(_, line)| !line.heading)
            .filter_map(|(at, line)| {
                let last = line.reading.words.last()?.sentence;
                (0..=last).find_map(|sentence| {
                    let years = self.shortest(&line.reading, sentence)?;
                    Some((at, sentence, years))
                })
            })
            .collect()
    }
}

fn told(line: &Passage, at: usize, sentence: u32, years: f64) -> Option<Told> {
    let (from, to) = line.reading.sentence_range(sentence)?;
    Some(Told {
        line: at,
        from,
        to,
        years,
    })
}
