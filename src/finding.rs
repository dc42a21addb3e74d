//! Outcomes, severities and findings.
//!
//! A failed finding cannot be built without something that shows it: [`Finding::new`] turns a failure
//! without an observation or a measured value into `cant_tell`. It must not know how rules decide.
#![deny(clippy::disallowed_methods)]

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::artifact::Rect;

/// The outcomes of W3C's Accessibility Conformance Testing rules, in order of weight.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Inapplicable,
    Passed,
    CantTell,
    Failed,
}

impl Outcome {
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Inapplicable => "inapplicable",
            Outcome::Passed => "passed",
            Outcome::CantTell => "cant_tell",
            Outcome::Failed => "failed",
        }
    }
}

/// How much a failure matters, least first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Info,
    Minor,
    Major,
    /// On its own enough to make the consent unusable for the buyer.
    Blocker,
}

impl Severity {
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Minor => "minor",
            Severity::Major => "major",
            Severity::Blocker => "blocker",
        }
    }
}

/// Why something cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The capture did not show it.
    NotSeen,
    /// It was seen; what it means is for a person to say.
    NeedsPerson,
}

/// Something seen that a finding rests on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Observation {
    /// The page's own words.
    pub quote: Option<String>,
    pub locator: String,
    pub capture: String,
    /// CSS pixels from the top document's origin.
    pub bounds: Option<Rect>,
}

/// A value a check measured or read, for messages, grades and the report.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Measure {
    Bool(bool),
    Number(f64),
    /// The page's words.
    Text(String),
    /// A word of ours that the report translates.
    Word(&'static str),
    List(Vec<String>),
}

/// One row of law that a finding bears on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Basis {
    pub jurisdiction: String,
    pub instrument: String,
    pub provision: String,
    pub url: Option<String>,
    pub severity: Severity,
}

/// What one rule says about one subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    pub rule: String,
    pub outcome: Outcome,
    pub severity: Severity,
    pub page: String,
    pub form: Option<String>,
    /// Index among the form's controls.
    pub control: Option<usize>,
    pub message: String,
    pub reason: Option<Reason>,
    pub remedy: String,
    pub basis: Vec<Basis>,
    pub measured: BTreeMap<&'static str, Measure>,
    pub observations: Vec<Observation>,
}

impl Finding {
    /// Whether the finding may stand as it is: a failure must show something.
    pub fn shows_something(&self) -> bool {
        self.observations.iter().any(|seen| {
            !seen.capture.is_empty() && (seen.quote.is_some() || !self.measured.is_empty())
        })
    }
}
