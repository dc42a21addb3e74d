//! The looks of forms through real Chrome. Rule files name stored captures in their examples; each was made
//! from the page of the same name in `fixtures/pages`, and that page must still give the example's outcome.
//!
//! `make captures` makes the stored captures anew.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use common::{Server, code, list, report, run, stderr};
use consentry::finding::{Outcome, Severity};
use consentry::pipeline::{embedded_captures, load_rules};
use serde_json::Value;

const PRIVATE: &str = "--allow-private-network=127.0.0.1";
/// Where the stored captures pretend to come from.
const SITE: &str = "https://www.devis-clair.example";
/// A page that says so is stored with its picture: its colours stand in no style.
const KEEP_PICTURE: &str = "name=\"keep-picture\"";

/// What a rule file says of a stored capture.
struct Wanted {
    rule: String,
    page: String,
    outcome: Outcome,
    severity: Option<Severity>,
}

fn wanted() -> Vec<Wanted> {
    let ruleset = load_rules().unwrap();
    let mut all = Vec::new();
    for rule in &ruleset.rules {
        for example in &rule.examples {
            let Some(page) = &example.capture else {
                continue;
            };
            assert!(example.jurisdictions.is_empty(), "{}: {page}", rule.id);
            all.push(Wanted {
                rule: rule.id.clone(),
                page: page.clone(),
                outcome: example.outcome,
                severity: example.severity,
            });
        }
    }
    all
}

/// Writes the addresses of the pages that examples name.
fn addresses(server: &Server, folder: &Path) -> BTreeSet<String> {
    let names: BTreeSet<String> = wanted().into_iter().map(|wanted| wanted.page).collect();
    let urls: String = names
        .iter()
        .map(|name| format!("{}\n", server.url(&format!("/{name}.html"))))
        .collect();
    fs::write(folder.join("urls.txt"), urls).unwrap();
    names
}

fn worst(report: &Value, page: &str, rule: &str) -> (Outcome, Severity) {
    let end = format!("/{page}.html");
    let page = list(report, "pages")
        .iter()
        .find(|p| p["url"].as_str().unwrap().ends_with(&end));
    let page = &page.unwrap_or_else(|| panic!("{end} was not opened"))["id"];
    let own = list(report, "findings")
        .iter()
        .filter(|f| f["page"] == *page && f["rule"] == rule);
    let told = own.map(|f| {
        let outcome: Outcome = serde_json::from_value(f["outcome"].clone()).unwrap();
        let severity: Severity = serde_json::from_value(f["severity"].clone()).unwrap();
        (outcome, severity)
    });
    told.max().unwrap_or_default()
}

#[test]
fn live_pages_give_what_examples_say_of_their_captures() {
    let server = Server::fixtures();
    let folder = tempfile::tempdir().unwrap();
    addresses(&server, folder.path());
    let output = run(
        folder.path(),
        &[
            "scan",
            "--list",
            "urls.txt",
            "--out",
            "out",
            "--rate",
            "1000",
            "--jobs",
            "4",
            "--depth",
            "0",
            "--lang",
            "en",
            "--jurisdiction",
            "de,es,eu,fr,it,uk,us",
            PRIVATE,
        ],
    );
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    common::site::check_requests(&server.requests());
    let report = report(&folder.path().join("out"));
    let mut wrong = Vec::new();
    for wanted in wanted() {
        let (outcome, severity) = worst(&report, &wanted.page, &wanted.rule);
        let holds =
            outcome == wanted.outcome && wanted.severity.is_none_or(|wanted| wanted == severity);
        if !holds {
            wrong.push(format!(
                "{}: {}: wanted {:?} {:?}, got {outcome:?} {severity:?}",
                wanted.page, wanted.rule, wanted.outcome, wanted.severity
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_capture_is_named_by_an_example_and_has_its_page() {
    let named: BTreeSet<String> = wanted().into_iter().map(|wanted| wanted.page).collect();
    let stored: BTreeSet<String> = embedded_captures().into_keys().collect();
    assert_eq!(named, stored);
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pages");
    for name in &named {
        assert!(pages.join(format!("{name}.html")).is_file(), "{name}");
    }
}

/// Captures of earlier versions list other styles: boxes and colours are read by their names all the same.
#[test]
fn captures_with_the_earlier_styles_are_read() {
    let earlier = [
        "block",
        "visible",
        "1",
        "static",
        "auto",
        "visible",
        "hidden",
        "14px",
        "700",
        "rgb(1, 2, 3)",
        "rgba(0, 0, 0, 0)",
        "underline",
    ];
    let names = ["", "DIV", "#document"];
    let strings: Vec<&str> = names.iter().chain(&earlier).copied().collect();
    let styles: Vec<usize> = (names.len()..strings.len()).collect();
    let snapshot = serde_json::json!({
        "strings": strings,
        "documents": [{
            "documentURL": 0, "title": 0, "contentLanguage": 0,
            "nodes": { "parentIndex": [-1, 0], "nodeType": [9, 1], "nodeName": [2, 1], "nodeValue": [0, 0],
                "backendNodeId": [1, 2], "attributes": [[], []] },
            "layout": { "nodeIndex": [1], "styles": [styles], "bounds": [[0.0, 0.0, 10.0, 10.0]], "text": [-1],
                "paintOrders": [1] }
        }]
    });
    let dom = consentry::artifact::parse_snapshot(snapshot.to_string().as_bytes()).unwrap();
    let node = dom.nodes.iter().find(|node| node.name() == "div").unwrap();
    let layout = node.layout.as_ref().unwrap();
    let read = [
        "overflow-y",
        "font-size",
        "font-weight",
        "color",
        "text-decoration-line",
    ];
    let read: BTreeMap<&str, &str> = read.map(|name| (name, layout.style(name))).into();
    assert_eq!(read["overflow-y"], "hidden");
    assert_eq!(read["font-size"], "14px");
    assert_eq!(read["font-weight"], "700");
    assert_eq!(read["color"], "rgb(1, 2, 3)");
    assert_eq!(read["text-decoration-line"], "underline");
    assert_eq!(layout.style("background-image"), "");
}

/// Makes the stored captures anew.
#[test]
#[ignore = "writes fixtures/captures; run it with `make captures`"]
fn write_captures() {
    let server = Server::fixtures();
    let folder = tempfile::tempdir().unwrap();
    let names = addresses(&server, folder.path());
    let output = run(
        folder.path(),
        &[
            "capture", "--list", "urls.txt", "--out", "out", "--rate", "1000", "--depth", "0",
            PRIVATE,
        ],
    );
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let out = folder.path().join("out");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let captures = root.join("captures");
    let _ = fs::remove_dir_all(&captures);
    let pages = fs::read_to_string(out.join("captures/pages.jsonl")).unwrap();
    for line in pages.lines() {
        let page: Value = serde_json::from_str(line).unwrap();
        let url = page["url"].as_str().unwrap();
        let name = url.rsplit('/').next().unwrap().trim_end_matches(".html");
        assert!(names.contains(name));
        let settled = list(&page, "captures")
            .iter()
            .find(|c| c["moment"] == "settled");
        let settled = settled.unwrap_or_else(|| panic!("{name} did not settle"));
        let to = captures.join(name);
        fs::create_dir_all(&to).unwrap();
        let dom = fs::read_to_string(out.join(settled["dom"]["path"].as_str().unwrap())).unwrap();
        let dom = dom.replace(&server.url(""), SITE);
        fs::write(to.join("dom.json"), dom).unwrap();
        let html = fs::read_to_string(root.join(format!("pages/{name}.html"))).unwrap();
        if html.contains(KEEP_PICTURE) {
            let shot = list(settled, "screenshots")[0]["path"].as_str().unwrap();
            fs::copy(out.join(shot), to.join("picture.png")).unwrap();
        }
    }
}
