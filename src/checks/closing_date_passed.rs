//! Asks whether an offer closed more than `days` days before the day that counts: the last date in the
//! texts that speak of its dates, on the page or in its terms.
//!
//! It cannot tell a series of draws from one that was forgotten.

use time::{Date, Month};

use crate::finding::Measure;
use crate::lexicon::{Sense, Word};
use crate::model::{Passage, Where};

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "closing-date-passed",
    subjects: &[SubjectKind::Form],
    values: &["closed", "limit"],
    build: |parameters| {
        parameters.only(&["days"])?;
        let days = parameters.number("days", 30.0)?;
        parameters.asking(move |subject: &Subject| ask(subject, days))
    },
};

/// Beginnings of the months' names in English, French, German, Italian and Spanish, without accents.
const MONTHS: [&[&str]; 12] = [
    &["jan", "genn", "gen", "ene"],
    &["feb", "fev"],
    &["mar"],
    &["apr", "avr", "abr"],
    &["may", "mai", "mag", "mayo"],
    &["jun", "juin", "giu"],
    &["jul", "juil", "lug"],
    &["aug", "aou", "ago"],
    &["sep", "set"],
    &["oct", "okt", "ott"],
    &["nov"],
    &["dec", "dez", "dic"],
];

fn ask(subject: &Subject, days: f64) -> Answer {
    let mut last: Option<(Date, Observed)> = None;
    for place in [Where::Form, Where::Page, Where::Terms] {
        for part in subject.text(place).read {
            let found = subject.of(part, "closing-date-passed", last_date);
            let found = found.and_then(|(date, at)| Some((date, subject.line(part, at)?)));
            if let Some((date, line)) = found
                && last.as_ref().is_none_or(|(known, _)| *known < date)
            {
                let seen = subject.see_passage(line);
                last = Some((date, Observed::default().seeing(seen)));
            }
        }
    }
    let written = time::macros::format_description!("[year]-[month]-[day]");
    let day = Date::parse(&subject.request.as_of, written).ok();
    let (Some((closed, observed)), Some(day)) = (last, day) else {
        return Answer::No(Observed::default());
    };
    let observed = observed
        .with("closed", Measure::Text(closed.to_string()))
        .with("limit", Measure::Number(days));
    match f64::from(day.to_julian_day() - closed.to_julian_day()) > days {
        true => Answer::Yes(observed),
        false => Answer::No(observed),
    }
}

/// The last date of the lines that speak of dates, and the first line that gives it.
fn last_date(lines: &[Passage]) -> Option<(Date, usize)> {
    let lines = lines.iter().enumerate();
    let dated = lines.filter(|(_, line)| line.reading.has(Sense::Dates));
    let dates = dated.filter_map(|(at, line)| Some((latest(&line.reading.words)?, at)));
    dates.max_by_key(|(date, at)| (*date, std::cmp::Reverse(*at)))
}

/// The last date among words: "31 mars 2026", "March 31st, 2026", "31/03/2026", "2026-03-31".
fn latest(words: &[Word]) -> Option<Date> {
    let counted: Vec<&str> = words
        .iter()
        .map(|word| &*word.plain)
        .filter(|word| !matches!(*word, "de" | "del" | "of" | "the" | "di"))
        .collect();
    counted.windows(3).filter_map(date).max()
}

fn date(three: &[&str]) -> Option<Date> {
    let [one, two, three] = three else {
        return None;
    };
    if let Some(year) = year(one) {
        return day(year, number(two)?, number(three)?);
    }
    let year = year(three)?;
    match (number(one), month(one), number(two), month(two)) {
        (Some(d), _, _, Some(m)) | (_, Some(m), Some(d), _) => day(year, m, d),
        // Which is the month differs by country: the later reading counts.
        (Some(a), _, Some(b), _) => day(year, b, a).max(day(year, a, b)),
        _ => None,
    }
}

fn day(year: i32, month: u8, day: u8) -> Option<Date> {
    Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()
}

fn year(word: &str) -> Option<i32> {
    let year = word.parse().ok()?;
    (2000..2100).contains(&year).then_some(year)
}

/// `31`, `1er`, `31st`, `1º`.
fn number(word: &str) -> Option<u8> {
    let digits = word.trim_end_matches(|c: char| !c.is_ascii_digit());
    (word.len() - digits.len() <= 3).then_some(())?;
    digits.parse().ok()
}

fn month(word: &str) -> Option<u8> {
    let named = |starts: &&[&str]| starts.iter().any(|start| word.starts_with(start));
    let at = MONTHS.iter().position(named)?;
    u8::try_from(at + 1).ok()
}
