//! How a page was visited, as `report.json` says it: each opening, what was done there and what came of it.
//!
//! The types here are public shape, like those of `document`. Lists and texts come from pages, so that both
//! are bounded; what was left out is counted. It must not judge what was seen.

mod build;
mod text;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::artifact::{ActKind, Arrived, Cookie, EndReason, Moment, Path, PressOutcome, VisitKind};

pub use build::{Marks, visit};
pub use text::{markdown, written};

/// One opening of a page in a browser context of its own. Nothing that identifies anybody left it, and no
/// form was submitted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Visit {
    /// From 1; the page's captures carry it.
    pub visit: u32,
    pub profile: String,
    pub kind: VisitKind,
    pub user_agent: String,
    pub referrer: Option<String>,
    pub began_at: String,
    /// A cookie banner that was found.
    pub banner: Option<Banner>,
    /// Cookies that stood before any choice.
    pub cookies: Vec<Cookie>,
    /// Hosts that the page had asked something of by then.
    pub hosts: Vec<String>,
    /// What was done, in order. Typed values are those of an invented person.
    pub acts: Vec<Act>,
    /// Buttons that were pressed, and what each would have sent or did.
    pub presses: Vec<Press>,
    /// Answers that identify nobody and went to the site, where its next step needed them.
    pub sent: Vec<Request>,
    /// Requests that carried an identifying value before anything was pressed; all were stopped.
    pub leaks: Vec<Leak>,
    /// Requests that nobody could look into while identifying values stood in the form; they were held.
    pub unread: Vec<Unread>,
    /// What the gate turned away, which went past the browser's own interception.
    pub turned_away: Vec<TurnedAway>,
    /// The steps of the forms that were walked through; the last one of each walk says why it ended.
    pub walked: Vec<Walked>,
    /// Where a way that was walked led to, where it left the page.
    pub arrived: Option<Arrived>,
    /// Lists that are longer than what stands here.
    pub cut: Vec<Cut>,
}

/// So many entries of a list do not stand here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Cut {
    /// The list's name in this object, `acts`, or `held` and `fields` for those of all its requests.
    pub list: String,
    pub left_out: usize,
}

/// A part of the page, in its own words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Part {
    pub label: String,
    pub locator: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Banner {
    /// Its first words.
    pub words: String,
    /// What was pressed; `null` where it was left as it is.
    pub pressed: Option<Part>,
    pub capture: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Act {
    pub at: String,
    pub step: u32,
    pub kind: ActKind,
    pub target: Part,
    /// What was typed or chosen.
    pub value: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Press {
    pub step: u32,
    pub target: Part,
    /// The form that it belongs to.
    pub form: Part,
    /// In which state of the form it was pressed.
    pub path: Path,
    pub outcome: PressOutcome,
    /// The capture taken afterwards.
    pub capture: Option<String>,
    /// What would have been sent; nothing of it was.
    pub held: Vec<Request>,
    /// Fields that the browser itself calls invalid, with what it says of them.
    pub invalid: Vec<Part>,
}

/// A request with its content, as far as it can be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Request {
    pub method: String,
    pub host: String,
    /// Without the query, whose values stand among the fields.
    pub path: String,
    /// Chrome's resource type: `Document`, `XHR`, `Ping`, …
    pub kind: String,
    pub content_type: Option<String>,
    pub fields: Vec<PayloadField>,
    /// The body could not be read.
    pub unreadable: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PayloadField {
    pub name: String,
    pub value: String,
    /// It stands for a consent control of the page, or says itself that the visitor consented.
    pub consent: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Leak {
    pub at: String,
    pub step: u32,
    pub moment: Moment,
    pub host: String,
    pub path: String,
    pub method: String,
    /// `email`, `phone`, …
    pub field: String,
    /// `plain`, `base64`, `sha256`, … and what it was packed in: `plain in gzip`.
    pub form: String,
    /// `path`, `query`, `body`, a header's name.
    pub place: String,
    /// What had been typed into last.
    pub after: Option<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unread {
    pub host: String,
    pub path: String,
    /// `socket`, `body`, `connection`.
    pub what: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TurnedAway {
    /// Milliseconds since the opening began.
    pub at_ms: u64,
    pub host: String,
    pub port: u16,
    /// `CONNECT` for a tunnel, of which nothing but host and port is seen.
    pub method: String,
    pub path: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Walked {
    /// Several forms of a page are walked through one after the other.
    pub walk: u32,
    pub step: u32,
    pub form: Part,
    /// Identifying values of the invented person were typed in it.
    pub typed: bool,
    pub end: Option<End>,
}

/// Where a walk ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct End {
    pub step: u32,
    pub why: EndReason,
    /// The other site's host, where it led to one.
    pub detail: Option<String>,
}
