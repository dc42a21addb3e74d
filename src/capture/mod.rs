//! Carries out visits and stores what they showed.
//!
//! One file per way of looking: `plain` reads markup without a browser, `rendered` looks with
//! Chrome; `pdf` gives both the text of files. Both give a [`PageRecord`] and write the files it names. It must not decide what to visit
//! nor what any of it means.

mod folder;
pub mod pdf;
mod plain;
mod rendered;

use crate::artifact::{FoundBy, PageRecord, PageRole, PageStatus, Told};
use url::Url;

pub use folder::{Folder, sha256};
pub use plain::{Plain, now};
pub use rendered::{Banners, Places, Profile, Rendered, WalkLimits};

/// One planned opening of one address.
#[derive(Debug, Clone)]
pub struct Visit {
    /// `p1`, `p2`, … over the whole scan.
    pub page: String,
    pub number: u32,
    pub target: String,
    pub url: Url,
    pub role: PageRole,
    pub found_by: FoundBy,
    pub found_on: Option<String>,
    pub found_words: Option<String>,
    pub depth: u32,
    /// robots.txt disallows the address; it is opened once because the user gave it.
    pub against_robots: bool,
}

impl Visit {
    /// The record of this visit before anything is known.
    pub fn record(&self, status: PageStatus, detail: Option<Told>) -> PageRecord {
        PageRecord {
            id: self.page.clone(),
            target: self.target.clone(),
            number: self.number,
            url: self.url.to_string(),
            final_url: None,
            redirects: Vec::new(),
            http_status: None,
            content_type: None,
            role: self.role,
            found_by: self.found_by,
            found_on: self.found_on.clone(),
            found_words: self.found_words.clone(),
            depth: self.depth,
            status,
            status_detail: detail,
            captures: Vec::new(),
            visits: Vec::new(),
            connections: Vec::new(),
            certificates: Vec::new(),
            console: Vec::new(),
            gaps: Vec::new(),
            timings: None,
        }
    }
}

/// A way of looking at pages.
pub enum Visitor<'a> {
    Plain(Box<Plain>),
    Rendered(Box<Rendered<'a>>),
}

impl Visitor<'_> {
    /// Carries out one visit.
    ///
    /// # Errors
    /// Where the output folder cannot be written.
    pub async fn visit(&self, visit: &Visit) -> std::io::Result<PageRecord> {
        match self {
            Visitor::Plain(plain) => plain.visit(visit).await,
            Visitor::Rendered(rendered) => rendered.visit(visit).await,
        }
    }
}

/// Whether an answer's own headers say that a bot wall gave it.
pub fn challenges(headers: &[(String, String)]) -> bool {
    headers.iter().any(|(name, value)| {
        let value = value.trim().to_ascii_lowercase();
        match name.to_ascii_lowercase().as_str() {
            // Cloudflare; AWS WAF.
            "cf-mitigated" => value == "challenge",
            "x-amzn-waf-action" => matches!(value.as_str(), "challenge" | "captcha"),
            _ => false,
        }
    })
}

/// What an answer's status and type make of a page, before its content is looked at. `None` for a page
/// that can be examined.
pub fn status_of(http_status: u16, content_type: Option<&str>) -> Option<(PageStatus, Told)> {
    if matches!(http_status, 401 | 403 | 407 | 429) {
        return Some((
            PageStatus::Blocked,
            Told::of("server-refuses").number("status", http_status),
        ));
    }
    if http_status >= 400 {
        return Some((
            PageStatus::HttpError,
            Told::of("server-error").number("status", http_status),
        ));
    }
    let kind = content_type
        .unwrap_or("text/html")
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let html = matches!(kind.as_str(), "" | "text/html" | "application/xhtml+xml");
    (!html).then(|| {
        (
            PageStatus::NotHtml,
            Told::of("not-a-page").with("kind", kind.as_str()),
        )
    })
}
