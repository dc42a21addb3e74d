//! The conditions of a capture as facts, in the order in which French standard NF Z67-147 asks for them:
//! machine, software, network, clock, clean start, path. What was not recorded is listed as missing.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Serialize;
use serde_json::{Value, json};
use time::UtcOffset;
use time::format_description::well_known::Rfc3339;

use crate::artifact::{
    CaptureSettings, Connection, Environment, PageRecord, ScanRecord, ToolRecord,
};
use crate::capture::sha256;
use crate::evidence::hex;
use crate::target::secure_origin;

/// What a pack says about how its capture came about.
#[derive(Debug, Serialize)]
pub struct Conditions {
    pub scan: String,
    pub program: Program,
    pub machine: Machine,
    pub settings: CaptureSettings,
    pub network: Network,
    pub clock: Clock,
    pub clean_start: CleanStart,
    /// Each page with the way to it.
    pub paths: Vec<Value>,
    /// What the standard asks for and nobody recorded.
    pub missing: Vec<&'static str>,
}

/// The scanner.
#[derive(Debug, Serialize)]
pub struct Program {
    #[serde(flatten)]
    pub tool: ToolRecord,
    /// SHA-256 of the program's own file; `null` where it could not be read.
    pub executable_sha256: Option<String>,
}

/// The machine and the browser.
#[derive(Debug, Serialize)]
pub struct Machine {
    pub host: String,
    #[serde(flatten)]
    pub environment: Environment,
}

/// How names were resolved, and what was reached.
#[derive(Debug, Serialize)]
pub struct Network {
    /// `null` for a direct connection.
    pub proxy: Option<String>,
    /// Servers for names that the machine is set up with.
    pub resolvers: Vec<String>,
    /// Every host, with each address its name resolved to and the one used.
    pub connections: Vec<Connection>,
    /// The chain that the server of each page with TLS showed, as SHA-256 of each certificate, its own
    /// first; the certificates themselves stand in the archive.
    pub certificates: BTreeMap<String, Vec<String>>,
}

/// Times are the machine's own.
#[derive(Debug, Serialize)]
pub struct Clock {
    pub started_at: String,
    pub ended_at: Option<String>,
    /// Offset of the local time from UTC; `null` where it is not known.
    pub local_offset: Option<String>,
}

/// What each opening of a page began with.
#[derive(Debug, Serialize)]
pub struct CleanStart {
    /// A browser context of its own for each opening: no cookies, cache, storage or service workers of
    /// an earlier one.
    pub fresh_context: bool,
    /// Openings of pages.
    pub openings: usize,
}

impl Conditions {
    /// The conditions that the records of a capture and the machine tell.
    pub fn of(scan: &ScanRecord, pages: &[PageRecord], zone: Option<UtcOffset>) -> Conditions {
        let mut connections: Vec<Connection> = Vec::new();
        for connection in pages.iter().flat_map(|page| &page.connections) {
            if !connections.contains(connection) {
                connections.push(connection.clone());
            }
        }
        connections.sort();
        let executable = std::env::current_exe().ok();
        let executable_sha256 = executable.and_then(|path| super::digest::digest_of(&path).ok());
        let executable_sha256 = executable_sha256.map(|hash| hex(&hash));
        let mut certificates = BTreeMap::new();
        let mut missing = vec!["outgoing_address", "dns_ttl", "clock_offset", "fonts"];
        for page in pages {
            let url = page.final_url.as_ref().unwrap_or(&page.url);
            let Some(origin) = secure_origin(url) else {
                continue;
            };
            match page.certificates.is_empty() {
                true => missing.push("tls_chain"),
                false => {
                    let chain = page.certificates.iter().map(|one| fingerprint(one));
                    certificates.insert(origin, chain.collect());
                }
            }
        }
        missing.dedup();
        if executable_sha256.is_none() {
            missing.push("executable_sha256");
        }
        if zone.is_none() {
            missing.push("local_offset");
        }
        Conditions {
            scan: scan.id.clone(),
            program: Program {
                tool: scan.tool.clone(),
                executable_sha256,
            },
            machine: Machine {
                host: rustix::system::uname()
                    .nodename()
                    .to_string_lossy()
                    .into_owned(),
                environment: scan.environment.clone(),
            },
            settings: scan.settings.clone(),
            network: Network {
                proxy: scan.settings.proxy.clone(),
                resolvers: resolvers(),
                connections,
                certificates,
            },
            clock: Clock {
                started_at: scan.started_at.clone(),
                ended_at: scan.ended_at.clone(),
                local_offset: zone.map(|zone| zone.to_string()),
            },
            clean_start: CleanStart {
                fresh_context: !scan.settings.markup_only,
                openings: pages.iter().map(|page| page.visits.len().max(1)).sum(),
            },
            paths: pages.iter().map(path).collect(),
            missing,
        }
    }
}

/// The way from the first address to what was shown.
fn path(page: &PageRecord) -> Value {
    json!({
        "page": page.id,
        "found_on": page.found_on,
        "found_words": page.found_words,
        "url": page.url,
        "redirects": page.redirects,
        "final_url": page.final_url,
        "captures": page.captures.iter().map(|capture| &capture.id).collect::<Vec<_>>(),
    })
}

/// SHA-256 of a certificate in base64.
fn fingerprint(certificate: &str) -> String {
    sha256(&BASE64.decode(certificate).unwrap_or_default())
}

fn resolvers() -> Vec<String> {
    let text = std::fs::read_to_string("/etc/resolv.conf").unwrap_or_default();
    let lines = text
        .lines()
        .filter_map(|line| line.strip_prefix("nameserver"));
    lines.map(|server| server.trim().to_string()).collect()
}

/// Each action of the capture, in order, one JSON object a line, with UTC and local time.
pub fn log(scan: &ScanRecord, pages: &[PageRecord], zone: Option<UtcOffset>) -> String {
    let mut lines: Vec<(String, BTreeMap<&'static str, Value>)> = Vec::new();
    let mut add = |at: &str, what: &str, said: Value| {
        let mut line = BTreeMap::from([("utc", json!(at)), ("what", json!(what)), ("said", said)]);
        if let Some(local) = local(at, zone) {
            line.insert("local", json!(local));
        }
        lines.push((at.to_string(), line));
    };
    let targets: Vec<&str> = scan.targets.iter().map(|t| t.url.as_str()).collect();
    add(
        &scan.started_at,
        "capture begins",
        json!({ "targets": targets }),
    );
    for page in pages {
        for visit in &page.visits {
            let said = json!({
                "page": page.id, "visit": visit.visit, "url": page.url,
                "profile": visit.profile, "kind": visit.kind, "user_agent": visit.user_agent,
                "referrer": visit.referrer,
            });
            add(&visit.began_at, "page is opened", said);
            for act in &visit.acts {
                let said = json!({ "page": page.id, "visit": visit.visit, "act": act });
                add(&act.at, "act", said);
            }
        }
        for capture in &page.captures {
            let said = json!({
                "page": page.id, "visit": capture.visit, "capture": capture.id,
                "moment": capture.moment, "step": capture.step,
            });
            add(&capture.taken_at, "state is captured", said);
        }
    }
    if let Some(ended) = &scan.ended_at {
        add(
            ended,
            "capture ends",
            json!({ "interrupted": scan.interrupted }),
        );
    }
    lines.sort_by(|one, other| one.0.cmp(&other.0));
    let lines = lines
        .iter()
        .filter_map(|(_, line)| serde_json::to_string(line).ok());
    lines.map(|line| line + "\n").collect()
}

fn local(at: &str, zone: Option<UtcOffset>) -> Option<String> {
    let at = time::OffsetDateTime::parse(at, &Rfc3339).ok()?;
    at.to_offset(zone?).format(&Rfc3339).ok()
}
