//! What a page's answer, or its absence, says about the page.

use std::collections::BTreeMap;

use url::Url;

use crate::artifact::{Gap, PageStatus, Told};
use crate::browser::{NavigateError, Session, WireError};
use crate::capture::{Visit, challenges, status_of};
use crate::gate::{Gate, Refusal};
use crate::target;

/// Hosts that the gate kept the page from, one gap for each reason.
pub fn kept_away(gate: &Gate, page: &str) -> Vec<Gap> {
    let own = Url::parse(page)
        .map(|url| target::host(&url))
        .unwrap_or_default();
    let mut by_reason: BTreeMap<Told, Vec<String>> = BTreeMap::new();
    for connection in gate.connections() {
        if let Some(why) = connection.refused.filter(|_| connection.host != own) {
            by_reason.entry(why).or_default().push(connection.host);
        }
    }
    by_reason
        .into_iter()
        .map(|(why, mut hosts)| {
            hosts.dedup();
            let more = hosts.len().saturating_sub(20);
            hosts.truncate(20);
            let code = if more > 0 {
                "requests-to-many"
            } else {
                "requests-to"
            };
            let what = Told::of(code).with("hosts", hosts.join(", "));
            Gap::new(what.number("more", more), why)
        })
        .collect()
}

/// The status of a main document that is no page to examine.
pub fn not_a_page(session: &Session, gate: &Gate, visit: &Visit) -> Option<(PageStatus, Told)> {
    let main = session.log().main_response.clone()?;
    let url = Url::parse(&main.url).unwrap_or_else(|_| visit.url.clone());
    if let Some(refusal) = refusal(gate, &url) {
        return Some((status_of_refusal(&refusal), refusal.told()));
    }
    if challenges(&main.headers) {
        return Some((PageStatus::Blocked, Told::of("bot-wall")));
    }
    status_of(
        main.status,
        main.content_type.as_deref().or(Some(&main.mime)),
    )
}

fn refusal(gate: &Gate, url: &Url) -> Option<Refusal> {
    let (host, port) = (target::host(url), url.port_or_known_default()?);
    // A later connection of a page that was reached says nothing about the page.
    let reached = gate.pinned(&host, port).is_some();
    gate.refusal(&host, port)
        .filter(|why| why.is_refusal() || !reached)
}

fn status_of_refusal(refusal: &Refusal) -> PageStatus {
    if refusal.is_refusal() {
        PageStatus::Refused
    } else {
        PageStatus::Unreachable
    }
}

/// What a failed navigation says about the page.
pub fn explain(
    error: &NavigateError,
    session: &Session,
    gate: &Gate,
    visit: &Visit,
) -> (PageStatus, Told) {
    let log = session.log();
    let asked = log
        .main_request
        .as_deref()
        .and_then(|url| Url::parse(url).ok());
    let last = asked.unwrap_or_else(|| visit.url.clone());
    if let Some(refusal) = refusal(gate, &last) {
        return (status_of_refusal(&refusal), refusal.told());
    }
    match error {
        NavigateError::Net(code) => {
            let tls = ["CERT", "SSL", "TLS"]
                .iter()
                .any(|part| code.contains(part));
            if tls {
                (
                    PageStatus::TlsError,
                    Told::of("tls").with("error", code.as_str()),
                )
            } else if code.contains("TIMED_OUT") {
                (
                    PageStatus::TimedOut,
                    Told::of("no-answer").with("error", code.as_str()),
                )
            } else if code.contains("ABORTED") && log.download {
                (PageStatus::NotHtml, Told::of("file-to-download"))
            } else {
                (
                    PageStatus::Unreachable,
                    Told::of("could-not-open").with("error", code.as_str()),
                )
            }
        }
        NavigateError::Download => (PageStatus::NotHtml, Told::of("file-to-download")),
        NavigateError::TimedOut => (PageStatus::TimedOut, Told::of("nothing-arrived")),
        NavigateError::Crashed => (PageStatus::Crashed, Told::of("page-crashed")),
        NavigateError::Wire(e) => (PageStatus::Crashed, told(e)),
    }
}

/// What went wrong between this program and Chrome; what Chrome itself says stays as it is.
pub fn told(error: &WireError) -> Told {
    match error {
        WireError::Closed => Told::of("chrome-gone"),
        WireError::Deadline(asked) => Told::of("chrome-silent").with("asked", *asked),
        other => other.to_string().into(),
    }
}
