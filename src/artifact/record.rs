//! The stored records of a scan: what was asked, what each page did, what each capture holds.
//!
//! `captures/scan.json` holds one [`ScanRecord`], `captures/pages.jsonl` one [`PageRecord`] a line,
//! appended as pages finish, so that an interrupted scan keeps what it has. Times are RFC 3339 in UTC.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::facts::{Gap, Moment};
use super::told::Told;
use super::visit::VisitRecord;

/// Version of the stored records. Readers refuse a newer one.
pub const RECORD_FORMAT: u32 = 2;

/// What was asked, and under which conditions it was captured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScanRecord {
    pub format: u32,
    /// UUIDv7.
    pub id: String,
    pub tool: ToolRecord,
    pub started_at: String,
    /// `None` while the capture runs, and where it was cut short.
    pub ended_at: Option<String>,
    pub interrupted: bool,
    /// Pages that were found and not opened.
    pub left_out: Vec<LeftOut>,
    pub targets: Vec<TargetRecord>,
    pub settings: CaptureSettings,
    pub environment: Environment,
}

/// A page that was found and not opened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeftOut {
    pub target: String,
    pub url: String,
    pub why: Told,
}

/// Which program made the capture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ToolRecord {
    pub name: String,
    pub version: String,
}

/// One thing the user asked to look at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetRecord {
    pub id: String,
    pub url: String,
    pub vendor: Option<String>,
}

/// The settings that decide what is opened and how; those of the judgement are not here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaptureSettings {
    /// No browser: markup alone.
    #[serde(rename = "static")]
    pub markup_only: bool,
    pub max_pages: u32,
    pub depth: u32,
    /// Page loads per second and host.
    pub rate: f64,
    pub ignore_robots: bool,
    pub no_third_parties: bool,
    pub also_hosts: Vec<String>,
    /// Whether loopback and private addresses were allowed: `no`, `yes`, or the networks.
    pub private_network: String,
    /// The proxy that everything went through, without its credentials.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxy: Option<String>,
    pub profiles: Vec<String>,
    /// Openings of each page with a form, with each device.
    #[serde(default)]
    pub visits: u32,
    /// Pages with a form were opened once more with Chrome's plain user agent.
    #[serde(default)]
    pub compared_agent: bool,
    #[serde(default)]
    pub referrer: Option<String>,
    /// Names of headers that went to the targets' own hosts.
    #[serde(default)]
    pub headers: Vec<String>,
    /// A name and a password were given to the targets' own hosts.
    #[serde(default)]
    pub signed_in: bool,
    /// Certificates that nobody vouches for were accepted.
    #[serde(default)]
    pub insecure_tls: bool,
    /// What was done with cookie banners: `refuse`, `accept`, `leave`.
    #[serde(default)]
    pub cookie_banner: String,
    #[serde(default)]
    pub max_steps: u32,
    #[serde(default)]
    pub max_branches: u32,
    pub locale: String,
    pub user_agent: String,
    pub timeout_seconds: u64,
    /// How long network and document must be quiet, and how long they are waited for, in milliseconds.
    pub settle_quiet_ms: u64,
    pub settle_least_ms: u64,
    pub settle_most_ms: u64,
}

/// The machine and the browser.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Environment {
    pub os: String,
    pub kernel: String,
    pub architecture: String,
    /// Product and version as the browser reports them; `None` without a browser.
    pub browser: Option<String>,
    /// The user agent that pages were shown.
    pub user_agent: String,
    /// Whether Chrome's own sandbox was on; `None` without a browser.
    pub sandbox: Option<bool>,
    pub viewport: Option<Viewport>,
}

/// The window that pages were shown in.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Viewport {
    pub width: u32,
    pub height: u32,
    pub scale: f64,
}

/// What a page turned out to be, or why it could not be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PageStatus {
    Examined,
    Unreachable,
    HttpError,
    TlsError,
    /// A bot wall or an access check stood in the way.
    Blocked,
    Robots,
    TimedOut,
    Crashed,
    NotHtml,
    /// The address guard refused it.
    Refused,
}

impl PageStatus {
    pub fn as_str(self) -> &'static str {
        match self {
            PageStatus::Examined => "examined",
            PageStatus::Unreachable => "unreachable",
            PageStatus::HttpError => "http_error",
            PageStatus::TlsError => "tls_error",
            PageStatus::Blocked => "blocked",
            PageStatus::Robots => "robots",
            PageStatus::TimedOut => "timed_out",
            PageStatus::Crashed => "crashed",
            PageStatus::NotHtml => "not_html",
            PageStatus::Refused => "refused",
        }
    }
}

/// What a page is for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum PageRole {
    Collection,
    LegalNotice,
    PrivacyNotice,
    RecipientList,
    Terms,
    Other,
}

impl PageRole {
    /// Whether it is a page that forms point to for what they leave unsaid.
    pub fn is_legal(self) -> bool {
        matches!(
            self,
            PageRole::LegalNotice
                | PageRole::PrivacyNotice
                | PageRole::RecipientList
                | PageRole::Terms
        )
    }

    pub fn as_str(self) -> &'static str {
        match self {
            PageRole::Collection => "collection",
            PageRole::LegalNotice => "legal_notice",
            PageRole::PrivacyNotice => "privacy_notice",
            PageRole::RecipientList => "recipient_list",
            PageRole::Terms => "terms",
            PageRole::Other => "other",
        }
    }
}

/// How the crawl came to a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FoundBy {
    /// The user gave it.
    Given,
    /// A link with the words of a collection form.
    Link,
    /// A link or button to another registrable domain.
    CallToAction,
    Sitemap,
    /// A legal page that a form or its page points to.
    Legal,
}

/// One page: what it did, and what was captured of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageRecord {
    pub id: String,
    pub target: String,
    /// Order in which the crawl planned it, from 1.
    pub number: u32,
    pub url: String,
    pub final_url: Option<String>,
    /// Every address on the way, the last one excluded.
    pub redirects: Vec<String>,
    pub http_status: Option<u16>,
    pub content_type: Option<String>,
    pub role: PageRole,
    pub found_by: FoundBy,
    /// The page and the words that led here.
    pub found_on: Option<String>,
    pub found_words: Option<String>,
    pub depth: u32,
    pub status: PageStatus,
    pub status_detail: Option<Told>,
    pub captures: Vec<CaptureRecord>,
    /// Each opening of the page, with what was done there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub visits: Vec<VisitRecord>,
    /// Names that were resolved for this page, and the address each was pinned to.
    pub connections: Vec<Connection>,
    /// The certificates that the page's own server showed, base64 of DER, its own first; none without TLS.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<String>,
    pub console: Vec<ConsoleLine>,
    pub gaps: Vec<Gap>,
    pub timings: Option<Timings>,
}

/// What the browser showed at one moment of one visit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaptureRecord {
    pub id: String,
    pub profile: String,
    pub visit: u32,
    pub step: u32,
    pub moment: Moment,
    pub taken_at: String,
    pub viewport: Option<Viewport>,
    pub screenshots: Vec<ScreenshotRecord>,
    /// The document: Chrome's snapshot (`.json`) or markup (`.html`).
    pub dom: Option<FileRecord>,
    /// Documents of frames that live in processes of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frames: Vec<FrameRecord>,
    /// The address shown then, where it is not the page's own: a later step of a form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The file that the markup was made from, where the page is a PDF.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<FileRecord>,
    /// The exchanges of the visit up to here (`network.json`).
    pub network: Option<FileRecord>,
}

/// The snapshot of a frame that lives in a process of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FrameRecord {
    /// The snapshot that holds the `<iframe>`: 0 for the page's own, else the place in this list, from 1.
    pub parent: usize,
    /// The `<iframe>`'s node id there.
    pub owner: i64,
    pub dom: FileRecord,
}

/// A stored file, by its path below the output folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileRecord {
    pub path: String,
    pub sha256: String,
}

/// One picture, or one tile of a page too tall for one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScreenshotRecord {
    pub path: String,
    pub sha256: String,
    /// Image pixels.
    pub width: u32,
    pub height: u32,
    /// Image pixels per CSS pixel.
    pub scale: f64,
    /// CSS pixels from the top of the page to the top of this tile.
    pub y: f64,
}

/// One request of a visit and what came back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    pub url: String,
    pub method: String,
    /// Chrome's resource type: `Document`, `Script`, `Image`, …
    pub kind: String,
    /// Milliseconds since the visit began.
    pub at_ms: u64,
    pub status: Option<u16>,
    pub mime: Option<String>,
    pub request_headers: Vec<(String, String)>,
    pub response_headers: Vec<(String, String)>,
    /// The address that answered, as the gate pinned it.
    pub server: Option<String>,
    pub failure: Option<String>,
    pub body: Option<FileRecord>,
    /// Why there is no body where one would be expected.
    pub body_gap: Option<String>,
}

/// One host the gate connected or refused to connect to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Connection {
    pub host: String,
    pub port: u16,
    /// Every address the name resolved to.
    pub addresses: Vec<String>,
    /// The one that was used.
    pub pinned: Option<String>,
    /// Why it was refused or failed.
    pub refused: Option<Told>,
}

/// A request that a gate turned away while it was watched or shut: what a page tried to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attempt {
    /// Milliseconds since the gate opened.
    pub at_ms: u64,
    pub host: String,
    pub port: u16,
    /// `CONNECT` for a tunnel (https, WebSockets), of which nothing but host and port is seen.
    pub method: String,
    /// Path and query of a plain request, cut to 300 characters; `None` for a tunnel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// A header asked for a WebSocket; of a tunnel nobody can tell.
    pub websocket: bool,
    pub why: String,
}

/// A message of the page's console or an uncaught error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsoleLine {
    pub level: String,
    pub text: String,
}

/// What each stage of a visit took, in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timings {
    pub context: f64,
    pub navigate: f64,
    pub settle: f64,
    /// Scrolling through the page, and what it loads.
    #[serde(default)]
    pub scroll: f64,
    /// Using forms as a whole: filling in, pressing, and what was captured meanwhile.
    #[serde(default)]
    pub walk: f64,
    /// Of it filling in, and waiting for what that sets off.
    #[serde(default)]
    pub typing: f64,
    /// Of it pressing last buttons with everything held.
    #[serde(default)]
    pub held: f64,
    pub snapshot: f64,
    pub screenshot: f64,
    pub bodies: f64,
    pub close: f64,
}
