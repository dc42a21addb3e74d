//! Every rule through real Chrome: the fixture pages of `fixtures/pages`, what must be found on each,
//! and what the browser alone can show (scripts, shadow roots, frames, layers).

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use common::{Server, code, list, report, run, stderr};
use serde_json::Value;

/// Page, rule, the worst outcome on that page.
const EXPECTED: &[(&str, &str, &str)] = &[
    ("compliant", "consent-unticked", "passed"),
    ("compliant", "consent-affirmative", "passed"),
    ("compliant", "consent-not-by-submission", "passed"),
    ("compliant", "consent-opt-in", "passed"),
    ("compliant", "consent-optional", "passed"),
    ("compliant", "consent-unbundled", "passed"),
    ("compliant", "controller-named", "passed"),
    ("compliant", "controller-legal-entity", "passed"),
    ("compliant", "purpose-disclosed", "passed"),
    ("compliant", "privacy-notice-linked", "passed"),
    ("compliant", "transport-secure", "passed"),
    ("compliant", "recipients-disclosed", "inapplicable"),
    ("ticked-in-markup", "consent-unticked", "failed"),
    ("ticked-by-script", "consent-unticked", "failed"),
    ("ticked-then-unticked", "consent-unticked", "failed"),
    ("drawn-switch", "consent-unticked", "failed"),
    ("radio-group", "consent-unticked", "failed"),
    ("in-shadow-root", "consent-unticked", "failed"),
    ("in-frame", "consent-unticked", "failed"),
    ("added-by-script", "consent-unticked", "failed"),
    ("by-submission", "consent-not-by-submission", "failed"),
    ("by-submission", "consent-affirmative", "failed"),
    ("by-submission", "recipients-disclosed", "failed"),
    ("two-buttons", "consent-not-by-submission", "passed"),
    ("two-buttons", "consent-affirmative", "passed"),
    ("two-buttons", "recipients-disclosed", "passed"),
    ("opt-out-box", "consent-opt-in", "failed"),
    ("mandatory-box", "consent-optional", "failed"),
    ("bundled-box", "consent-unbundled", "failed"),
    ("nobody-named", "controller-named", "failed"),
    ("nobody-named", "privacy-notice-linked", "failed"),
    ("named-in-legal-notice", "controller-named", "failed"),
    ("named-in-legal-notice", "controller-legal-entity", "passed"),
    ("brand-only", "controller-named", "passed"),
    ("brand-only", "controller-legal-entity", "cant_tell"),
    ("nobody-named", "controller-legal-entity", "failed"),
    ("silent-purpose", "purpose-disclosed", "failed"),
    ("partners-unnamed", "recipients-disclosed", "failed"),
    ("partners-listed", "recipients-disclosed", "passed"),
    ("partners-in-dialog", "recipients-disclosed", "passed"),
    ("dead-privacy-link", "privacy-notice-linked", "failed"),
    ("plain-http-action", "transport-secure", "failed"),
    ("newsletter", "consent-affirmative", "inapplicable"),
    ("newsletter", "consent-unticked", "inapplicable"),
    ("boxes-in-table", "consent-unticked", "failed"),
    ("boxes-in-table-right", "consent-unticked", "failed"),
    ("boxes-accept-all", "consent-unticked", "passed"),
    ("boxes-accept-all", "consent-optional", "passed"),
    ("box-pictured", "consent-unticked", "cant_tell"),
    ("box-pictured", "consent-affirmative", "cant_tell"),
    ("box-pictured", "consent-not-by-submission", "cant_tell"),
    ("boxes-pictured-in-table", "consent-unticked", "cant_tell"),
    ("boxes-pictured-in-table", "consent-optional", "cant_tell"),
];

/// Pages that are looked at without a rule in mind.
const OTHERS: [&str; 3] = ["cookie-wall", "search-only", "noisy"];

struct Scanned {
    report: Value,
    requests: Vec<common::Request>,
    _folder: tempfile::TempDir,
}

/// One scan of all fixture pages.
fn scanned() -> &'static Scanned {
    static SCANNED: OnceLock<Scanned> = OnceLock::new();
    SCANNED.get_or_init(|| {
        let server = Server::fixtures();
        let folder = tempfile::tempdir().unwrap();
        let names: BTreeSet<&str> = EXPECTED.iter().map(|row| row.0).chain(OTHERS).collect();
        let text: String = names
            .iter()
            .map(|name| format!("{}\n", server.url(&format!("/{name}.html"))))
            .collect();
        std::fs::write(folder.path().join("urls.txt"), text).unwrap();
        let output = run(
            folder.path(),
            &[
                "scan",
                "--list",
                "urls.txt",
                "--out",
                "out",
                "--allow-private-network=127.0.0.1",
                "--rate",
                "1000",
                // Visits mostly wait for pages to settle.
                "--jobs",
                "4",
                "--depth",
                "1",
                "--lang",
                "en",
                "--resolve",
                "forms.sunny-quotes.example:127.0.0.1",
            ],
        );
        assert_eq!(code(&output), 1, "{}", stderr(&output));
        Scanned {
            report: report(&folder.path().join("out")),
            requests: server.requests(),
            _folder: folder,
        }
    })
}

/// The id of the page that a fixture was opened as.
fn page(name: &str) -> &'static Value {
    let report = &scanned().report;
    let targets = list(&report["scan"], "targets");
    let wanted = format!("/{name}.html");
    let target = targets
        .iter()
        .find(|t| t["url"].as_str().unwrap().ends_with(&wanted))
        .unwrap();
    list(report, "pages")
        .iter()
        .find(|page| page["target"] == target["id"] && page["url"] == target["url"])
        .unwrap()
}

fn findings(name: &str) -> Vec<&'static Value> {
    let id = &page(name)["id"];
    list(&scanned().report, "findings")
        .iter()
        .filter(|f| f["page"] == *id)
        .collect()
}

fn forms(name: &str) -> Vec<&'static Value> {
    let id = &page(name)["id"];
    list(&scanned().report, "forms")
        .iter()
        .filter(|f| f["page"] == *id && f["kind"] == "collection")
        .collect()
}

fn worst(name: &str, rule: &str) -> &'static str {
    let order = ["failed", "cant_tell", "passed"];
    let findings = findings(name);
    let outcomes: Vec<&str> = findings
        .iter()
        .filter(|f| f["rule"] == rule)
        .map(|f| f["outcome"].as_str().unwrap())
        .collect();
    order
        .into_iter()
        .find(|o| outcomes.contains(o))
        .unwrap_or("inapplicable")
}

#[test]
fn each_page_gives_its_outcomes() {
    let wrong: Vec<String> = EXPECTED
        .iter()
        .filter(|(name, rule, outcome)| worst(name, rule) != *outcome)
        .map(|(name, rule, outcome)| {
            let messages: Vec<String> = findings(name)
                .iter()
                .filter(|f| f["rule"] == *rule)
                .map(|f| f["message"].to_string())
                .collect();
            format!(
                "{name}: {rule}: wanted {outcome}, got {}: {messages:?}",
                worst(name, rule)
            )
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A page on which a rule fails says little without one on which it passes. Rules that are not tried here
/// have both among the examples of their files.
#[test]
fn every_rule_tried_here_fails_and_passes() {
    let mut seen: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (_, rule, outcome) in EXPECTED {
        seen.entry(rule).or_default().insert(outcome);
    }
    for (rule, outcomes) in seen {
        for outcome in ["failed", "passed"] {
            assert!(outcomes.contains(outcome), "no page where {rule} {outcome}");
        }
    }
}

#[test]
fn a_compliant_form_has_nothing_that_failed() {
    let failed: Vec<_> = findings("compliant")
        .into_iter()
        .filter(|f| f["outcome"] == "failed")
        .collect();
    assert!(failed.is_empty(), "{failed:?}");
}

#[test]
fn every_failure_can_be_seen() {
    for finding in list(&scanned().report, "findings")
        .iter()
        .filter(|f| f["outcome"] == "failed")
    {
        let observations = list(finding, "observations");
        assert!(!observations.is_empty(), "{finding}");
        assert!(!list(finding, "basis").is_empty(), "{finding}");
        let out = scanned()._folder.path().join("out");
        for seen in observations {
            assert!(
                seen["capture"].as_str().is_some_and(|id| !id.is_empty()),
                "{finding}"
            );
            if let Some(crop) = seen["crop"].as_str() {
                assert!(out.join(crop).is_file(), "{crop}");
            }
        }
    }
}

#[test]
fn the_moment_at_which_a_box_was_on_is_told() {
    let moment = |name: &str| {
        let form = forms(name)[0];
        let control = list(form, "controls")
            .iter()
            .find(|c| c["role"] == "marketing_own")
            .unwrap();
        control["selected_at"].as_str().unwrap_or("-").to_string()
    };
    assert_eq!(moment("ticked-in-markup"), "markup");
    assert_eq!(moment("ticked-by-script"), "settled");
    assert_eq!(moment("ticked-then-unticked"), "markup");
    assert_eq!(moment("compliant"), "-");
}

#[test]
fn a_box_that_was_on_only_at_first_is_pictured_as_it_was() {
    let finding = findings("ticked-then-unticked")
        .into_iter()
        .find(|f| f["rule"] == "consent-unticked")
        .unwrap();
    let crops: Vec<&Value> = list(finding, "observations")
        .iter()
        .map(|o| &o["crop"])
        .collect();
    assert!(crops.iter().any(|crop| crop.is_string()), "{finding}");
}

#[test]
fn lists_of_recipients_are_counted_on_their_page_and_in_a_closed_dialog() {
    for name in ["partners-listed", "partners-in-dialog"] {
        assert_eq!(forms(name)[0]["recipient_list"]["entries"], 2, "{name}");
    }
}

fn labels(name: &str, kind: &str) -> Vec<&'static str> {
    let controls = list(forms(name)[0], "controls").iter();
    let of_kind = controls.filter(|control| control["kind"] == kind);
    of_kind
        .map(|control| control["label"].as_str().unwrap())
        .collect()
}

#[test]
fn boxes_in_tables_have_the_words_of_their_own_row() {
    for name in ["boxes-in-table", "boxes-in-table-right"] {
        let labels = labels(name, "checkbox");
        assert_eq!(labels.len(), 3, "{name}: {labels:?}");
        assert!(
            labels[0].ends_with("commerciales de Vertelune SAS."),
            "{name}"
        );
        assert!(labels[1].ends_with("pour recevoir leurs offres."), "{name}");
        assert!(labels[2].ends_with("plus de 18 ans."), "{name}");
    }
}

#[test]
fn a_button_that_accepts_everything_is_a_control_of_its_form() {
    assert_eq!(labels("boxes-accept-all", "button"), ["Tout accepter"]);
    assert!(labels("compliant", "button").is_empty());
}

#[test]
fn a_wording_that_is_a_picture_is_shown_to_a_person() {
    for name in ["box-pictured", "boxes-pictured-in-table"] {
        let finding = findings(name)
            .into_iter()
            .find(|f| f["rule"] == "consent-unticked")
            .unwrap();
        assert_eq!(finding["reason"], "needs_person", "{name}");
        let seen = &list(finding, "observations")[0];
        assert!(seen["crop"].is_string(), "{name}: {seen}");
    }
}

#[test]
fn a_form_in_a_frame_says_where() {
    let form = forms("in-frame")[0];
    assert!(
        form["frame_url"]
            .as_str()
            .unwrap()
            .ends_with("/ticked-in-markup.html")
    );
    assert!(forms("compliant")[0]["frame_url"].is_null());
}

#[test]
fn a_form_added_by_scripts_comes_after_those_received() {
    assert_eq!(forms("added-by-script")[0]["index"], 0);
    assert_eq!(forms("added-by-script")[0]["locator"], "form#late");
}

#[test]
fn a_cookie_wall_is_a_gap_that_the_report_shows() {
    let gaps = list(page("cookie-wall"), "gaps");
    let told = gaps
        .iter()
        .any(|gap| gap["why"].as_str().unwrap().contains("vie privée"));
    assert!(told, "{gaps:?}");
    let html = std::fs::read_to_string(scanned()._folder.path().join("out/report.html")).unwrap();
    assert!(html.contains("Nous respectons votre vie privée"));
}

#[test]
fn a_search_box_is_no_collection_form() {
    assert!(forms("search-only").is_empty());
    let targets = list(&scanned().report["scan"], "targets");
    let target = targets
        .iter()
        .find(|t| t["url"].as_str().unwrap().ends_with("/search-only.html"));
    assert_eq!(target.unwrap()["verdict"], "no_form");
}

#[test]
fn dialogs_pop_ups_and_downloads_do_not_stop_a_visit() {
    assert_eq!(page("noisy")["status"], "examined");
    assert_eq!(forms("noisy").len(), 1);
}

#[test]
fn nothing_is_ever_submitted() {
    common::site::check_requests(&scanned().requests);
}

#[test]
fn the_report_is_valid_against_its_schema() {
    let schema: Value =
        serde_json::from_str(include_str!("../docs/schema/report.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&scanned().report)
        .map(|e| e.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
}
