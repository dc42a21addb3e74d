//! What people say about findings, through the configuration: a failure that is accepted, an answer to
//! what could not be told; both until a day.

mod common;

use std::path::Path;

use common::{Server, code, list, report, run, stderr, stdout};
use serde_json::Value;

const PRIVATE: &str = "--allow-private-network=127.0.0.1";

/// Scans a page with a configuration; the exit code, and the findings of one rule.
fn scanned(at: &Path, out: &str, url: &str, config: &str, only: &str) -> (i32, Vec<Value>) {
    let file = format!("{out}.toml");
    std::fs::write(at.join(&file), config).expect("a configuration");
    let arguments = [
        "scan", url, "--static", "--out", out, PRIVATE, "--depth", "0", "--only", only, "--config",
        &file, "--lang", "en",
    ];
    let output = run(at, &arguments);
    assert!(at.join(out).exists(), "{}", stderr(&output));
    let findings = list(&report(&at.join(out)), "findings").to_vec();
    (code(&output), findings)
}

fn shown(at: &Path, out: &str) -> String {
    std::fs::read_to_string(at.join(out).join("report.html")).expect("a report")
}

#[test]
fn an_accepted_failure_stays_in_the_report_until_its_day() {
    let server = Server::fixtures();
    let folder = tempfile::tempdir().expect("a folder");
    let (at, url) = (folder.path(), server.url("/ticked-in-markup.html"));
    let accept = |until: &str, label: &str| {
        format!(
            "[[accept]]\nrule = \"consent-unticked\"\nurl = \"{url}\"\nlabel = \"{label}\"\n\
             reason = \"vendor has until spring\"\nby = \"A. Martin, DPO\"\nuntil = \"{until}\"\n"
        )
    };
    let rule = "consent-unticked";
    assert_eq!(scanned(at, "none", &url, "", rule).0, 1);

    let (exit, findings) = scanned(at, "accepted", &url, &accept("2999-01-01", ""), rule);
    assert_eq!(exit, 0, "an accepted failure does not count");
    let word = &findings[0]["word"];
    assert_eq!(findings[0]["outcome"], "failed", "it stays a failure");
    assert_eq!(word["by"], "A. Martin, DPO");
    assert_eq!(word["expired"], false);
    assert!(shown(at, "accepted").contains("vendor has until spring"));

    let (exit, findings) = scanned(at, "expired", &url, &accept("2020-01-01", ""), rule);
    assert_eq!(exit, 1, "it counts again after the day");
    assert_eq!(findings[0]["word"]["expired"], true);

    // Every format says who accepted it, and none that it failed below the threshold.
    std::fs::write(at.join("all.toml"), accept("2999-01-01", "")).unwrap();
    let arguments = [
        "scan",
        &url,
        "--static",
        "--out",
        "all",
        PRIVATE,
        "--depth",
        "0",
        "--only",
        rule,
        "--config",
        "all.toml",
        "--lang",
        "en",
        "--format",
        "csv,junit,markdown",
    ];
    let output = run(at, &arguments);
    assert!(
        stdout(&output).contains("Accepted by A. Martin, DPO"),
        "{}",
        stdout(&output)
    );
    for file in ["report.csv", "report.junit.xml", "report.md"] {
        let text = std::fs::read_to_string(at.join("all").join(file)).unwrap();
        let plain = text.replace(['\u{2060}', '\\'], "");
        assert!(
            plain.contains("Accepted by A. Martin, DPO"),
            "{file}: {text}"
        );
        assert!(!plain.contains("does not count: "), "{file}: {text}");
    }

    let other = accept("2999-01-01", "another box");
    let (exit, findings) = scanned(at, "other", &url, &other, rule);
    assert_eq!((exit, &findings[0]["word"]), (1, &Value::Null));
    let again = ["judge", "other", "--only", rule, "--config", "other.toml"];
    let said = stderr(&run(at, &again));
    assert!(said.contains("[[accept]] of consent-unticked"), "{said}");
}

#[test]
fn an_answer_stands_for_what_could_not_be_told_until_its_day() {
    let server = Server::fixtures();
    let folder = tempfile::tempdir().expect("a folder");
    let (at, url) = (folder.path(), server.url("/compliant.html"));
    let rule = "phone-consent";
    let answer = |outcome: &str, until: &str| {
        format!(
            "[[answer]]\nrule = \"{rule}\"\nurl = \"{url}\"\nanswer = \"{outcome}\"\n\
             reason = \"nobody calls\"\nby = \"A. Martin, DPO\"\nuntil = \"{until}\"\n"
        )
    };
    let outcome = |out: &str, config: &str| {
        let (exit, findings) = scanned(at, out, &url, config, rule);
        (exit, findings[0]["outcome"].as_str().map(str::to_string))
    };
    let told = |word: &str| Some(word.to_string());
    assert_eq!(outcome("open", ""), (0, told("cant_tell")));
    assert_eq!(
        outcome("passed", &answer("passed", "2999-01-01")),
        (0, told("passed"))
    );
    assert!(shown(at, "passed").contains("nobody calls"));
    let (_, findings) = scanned(at, "said", &url, &answer("failed", "2999-01-01"), rule);
    let message = findings[0]["message"].as_str().unwrap();
    assert!(
        message.starts_with("Answered “failed” by A. Martin, DPO"),
        "{message}"
    );
    assert_eq!(
        outcome("failed", &answer("failed", "2999-01-01")),
        (1, told("failed"))
    );
    assert_eq!(
        outcome("expired", &answer("passed", "2020-01-01")),
        (0, told("cant_tell"))
    );
}
