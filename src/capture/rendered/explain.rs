//! What a page's answer, or its absence, says about the page.

use std::collections::BTreeMap;

use url::Url;

use crate::artifact::{Gap, PageStatus};
use crate::browser::{NavigateError, Session};
use crate::capture::{Visit, status_of};
use crate::gate::{Gate, Refusal};
use crate::target;

/// Hosts that the gate kept the page from, one gap for each reason.
pub fn kept_away(gate: &Gate, page: &str) -> Vec<Gap> {
    let own = Url::parse(page)
        .map(|url| target::host(&url))
        .unwrap_or_default();
    let mut by_reason: BTreeMap<String, Vec<String>> = BTreeMap::new();
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
            let mut what = format!("requests to {}", hosts.join(", "));
            if more > 0 {
                what.push_str(&format!(" and {more} more hosts"));
            }
            Gap::new(what, why)
        })
        .collect()
}

/// The status of a main document that is no page to examine.
pub fn not_a_page(session: &Session, gate: &Gate, visit: &Visit) -> Option<(PageStatus, String)> {
    let main = session.log().main_response.clone()?;
    let url = Url::parse(&main.url).unwrap_or_else(|_| visit.url.clone());
    if let Some(refusal) = refusal(gate, &url) {
        return Some((status_of_refusal(&refusal), refusal.to_string()));
    }
    let challenge = main
        .headers
        .iter()
        .any(|(name, value)| name.eq_ignore_ascii_case("cf-mitigated") && value == "challenge");
    if challenge {
        let why = "a bot wall answered instead of the page".to_string();
        return Some((PageStatus::Blocked, why));
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
) -> (PageStatus, String) {
    let log = session.log();
    let asked = log
        .main_request
        .as_deref()
        .and_then(|url| Url::parse(url).ok());
    let last = asked.unwrap_or_else(|| visit.url.clone());
    if let Some(refusal) = refusal(gate, &last) {
        return (status_of_refusal(&refusal), refusal.to_string());
    }
    match error {
        NavigateError::Net(code) => {
            let tls = ["CERT", "SSL", "TLS"]
                .iter()
                .any(|part| code.contains(part));
            if tls {
                let why = format!("the certificate or the TLS handshake is not accepted ({code})");
                (PageStatus::TlsError, why)
            } else if code.contains("TIMED_OUT") {
                (PageStatus::TimedOut, format!("no answer ({code})"))
            } else if code.contains("ABORTED") && log.download {
                (
                    PageStatus::NotHtml,
                    "the address is a file to download".to_string(),
                )
            } else {
                (
                    PageStatus::Unreachable,
                    format!("Chrome could not open it ({code})"),
                )
            }
        }
        NavigateError::Download => (PageStatus::NotHtml, error.to_string()),
        NavigateError::TimedOut => (PageStatus::TimedOut, error.to_string()),
        NavigateError::Crashed | NavigateError::Wire(_) => (PageStatus::Crashed, error.to_string()),
    }
}
