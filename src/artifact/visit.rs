//! What was done on a page and what came of it: one record for each opening of the page.
//!
//! Plain data of the stored format. Typed values are those of the invented test identity, so that a
//! record may show them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::facts::Moment;
use super::record::Attempt;

/// One opening of a page in a context of its own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct VisitRecord {
    /// From 1; captures of it carry the number.
    pub visit: u32,
    pub profile: String,
    pub kind: VisitKind,
    pub user_agent: String,
    pub referrer: Option<String>,
    pub began_at: String,
    /// What was done, in order.
    pub acts: Vec<Act>,
    /// Buttons that were pressed, and what each would have sent or did.
    pub presses: Vec<Press>,
    /// Requests that carried an identifying value before the visitor sent anything; all were stopped.
    pub leaks: Vec<Leak>,
    /// Answers that identify nobody and went to the site, where its next step needed them.
    pub sent: Vec<Payload>,
    /// Requests that nobody could look into while identifying values stood in the form; they were held.
    pub unread: Vec<Unread>,
    /// What the gate turned away while values stood in the form: what went past the browser's own
    /// interception.
    pub turned_away: Vec<Attempt>,
    /// Cookies that stood before any choice.
    pub cookies: Vec<Cookie>,
    /// Hosts that the page had asked something of by then.
    pub hosts: Vec<String>,
    /// A cookie banner, and what was pressed on it.
    pub banner: Option<Banner>,
    /// The forms that were walked through, step by step.
    pub walked: Vec<Walked>,
    /// Where a way that was walked led to, where it left the page.
    pub arrived: Option<Arrived>,
}

/// A page that a way led to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Arrived {
    pub url: String,
    pub http_status: Option<u16>,
}

/// One step of the walk through a form.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Walked {
    /// Several forms of a page are walked through one after the other.
    pub walk: u32,
    pub step: u32,
    pub form: ElementRef,
    /// Its fields were filled in, identifying ones among them.
    pub typed: bool,
    /// Where the walk ended, and why, at its last step.
    pub end: Option<WalkEnd>,
}

/// Why a page was opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VisitKind {
    /// To look at it and to walk through its form.
    #[default]
    Look,
    /// To look again: what changes from visit to visit shows.
    Again,
    /// With Chrome's plain user agent, to see whether the scanner is shown another page.
    PlainAgent,
    /// To take another way through the choices of a form.
    Branch,
    /// To walk a way that is said to go on without consent.
    Refusal,
    /// To picture a moment that had passed.
    Picture,
}

impl VisitKind {
    pub fn as_str(self) -> &'static str {
        match self {
            VisitKind::Look => "look",
            VisitKind::Again => "again",
            VisitKind::PlainAgent => "plain_agent",
            VisitKind::Branch => "branch",
            VisitKind::Refusal => "refusal",
            VisitKind::Picture => "picture",
        }
    }
}

/// One thing that was done as a visitor would.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Act {
    pub at: String,
    pub step: u32,
    pub kind: ActKind,
    /// What it was done to.
    pub target: ElementRef,
    /// What was typed or chosen.
    pub value: Option<String>,
}

/// What was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActKind {
    #[default]
    Scroll,
    Type,
    Choose,
    Tick,
    Press,
    /// A cookie banner was answered.
    Dismiss,
    /// A link was followed.
    Follow,
}

/// An element of the page, in the words of the page and by the browser's own id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ElementRef {
    pub label: String,
    pub locator: String,
    /// Holds within the visit.
    pub node: i64,
    /// The document of the page that holds it, 0 for the top one.
    pub document: usize,
}

/// A button or link that was pressed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Press {
    pub step: u32,
    /// What was pressed.
    pub target: ElementRef,
    /// The form that it belongs to.
    pub form: ElementRef,
    pub path: Path,
    pub outcome: PressOutcome,
    /// The capture taken afterwards.
    pub capture: Option<String>,
    /// What would have been sent; nothing of it was.
    pub held: Vec<Payload>,
    /// Fields that the browser itself calls invalid.
    pub invalid: Vec<ElementRef>,
}

/// In which state of the form something was pressed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Path {
    /// On to the next step, with answers that identify nobody.
    #[default]
    Next,
    /// With an answer that is wrong on purpose.
    Invalid,
    /// With every consent control as the page put it.
    Untouched,
    /// With a question about consent answered by its no.
    Declining,
    /// With the consent controls turned on.
    Consenting,
    /// By what is said to go on without consent.
    Refusal,
}

/// What pressing led to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PressOutcome {
    /// Something would have been sent.
    Held,
    /// The page showed another step, without sending anything that was held.
    Moved,
    /// The page refused the answers.
    Invalid,
    /// It is disabled.
    Disabled,
    /// Nothing happened that a visitor or the network would notice.
    #[default]
    Nothing,
    /// It could not be pressed: something lies over it, or it is not there.
    Unreachable,
}

/// A request with its content, as far as it can be read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Payload {
    pub url: String,
    pub method: String,
    /// Chrome's resource type: `Document`, `XHR`, `Ping`, …
    pub kind: String,
    pub content_type: Option<String>,
    /// Names and values, of the address and of the body.
    pub fields: Vec<(String, String)>,
    /// The body could not be read.
    pub unreadable: bool,
}

/// A request that carried an identifying value.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Leak {
    pub at: String,
    pub step: u32,
    pub moment: Moment,
    pub host: String,
    pub url: String,
    pub method: String,
    /// `email`, `phone`, …
    pub field: String,
    /// `plain`, `base64`, `sha256`, …
    pub form: String,
    /// Where in the request: `path`, `query`, `body`, a header's name.
    pub place: String,
    /// What had been typed into last.
    pub after: Option<ElementRef>,
}

/// A request or socket that could not be looked into, and was held.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Unread {
    pub url: String,
    /// `socket`, `body`, `connection`.
    pub what: String,
}

/// A cookie.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Cookie {
    pub name: String,
    pub domain: String,
    /// Days until it expires, from when it was seen; `None` for one that ends with the session.
    pub days: Option<f64>,
}

/// A cookie banner.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Banner {
    /// Its first words.
    pub words: String,
    /// What was pressed; `None` where nothing refuses on it.
    pub pressed: Option<ElementRef>,
    /// The capture that shows it.
    pub capture: Option<String>,
}

/// Where a walk ended.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WalkEnd {
    pub step: u32,
    pub why: EndReason,
    pub detail: Option<String>,
}

/// Why a walk ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The last button was pressed with everything held.
    Submission,
    /// The next step would have needed identifying answers to leave.
    IdentifyingAnswers,
    Captcha,
    /// A code sent to a phone or a mailbox.
    Code,
    Login,
    /// Nothing to press was found.
    NoButton,
    /// Pressing led nowhere.
    Stuck,
    /// The page refused the invented answers.
    AnswersRefused,
    MaxSteps,
    /// The time for the page was up.
    Time,
    /// It led to a page of another site.
    OtherSite,
    /// No form was left to walk through.
    #[default]
    NoForm,
}
