//! The shapes of the files under `rules/`. Unknown keys are refused.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::checks::SubjectKind;
use crate::finding::{Outcome, Severity};

/// The one format of rule files that this version reads. A newer file is refused as such.
#[derive(Debug, Default)]
pub struct Format;

impl<'de> Deserialize<'de> for Format {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u32::deserialize(deserializer)? {
            1 => Ok(Format),
            other => Err(serde::de::Error::custom(format!(
                "this version reads rule files of format 1, not {other}"
            ))),
        }
    }
}

/// A text in each language of the report, by tag; `en` always.
pub type Text = BTreeMap<String, String>;

/// `rules/core/<id>.toml`, or a rule of its own in a pack's folder.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleFile {
    #[serde(rename = "format")]
    pub _format: Format,
    pub id: Spanned<String>,
    /// The catalogue's number.
    pub code: String,
    pub status: Status,
    pub subject: SubjectKind,
    pub severity: Severity,
    pub title: Text,
    pub why: Text,
    pub remedy: Text,
    #[serde(default)]
    pub known_gaps: Vec<Text>,
    pub message: MessageFile,
    #[serde(default)]
    pub when: Vec<Spanned<toml::Table>>,
    pub expect: ExpectFile,
    #[serde(default)]
    pub grade: Vec<GradeFile>,
    #[serde(default)]
    pub example: Vec<ExampleFile>,
}

/// How far a rule has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Experimental,
    Stable,
    Retired,
}

/// A message for each outcome that has something to say.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageFile {
    pub passed: Text,
    pub failed: Text,
    pub cant_tell: Text,
}

/// The three flat lists of checks.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectFile {
    #[serde(default)]
    pub all: Vec<Spanned<toml::Table>>,
    #[serde(default)]
    pub any: Vec<Spanned<toml::Table>>,
    #[serde(default)]
    pub none: Vec<Spanned<toml::Table>>,
}

/// Another severity, and another message, where a check gave this value.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GradeFile {
    pub value: String,
    pub is: toml::Value,
    pub severity: Option<Severity>,
    pub message: Option<Text>,
}

/// `rules/<jurisdiction>/<id>.toml`: binds a core rule to law.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BindingFile {
    #[serde(rename = "format")]
    pub _format: Format,
    pub extends: Spanned<String>,
    pub severity: Option<Severity>,
    #[serde(default)]
    pub grade: Vec<GradeFile>,
    pub basis: Vec<BasisFile>,
}

/// One provision.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BasisFile {
    /// An instrument that the pack declares.
    pub instrument: Spanned<String>,
    #[serde(deserialize_with = "one_or_each")]
    pub provision: Text,
}

/// `rules/<jurisdiction>/pack.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackFile {
    #[serde(rename = "format")]
    pub _format: Format,
    pub jurisdiction: String,
    pub name: Text,
    pub instrument: Vec<InstrumentFile>,
}

/// A law, decision or guideline.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstrumentFile {
    pub id: String,
    #[serde(deserialize_with = "one_or_each")]
    pub title: Text,
    pub url: Option<String>,
    /// First day in force (`YYYY-MM-DD`); decisions: the day they were taken.
    pub from: Option<String>,
}

/// `rules/words.toml`: what reports say for the values and reasons that checks give.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WordsFile {
    #[serde(rename = "format")]
    pub _format: Format,
    pub word: BTreeMap<String, Text>,
    pub because: BTreeMap<String, Text>,
    /// Names of measured values.
    pub measure: BTreeMap<String, Text>,
}

/// A page with what a rule must say about it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExampleFile {
    pub name: String,
    pub outcome: Outcome,
    pub severity: Option<Severity>,
    /// Picks one control by its `id`; otherwise the worst outcome over the page counts.
    pub at: Option<String>,
    /// `settled` (default) takes the markup for what a browser showed; `markup` for markup alone.
    #[serde(default)]
    pub seen: Seen,
    #[serde(default = "example_url")]
    pub url: String,
    pub html: String,
    #[serde(default)]
    pub linked: Vec<LinkedFile>,
}

/// How an example was seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    #[default]
    Settled,
    Markup,
}

/// A page that the example links to.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkedFile {
    pub url: String,
    pub role: crate::artifact::PageRole,
    #[serde(default = "ok")]
    pub status: u16,
    #[serde(default)]
    pub html: String,
}

/// A text that is the same in every language, or one for each.
fn one_or_each<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Text, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrEach {
        One(String),
        Each(Text),
    }
    let texts = match OneOrEach::deserialize(deserializer)? {
        OneOrEach::One(text) => Text::from([("en".to_string(), text)]),
        OneOrEach::Each(texts) => texts,
    };
    if texts.contains_key("en") {
        Ok(texts)
    } else {
        Err(serde::de::Error::custom("there is no English text (`en`)"))
    }
}

fn example_url() -> String {
    "https://www.devis-clair.example/".to_string()
}

fn ok() -> u16 {
    200
}
