//! `report.json`: one file per scan, whose shape other programs rely on.
//!
//! The types here are the public shape and nothing else; the JSON Schema is generated from them.
//! Numbers are CSS pixels, times RFC 3339 in UTC. What a report says comes from the capture and the
//! rules alone, so that two judgements of one capture by the same rules are the same bytes.

use std::collections::BTreeMap;
use std::ops::Deref;

use litemap::LiteMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use crate::artifact::{
    CaptureSettings, Environment, FileRecord, Moment, PageRole, PageStatus, ScreenshotRecord,
};
use crate::finding::{Basis, Outcome, PersonsWord, Provisions, Reason, Severity};
use crate::model::{Audience, Category, Channel, ControlKind, FormKind, Polarity, Role};

use super::visits::Visit;

/// Version of this shape.
pub const SCHEMA_VERSION: u32 = 1;

/// One scan, captured and judged.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    pub schema_version: u32,
    pub tool: Tool,
    pub scan: Scan,
    pub summary: Summary,
    pub pages: Vec<Page>,
    pub forms: Vec<Form>,
    pub findings: Vec<Finding>,
    /// The sealed pack, `null` where there is none and in the report inside a pack.
    pub evidence: Option<Evidence>,
    /// Every file that this scan wrote below its output folder, this report included.
    pub files: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    pub name: String,
    pub version: String,
    pub ruleset: RulesetStamp,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct RulesetStamp {
    pub sha256: String,
    pub packs: Vec<String>,
    /// Rule files of the user's own, over the built-in ones.
    #[serde(default)]
    pub own: Vec<OwnRuleFile>,
}

/// A rule file of the user's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OwnRuleFile {
    /// Below the folder of rules.
    pub path: String,
    /// It stands in place of a built-in file.
    pub replaces: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Scan {
    /// UUIDv7.
    pub id: String,
    pub targets: Vec<Target>,
    pub started_at: String,
    /// `null` where the capture was cut short without a trace of its end.
    pub ended_at: Option<String>,
    /// Ctrl-C or a signal ended the capture; the report covers what was captured.
    pub interrupted: bool,
    /// Pages that were found and not opened.
    pub left_out: Vec<LeftOut>,
    pub jurisdictions: Vec<String>,
    /// Packs that were not chosen: what only they bind to law was not judged.
    #[serde(default)]
    pub packs_not_chosen: Vec<String>,
    /// The day whose law counts.
    pub as_of: String,
    pub audience: Audience,
    pub channels: Vec<Channel>,
    /// Companies that buy the leads, `Name` or `Name=registration number`.
    pub buyers: Vec<String>,
    /// The product whose questions were looked for.
    #[serde(default)]
    pub product: Option<String>,
    /// Open questions of law with the answer that was judged by.
    #[serde(default)]
    pub law: Vec<LawSetting>,
    pub settings: Settings,
    pub environment: Environment,
}

/// An open question of law, and the answer that this judgement goes by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LawSetting {
    pub id: String,
    pub value: String,
    /// In the report's language.
    pub title: String,
    pub answer: String,
    pub why: String,
}

/// A page that was found and not opened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LeftOut {
    pub target: String,
    pub url: String,
    /// In the report's language.
    pub why: String,
}

/// Something that a stage could not get, and why, in the report's language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Gap {
    pub what: String,
    pub why: String,
}

/// How it was captured and judged.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Settings {
    pub capture: CaptureSettings,
    pub language: String,
    pub only: Vec<String>,
    pub disabled: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Target {
    pub id: String,
    pub url: String,
    pub vendor: Option<String>,
    pub verdict: Verdict,
    /// What became of the page that was given; `null` where an interruption came first.
    pub status: Option<PageStatus>,
}

/// The answer for a target or a whole scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// At least one rule failed at a severity above `info`.
    Failed,
    /// Nothing failed, but not everything could be told.
    CantTell,
    Passed,
    /// Pages were examined, none held a collection form.
    NoForm,
    /// The page could not be examined, or none of the chosen rules applies to its forms.
    NotAssessed,
}

impl Verdict {
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Failed => "failed",
            Verdict::CantTell => "cant_tell",
            Verdict::Passed => "passed",
            Verdict::NoForm => "no_form",
            Verdict::NotAssessed => "not_assessed",
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    pub verdict: Verdict,
    pub failed: FailedCounts,
    pub cant_tell: usize,
    pub pages: usize,
    /// Collection forms.
    pub forms: usize,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FailedCounts {
    pub blocker: usize,
    pub major: usize,
    pub minor: usize,
    pub info: usize,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Page {
    pub id: String,
    pub target: String,
    pub url: String,
    pub final_url: Option<String>,
    pub http_status: Option<u16>,
    pub role: PageRole,
    pub status: PageStatus,
    /// In the report's language.
    pub status_detail: Option<String>,
    pub lang: Option<String>,
    pub captures: Vec<Capture>,
    /// Each opening of the page, with what was done there; none where it was read without a browser.
    #[serde(default)]
    pub visits: Vec<Visit>,
    pub gaps: Vec<Gap>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Capture {
    pub id: String,
    pub profile: String,
    pub visit: u32,
    pub step: u32,
    pub moment: Moment,
    pub taken_at: String,
    pub screenshots: Vec<ScreenshotRecord>,
    pub dom: Option<FileRecord>,
    /// The file that was read as text, where the page is a PDF.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original: Option<FileRecord>,
}

/// `[x, y, width, height]` in CSS pixels from the top document's origin.
pub type Box4 = [i64; 4];

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Form {
    pub id: String,
    pub page: String,
    /// Order of the `<form>` in the received markup; forms that scripts add come after; `null` where
    /// there is no `<form>`.
    pub index: Option<u32>,
    /// `null` in the top document.
    pub frame_url: Option<String>,
    pub step: u32,
    pub kind: FormKind,
    pub locator: String,
    pub fields: Vec<Field>,
    pub controls: Vec<Control>,
    pub controllers: Vec<Controller>,
    pub purposes: Vec<Purpose>,
    pub recipients: Vec<Recipient>,
    pub privacy_notice: Option<PrivacyNotice>,
    pub recipient_list: Option<RecipientList>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Field {
    pub name: String,
    pub dom_id: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub category: Category,
    pub label: String,
    pub required: bool,
    pub seen: Vec<FieldSeen>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct FieldSeen {
    pub capture: String,
    /// `null` where the capture cannot tell.
    pub visible: Option<bool>,
    #[serde(rename = "box")]
    pub bounds: Option<Box4>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Control {
    pub name: String,
    pub dom_id: String,
    /// Shared by the options of one radio group or select.
    pub group: Option<String>,
    pub kind: ControlKind,
    pub label: String,
    pub role: Role,
    pub polarity: Polarity,
    /// On at any moment before the visitor's own act; `null` where no state was read.
    pub selected: Option<bool>,
    /// The first moment at which it was on.
    pub selected_at: Option<Moment>,
    pub required: bool,
    pub channels: Vec<Channel>,
    pub purposes: Vec<String>,
    pub seen: Vec<ControlSeen>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ControlSeen {
    pub capture: String,
    pub selected: Option<bool>,
    pub visible: Option<bool>,
    #[serde(rename = "box")]
    pub bounds: Option<Box4>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Controller {
    pub name: String,
    pub legal_form: Option<String>,
    pub registration: Option<String>,
    pub quote: String,
    #[serde(rename = "where")]
    pub nearness: Nearness,
}

/// Where a party is named.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Nearness {
    Form,
    Page,
    PrivacyNotice,
    LegalNotice,
    Terms,
    RecipientList,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Purpose {
    /// `marketing`, `newsletter`, `transfer` or `request`.
    pub purpose: String,
    pub quote: String,
    #[serde(rename = "where")]
    pub nearness: Nearness,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Recipient {
    pub name: String,
    #[serde(rename = "where")]
    pub nearness: Nearness,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct PrivacyNotice {
    pub url: String,
    #[serde(rename = "where")]
    pub nearness: Nearness,
    /// `null` where it was not opened.
    pub http_status: Option<u16>,
    pub lang: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct RecipientList {
    pub url: String,
    pub http_status: Option<u16>,
    /// Companies that it names, over all of its pages; `null` where the list was not read.
    pub entries: Option<usize>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
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
    pub remedy: Option<String>,
    #[schemars(with = "Vec<Basis>")]
    pub basis: Provisions,
    #[schemars(with = "BTreeMap<String, Value>")]
    pub measured: Measured,
    pub observations: Vec<Observation>,
    /// A person accepted the failure, or answered what could not be told; `null` where nobody did.
    #[serde(default)]
    pub word: Option<PersonsWord>,
}

/// What was measured, by name. The map's own way of writing takes an empty one for a list; this is an object
/// always.
#[derive(Debug, Clone, Deserialize)]
pub struct Measured(pub LiteMap<String, Value>);

impl Serialize for Measured {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter())
    }
}

impl Deref for Measured {
    type Target = LiteMap<String, Value>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Observation {
    pub quote: Option<String>,
    pub locator: String,
    pub capture: String,
    #[serde(rename = "box")]
    pub bounds: Option<Box4>,
    /// Path of the annotated crop, where there is a picture.
    pub crop: Option<String>,
}

/// A sealed pack.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    pub pack: String,
    pub sha256: String,
    pub signed_by: Option<String>,
    pub timestamps: Vec<String>,
}

impl Report {
    /// The JSON Schema of this shape.
    pub fn schema() -> Value {
        serde_json::to_value(schemars::schema_for!(Report)).unwrap_or_default()
    }
}
