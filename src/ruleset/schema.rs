//! The shapes of the files under `rules/`. Unknown keys are refused.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::artifact::{Moment, VisitRecord};
use crate::checks::SubjectKind;
use crate::finding::{Outcome, Severity};
use crate::model::{Audience, Channel, Decided, Tracker};

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
    #[serde(default)]
    pub expect: ExpectFile,
    /// Parts of what is asked, reported one by one.
    #[serde(default)]
    pub item: Vec<ItemFile>,
    /// Items of severity minor or info that may be missing without a failure.
    #[serde(default)]
    pub tolerate: usize,
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

/// One part of what a rule asks: an entry of a legal notice, a right that a privacy notice lists.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemFile {
    pub id: String,
    pub title: Text,
    /// Where it is missing; the rule's own where the item says none.
    pub severity: Option<Severity>,
    #[serde(default)]
    pub when: Vec<Spanned<toml::Table>>,
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
    /// First and last day of the law that it stands for (`YYYY-MM-DD`).
    #[serde(default, deserialize_with = "day")]
    pub from: Option<String>,
    #[serde(default, deserialize_with = "day")]
    pub until: Option<String>,
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
    /// Where leads are businesses: the severity then, at most.
    pub business: Option<Severity>,
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
    /// Its own severity at least.
    pub severity: Option<Severity>,
    /// Where the fact was read, for what no official text confirmed yet; the instrument's where none is given.
    pub source: Option<String>,
    /// Values that checks give, each with those that the provision is about; it is left out where a check
    /// gave another, or a failure none.
    #[serde(default)]
    pub about: BTreeMap<String, Vec<toml::Value>>,
}

/// `rules/<jurisdiction>/pack.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackFile {
    #[serde(rename = "format")]
    pub _format: Format,
    pub jurisdiction: String,
    pub name: Text,
    /// Another jurisdiction whose law binds here too.
    pub within: Option<String>,
    pub instrument: Vec<InstrumentFile>,
    /// Questions that courts have not settled, or answer differently.
    #[serde(default)]
    pub setting: Vec<SettingFile>,
}

/// An open question of law, which the user's configuration answers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingFile {
    pub id: String,
    pub title: Text,
    pub why: Text,
    pub default: String,
    pub value: Vec<SettingValueFile>,
}

/// One answer to it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingValueFile {
    pub id: String,
    pub title: Text,
    /// The severity of a rule's failures under this answer, in the packs named by `in`.
    #[serde(default)]
    pub severity: BTreeMap<String, Severity>,
    #[serde(default)]
    pub r#in: Vec<String>,
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
    #[serde(default, deserialize_with = "day")]
    pub from: Option<String>,
    /// Last day in force.
    #[serde(default, deserialize_with = "day")]
    pub until: Option<String>,
    /// Where the fact was read, for what no official text confirmed yet.
    pub source: Option<String>,
}

/// `rules/questions.toml`: questions that a lead may have to answer.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionsFile {
    #[serde(rename = "format")]
    pub _format: Format,
    pub question: BTreeMap<String, QuestionFile>,
}

/// One question, and how forms ask it in each language.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionFile {
    pub title: Text,
    pub phrases: BTreeMap<String, Vec<String>>,
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

/// `rules/sanctions.toml`: public decisions against companies.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SanctionsFile {
    #[serde(rename = "format")]
    pub _format: Format,
    pub decision: Vec<Decided>,
}

/// `rules/trackers.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrackersFile {
    #[serde(rename = "format")]
    pub _format: Format,
    /// The day on which the list was right.
    #[serde(rename = "as_of")]
    pub _as_of: String,
    pub tracker: Vec<Tracker>,
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
    /// Packs to judge by; all where none is named.
    #[serde(default)]
    pub jurisdictions: Vec<String>,
    /// The day whose law counts; the last of all days where none is named.
    #[serde(default, deserialize_with = "day")]
    pub as_of: Option<String>,
    /// The line of the rule's file at which it begins, from 1.
    #[serde(skip)]
    pub line: usize,
    /// What the user wants the leads for.
    #[serde(default)]
    pub request: RequestFile,
    /// Items that must be among the missing ones.
    #[serde(default)]
    pub missing: Vec<String>,
    /// `settled` (default) takes the markup for what a browser showed; `markup` for markup alone.
    #[serde(default)]
    pub seen: Seen,
    #[serde(default = "example_url")]
    pub url: String,
    /// The page's markup; empty where a stored capture is the page.
    #[serde(default)]
    pub html: String,
    /// The name of a stored capture with layout: `captures/<name>/dom.json`.
    pub capture: Option<String>,
    /// What was done on the page and what came of it; elements are named by their locators.
    pub visit: Option<VisitRecord>,
    /// What the page showed at later moments of the visit.
    #[serde(default)]
    pub later: Vec<LaterFile>,
    /// The page at other openings.
    #[serde(default)]
    pub again: Vec<AgainFile>,
    #[serde(default)]
    pub linked: Vec<LinkedFile>,
}

/// The page of an example at a later moment.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LaterFile {
    pub moment: Moment,
    #[serde(default = "first_step")]
    pub step: u32,
    pub html: String,
}

/// The page of an example at another opening.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgainFile {
    pub visit: VisitRecord,
    pub html: String,
    #[serde(default)]
    pub later: Vec<LaterFile>,
}

fn first_step() -> u32 {
    1
}

/// A request as examples write it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestFile {
    #[serde(default)]
    pub audience: Audience,
    #[serde(default)]
    pub channels: Vec<Channel>,
    /// `Name` or `Name=registration number`.
    #[serde(default)]
    pub buyers: Vec<String>,
    /// Questions by id, each with its phrases by language.
    #[serde(default)]
    pub questions: BTreeMap<String, BTreeMap<String, Vec<String>>>,
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

/// A day of the calendar, `YYYY-MM-DD`.
fn day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let written = time::macros::format_description!("[year]-[month]-[day]");
    match time::Date::parse(&text, written) {
        Ok(_) => Ok(Some(text)),
        Err(_) => Err(serde::de::Error::custom(format!(
            "`{text}` is not a day; write it like 2026-08-11"
        ))),
    }
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
