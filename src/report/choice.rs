//! Both sides of a choice by buttons beside each other: their pictures at one scale, and what was measured
//! of each, with the limits that are ours.
//!
//! It reads what findings measured; it must not measure anything, nor know how a rule decides.

use serde::Serialize;
use serde_json::Value;

use crate::finding::Outcome;
use crate::ruleset::Ruleset;

use super::document::{Finding, Form};
use super::html::Embedded;
use super::words::{ReportWords, decimal};

/// The choice of one form.
#[derive(Serialize)]
pub struct ChoiceView {
    accept: Side,
    refuse: Side,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Side {
    label: String,
    /// A `data:` address, and its width in CSS pixels.
    picture: Option<String>,
    width: u32,
}

/// One measured property.
#[derive(Serialize)]
struct Row {
    name: String,
    accept: String,
    refuse: String,
    /// The one to the other.
    ratio: String,
    limit: String,
}

/// A property, by the names of its values: of each side, of both compared, and the limits, a remark's
/// first.
struct Property {
    word: &'static str,
    accept: &'static str,
    refuse: &'static str,
    ratio: Option<&'static str>,
    limits: &'static [&'static str],
}

const PROPERTIES: [Property; 8] = [
    Property {
        word: "choice-size",
        accept: "accept_size",
        refuse: "refuse_size",
        ratio: None,
        limits: &[],
    },
    Property {
        word: "choice-area",
        accept: "accept_area",
        refuse: "refuse_area",
        ratio: Some("area_ratio"),
        limits: &["area_ratio_some", "area_ratio_limit"],
    },
    Property {
        word: "choice-fill",
        accept: "accept_fill",
        refuse: "refuse_fill",
        ratio: None,
        limits: &["strong_fill", "weak_fill"],
    },
    Property {
        word: "choice-letters",
        accept: "accept_letters",
        refuse: "refuse_letters",
        ratio: Some("letters_ratio"),
        limits: &["letters_ratio_some", "letters_ratio_limit"],
    },
    Property {
        word: "choice-weight",
        accept: "accept_weight",
        refuse: "refuse_weight",
        ratio: None,
        limits: &[],
    },
    Property {
        word: "choice-style",
        accept: "accept_style",
        refuse: "refuse_style",
        ratio: None,
        limits: &[],
    },
    Property {
        word: "choice-contrast",
        accept: "accept_contrast",
        refuse: "refuse_contrast",
        ratio: None,
        limits: &[],
    },
    Property {
        word: "choice-in-view",
        accept: "accept_in_view",
        refuse: "refuse_in_view",
        ratio: None,
        limits: &[],
    },
];

/// Rules that compare the two sides, by the start of their code.
const FAMILY: &str = "PRO-";
/// The wider of the two pictures is shown at most this wide.
const WIDEST: u32 = 360;

/// The choice of a form where one of the rules that compare its sides failed, or could not tell.
/// `own` are the form's findings.
pub fn choice(
    form: &Form,
    own: &[&Finding],
    ruleset: &Ruleset,
    embedded: &Embedded,
    language: &str,
    words: &ReportWords,
    embed: &mut dyn FnMut(&[u8]) -> Option<String>,
) -> Option<ChoiceView> {
    let compares = |finding: &&&Finding| {
        finding.measured.contains_key("button")
            && finding.measured.contains_key("refusal")
            && ruleset
                .rule(&finding.rule)
                .is_some_and(|rule| rule.code.starts_with(FAMILY))
    };
    let findings: Vec<&Finding> = own.iter().filter(compares).copied().collect();
    let open = |finding: &&&Finding| matches!(finding.outcome, Outcome::Failed | Outcome::CantTell);
    let first = findings.iter().find(open)?;
    let measured = |name: &str| findings.iter().find_map(|f| f.measured.get(name));
    let shown = |name: &str| measured(name).map(|value| value_of(value, ruleset, language));
    let limit = |limits: &[&str]| {
        let limits: Vec<String> = limits.iter().filter_map(|name| shown(name)).collect();
        limits.join(" / ")
    };
    let rows: Vec<Row> = PROPERTIES
        .iter()
        .filter_map(|property| {
            let (accept, refuse) = (shown(property.accept), shown(property.refuse));
            (accept.is_some() || refuse.is_some()).then(|| Row {
                name: words.word(property.word),
                accept: accept.unwrap_or("–".to_string()),
                refuse: refuse.unwrap_or("–".to_string()),
                ratio: property.ratio.and_then(shown).unwrap_or_default(),
                limit: limit(property.limits),
            })
        })
        .collect();
    let pair = embedded.pairs.get(&form.id);
    let widest = pair.map_or(1, |pair| {
        pair.iter().map(|side| side.width).max().unwrap_or(1)
    });
    let mut side = |name: &str, at: usize| {
        let cutout = pair.map(|pair| &pair[at]);
        let width = cutout.map_or(0, |cutout| cutout.width);
        let label = first.measured.get(name).and_then(Value::as_str);
        Side {
            label: label.unwrap_or_default().to_string(),
            picture: cutout.and_then(|cutout| embed(&cutout.png)),
            width: width * WIDEST.min(widest) / widest.max(1),
        }
    };
    Some(ChoiceView {
        accept: side("button", 0),
        refuse: side("refusal", 1),
        rows,
    })
}

fn value_of(value: &Value, ruleset: &Ruleset, language: &str) -> String {
    match value {
        Value::String(text) => ruleset.words.word(text, language).to_string(),
        Value::Bool(yes) => {
            let word = if *yes { "yes" } else { "no" };
            ruleset.words.word(word, language).to_string()
        }
        other => decimal(&other.to_string(), language),
    }
}
