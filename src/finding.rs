//! Outcomes, severities and findings.
//!
//! A failed finding cannot be built without something that shows it: [`Finding::only_if_shown`] turns a
//! failure without an observation into `cant_tell`. It must not know how rules decide.
#![deny(clippy::disallowed_methods)]

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;

use litemap::LiteMap;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::artifact::Rect;

/// The outcomes of W3C's Accessibility Conformance Testing rules, in order of weight.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    #[default]
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
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    #[default]
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

impl Reason {
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::NotSeen => "not_seen",
            Reason::NeedsPerson => "needs_person",
        }
    }
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
    /// The parts of what a rule asks, each with its own outcome.
    Items(Vec<ItemOutcome>),
}

/// What was measured or read, by name. A long scan has a hundred thousand of these, most with a few
/// entries.
pub type Measures = LiteMap<&'static str, Measure>;

/// What became of one part of what a rule asks.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ItemOutcome {
    /// The item's id in the rule file.
    pub item: String,
    pub outcome: Outcome,
    /// How much it matters where it is missing.
    pub severity: Severity,
    /// The words that show it.
    pub quote: Option<String>,
    /// Where they stand.
    #[serde(rename = "where")]
    pub place: Option<&'static str>,
    /// Why it cannot be told.
    pub because: Option<&'static str>,
}

/// One row of law that a finding bears on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Basis {
    pub jurisdiction: String,
    pub instrument: String,
    pub provision: String,
    pub url: Option<String>,
    /// Where the fact was read, for what no official text confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    pub severity: Severity,
}

/// Rows of law. Thousands of findings of a long scan name the same ones, which are kept once.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Provisions(Arc<Vec<Basis>>);

/// Rows of law that findings name, by rule.
#[derive(Debug, Default)]
pub struct KnownProvisions(HashMap<String, Vec<Provisions>>);

impl KnownProvisions {
    /// Lets findings let go of rows where the same are known; knows the others from now on.
    pub fn share(&mut self, findings: &mut [Finding]) {
        for finding in findings {
            let known = self.0.entry(finding.rule.clone()).or_default();
            match known.iter().find(|other| **other == finding.basis) {
                Some(other) => finding.basis = other.clone(),
                None => known.push(finding.basis.clone()),
            }
        }
    }
}

impl From<Vec<Basis>> for Provisions {
    fn from(rows: Vec<Basis>) -> Provisions {
        Provisions(Arc::new(rows))
    }
}

impl Deref for Provisions {
    type Target = [Basis];

    fn deref(&self) -> &[Basis] {
        &self.0
    }
}

impl Serialize for Provisions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.as_slice().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Provisions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Provisions::from)
    }
}

/// What a person said about a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PersonsWord {
    /// The outcome given to what could not be told; `null` where a failure was accepted.
    pub answer: Option<Outcome>,
    pub reason: String,
    pub by: String,
    /// The last day on which it counts.
    pub until: String,
    /// It had ended on the day of the capture, and counts no more.
    pub expired: bool,
}

impl PersonsWord {
    /// Whether a failure is accepted by it.
    pub fn accepts(&self) -> bool {
        self.answer.is_none() && !self.expired
    }
}

/// What one rule says about one subject.
#[derive(Debug, Clone, PartialEq, Default)]
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
    pub basis: Provisions,
    pub measured: Measures,
    pub observations: Vec<Observation>,
    /// What a person said about it.
    pub word: Option<PersonsWord>,
}

impl Finding {
    /// The finding as it may stand: a failure must show something.
    pub fn only_if_shown(mut self) -> Finding {
        let shows = self.observations.iter().any(|seen| {
            !seen.capture.is_empty() && (seen.quote.is_some() || !self.measured.is_empty())
        });
        if self.outcome == Outcome::Failed && !shows {
            self.outcome = Outcome::CantTell;
            self.reason = Some(Reason::NotSeen);
            self.measured
                .insert("because", Measure::Word("nothing_to_show"));
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(observations: Vec<Observation>) -> Finding {
        Finding {
            rule: "consent-unticked".to_string(),
            outcome: Outcome::Failed,
            severity: Severity::Blocker,
            page: "p1".to_string(),
            observations,
            ..Finding::default()
        }
    }

    #[test]
    fn a_failure_that_shows_nothing_cannot_stand() {
        let seen = Observation {
            quote: Some("I agree".to_string()),
            capture: "p1-static-v1-s1-markup".to_string(),
            ..Observation::default()
        };
        assert_eq!(failure(vec![seen]).only_if_shown().outcome, Outcome::Failed);
        let bare = failure(Vec::new()).only_if_shown();
        assert_eq!(
            (bare.outcome, bare.reason),
            (Outcome::CantTell, Some(Reason::NotSeen))
        );
    }
}
