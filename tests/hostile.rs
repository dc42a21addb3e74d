//! Pages that fight back: each ends with a status that says what happened, none of them harms another
//! target of the same scan, and nothing is sent. `make robustness` writes what each costs to
//! `docs/robustness.md`.

mod common;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::process::Stdio;
use std::sync::OnceLock;
use std::time::Instant;

use common::hostile::{self, PAGES};
use common::memory::Watch;
use common::tls::Secure;
use common::{ALLOWED, Server, list, report, run, scan, statuses, stderr};
use serde_json::Value;

/// Seconds for one opening of a page.
const TIMEOUT: &str = "30";

struct Scanned {
    server: Server,
    report: Value,
    _folder: tempfile::TempDir,
}

/// All of them in one scan, several at once.
fn scanned() -> &'static Scanned {
    static SCANNED: OnceLock<Scanned> = OnceLock::new();
    SCANNED.get_or_init(|| {
        let server = hostile::server();
        let folder = tempfile::tempdir().unwrap();
        let urls: Vec<String> = PAGES.iter().map(|page| server.url(page.path)).collect();
        let mut arguments = vec!["scan", "--out", "out", "--rate", "1000", ALLOWED];
        arguments.extend(["--depth", "0", "--timeout", TIMEOUT, "--jobs", "8"]);
        arguments.extend(urls.iter().map(String::as_str));
        let output = run(folder.path(), &arguments);
        assert!(
            folder.path().join("out/report.json").is_file(),
            "{}",
            stderr(&output)
        );
        Scanned {
            server,
            report: report(&folder.path().join("out")),
            _folder: folder,
        }
    })
}

fn page(path: &str) -> &'static Value {
    let scanned = scanned();
    let url = scanned.server.url(path);
    list(&scanned.report, "pages")
        .iter()
        .find(|page| page["url"] == url.as_str())
        .unwrap_or_else(|| panic!("{path} is not in the report"))
}

fn forms(page: &Value) -> Vec<&'static Value> {
    let forms = list(&scanned().report, "forms").iter();
    forms.filter(|form| form["page"] == page["id"]).collect()
}

fn findings(page: &Value) -> Vec<&'static Value> {
    list(&scanned().report, "findings")
        .iter()
        .filter(|finding| finding["page"] == page["id"])
        .collect()
}

#[test]
fn each_page_has_the_status_that_says_what_happened() {
    let mut wrong = Vec::new();
    for hostile in &PAGES {
        let page = page(hostile.path);
        let words = format!("{} {}", page["status_detail"], page["gaps"]);
        if page["status"] != hostile.status || !words.contains(hostile.says) {
            wrong.push(format!(
                "{}: {} {words}, expected {} with {:?}",
                hostile.path, page["status"], hostile.status, hostile.says
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn there_is_no_verdict_about_a_page_that_was_not_seen() {
    for hostile in &PAGES {
        let page = page(hostile.path);
        if page["status"] == "examined" {
            continue;
        }
        assert!(forms(page).is_empty(), "{}", hostile.path);
        assert!(
            page["status_detail"]
                .as_str()
                .is_some_and(|why| !why.is_empty()),
            "{}",
            hostile.path
        );
        for finding in findings(page) {
            assert!(
                finding["outcome"] != "failed" && finding["outcome"] != "passed",
                "{}: {finding}",
                hostile.path
            );
        }
    }
}

#[test]
fn other_targets_of_the_scan_are_unharmed() {
    let outcomes = |path: &str| -> BTreeMap<String, String> {
        let findings = findings(page(path)).into_iter();
        findings
            .map(|f| (f["rule"].to_string(), f["outcome"].to_string()))
            .collect()
    };
    for path in ["/plain", "/plain-last"] {
        let page = page(path);
        assert_eq!(forms(page).len(), 1, "{path}: {page}");
        assert!(list(page, "gaps").is_empty(), "{path}: {}", page["gaps"]);
        assert!(!outcomes(path).is_empty(), "{path}");
    }
    assert_eq!(outcomes("/plain"), outcomes("/plain-last"));
}

#[test]
fn what_can_be_read_of_them_is() {
    // The form stands in the page whatever the rest of it does.
    for path in [
        "/alerts",
        "/popups",
        "/image-never-ends",
        "/deep",
        "/tall",
        "/sign-in-within",
    ] {
        assert_eq!(forms(page(path)).len(), 1, "{path}");
    }
    assert!(forms(page("/forms")).len() >= 1_500);
    for path in ["/charset-missing", "/charset-unknown"] {
        let words = format!("{:?}", forms(page(path)));
        assert!(words.contains("Pr\u{e9}nom"), "{path}: {words}");
    }
    assert_eq!(forms(page("/charset-wrong")).len(), 1);
}

#[test]
fn nothing_is_sent() {
    let requests = scanned().server.requests();
    assert!(requests.iter().all(|request| request.method == "GET"));
}

const PAGE: &str = "<!doctype html><html lang=en><title>Quote</title><form method=post action=/sent>\
    <label>Email <input type=email name=email></label><button>Get my quote</button></form>";

#[test]
fn a_certificate_that_nobody_vouches_for_is_accepted_only_where_that_was_asked_for() {
    let server = Secure::serving(PAGE.to_string());
    let url = format!("https://{}/", server.address);
    for (mode, status) in [
        (&[][..], "tls_error"),
        (&["--static"][..], "tls_error"),
        (&["--insecure-tls"][..], "examined"),
        (&["--insecure-tls", "--static"][..], "examined"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut arguments = vec![url.as_str(), ALLOWED, "--depth", "0"];
        arguments.extend(mode);
        let report = scan(folder.path(), &arguments);
        assert_eq!(statuses(&report), [status], "{mode:?}");
        let asked = mode.contains(&"--insecure-tls");
        let stored = std::fs::read_to_string(folder.path().join("out/captures/scan.json")).unwrap();
        let stored: Value = serde_json::from_str(&stored).unwrap();
        assert_eq!(stored["settings"]["insecure_tls"], asked, "{mode:?}");
    }
}

/// What one page costs in a scan of its own: seconds, and peaks in MiB.
struct Cost {
    status: String,
    seconds: f64,
    own: u64,
    chrome: u64,
}

fn cost(url: &str, more: &[&str]) -> Cost {
    let folder = tempfile::tempdir().unwrap();
    let began = Instant::now();
    let mut command = common::consentry(folder.path());
    command.args(["scan", url, "--out", "out", ALLOWED, "--depth", "0"]);
    command
        .args(["--rate", "1000", "--timeout", TIMEOUT])
        .args(more);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut process = command.spawn().unwrap();
    let watch = Watch::start(process.id());
    process.wait().unwrap();
    let seconds = began.elapsed().as_secs_f64();
    let (own, chrome) = watch.peaks();
    let report = report(&folder.path().join("out"));
    Cost {
        status: statuses(&report).concat(),
        seconds,
        own,
        chrome,
    }
}

/// Writes `docs/robustness.md`.
#[test]
#[ignore = "takes minutes: make robustness"]
fn table() {
    let server = hostile::server();
    let secure = Secure::serving(PAGE.to_string());
    let secure = format!("https://{}/", secure.address);
    let mut rows = String::new();
    let mut row = |name: &str, cost: &Cost| {
        writeln!(
            rows,
            "| {name} | `{}` | {:.1} | {} | {} |",
            cost.status, cost.seconds, cost.own, cost.chrome
        )
        .unwrap();
    };
    for page in &PAGES {
        row(page.name, &cost(&server.url(page.path), &[]));
    }
    row("a certificate that nobody vouches for", &cost(&secure, &[]));
    row(
        "the same with `--insecure-tls`",
        &cost(&secure, &["--insecure-tls"]),
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/robustness.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let mark = "| --- | --- | --- | --- | --- |\n";
    let (head, rest) = text.split_once(mark).unwrap();
    let old = rest.lines().take_while(|line| line.starts_with('|'));
    let old: usize = old.map(|line| line.len() + 1).sum();
    let tail = &rest[old..];
    std::fs::write(&path, format!("{head}{mark}{rows}{tail}")).unwrap();
}
