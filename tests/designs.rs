//! The designs of `fixtures/designs`, each after a published decision, through real Chrome: what must be
//! found on each stands in `outcomes.toml`. Captured once, judged by each design's own law and buyers.

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use common::{Server, code, list, run, stderr, stdout};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct File {
    design: Vec<Design>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Design {
    file: String,
    #[serde(rename = "title")]
    _title: String,
    #[serde(rename = "languages")]
    _languages: Vec<String>,
    jurisdictions: Vec<String>,
    #[serde(default)]
    buyers: Vec<String>,
    #[serde(default)]
    channels: Vec<String>,
    fire: Vec<String>,
    silent: Vec<String>,
    /// Answers to open questions of law, as `--law` takes them.
    #[serde(default)]
    law: Vec<String>,
    /// Parts of a rule that are missing.
    #[serde(default)]
    missing: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    severity: BTreeMap<String, String>,
    #[serde(default)]
    no_failed_above_info: bool,
}

fn designs() -> Vec<Design> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/designs/outcomes.toml");
    let text = std::fs::read_to_string(path).unwrap();
    toml::from_str::<File>(&text).unwrap().design
}

/// What a report says on the page of a design.
struct Found<'a> {
    findings: Vec<&'a Value>,
}

impl<'a> Found<'a> {
    fn new(report: &'a Value, file: &str) -> Self {
        let page = list(report, "pages").iter().find(|page| {
            let url = page["url"].as_str().unwrap();
            url.ends_with(&format!("/{file}"))
        });
        let page = &page.unwrap_or_else(|| panic!("{file} was not opened"))["id"];
        let findings = list(report, "findings").iter();
        Found {
            findings: findings
                .filter(|finding| finding["page"] == *page)
                .collect(),
        }
    }

    /// The worst outcome of a rule, and its severity.
    fn worst(&self, rule: &str) -> (&'a str, &'a str) {
        let order = ["failed", "cant_tell", "passed"];
        let own = self
            .findings
            .iter()
            .filter(|finding| finding["rule"] == rule);
        let own: Vec<&&Value> = own.collect();
        let worst = order.iter().find_map(|outcome| {
            let finding = own.iter().find(|finding| finding["outcome"] == **outcome)?;
            Some((*outcome, finding["severity"].as_str().unwrap_or_default()))
        });
        worst.unwrap_or(("inapplicable", ""))
    }

    /// The parts of a rule with an outcome.
    fn parts(&self, rule: &str, outcome: &str) -> Vec<&'a str> {
        let own = self.findings.iter().filter(|f| f["rule"] == rule);
        let items = own.flat_map(|f| f["measured"]["items"].as_array().into_iter().flatten());
        let items = items.filter(|item| item["outcome"] == outcome);
        items.filter_map(|item| item["item"].as_str()).collect()
    }

    fn message(&self, rule: &str) -> String {
        let own = self
            .findings
            .iter()
            .filter(|finding| finding["rule"] == rule);
        own.map(|finding| finding["message"].as_str().unwrap_or_default())
            .filter(|message| !message.is_empty())
            .collect::<Vec<_>>()
            .join(" / ")
    }
}

fn wrong(design: &Design, found: &Found) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut want = |rule: &str, holds: bool, wanted: &str| {
        if !holds {
            let (outcome, severity) = found.worst(rule);
            let message = found.message(rule);
            wrong.push(format!(
                "{} {:?}: {rule}: wanted {wanted}, got {outcome} {severity}: {message}",
                design.file, design.jurisdictions
            ));
        }
    };
    for rule in &design.fire {
        want(rule, found.worst(rule).0 == "failed", "failed");
    }
    for rule in &design.silent {
        want(rule, found.worst(rule).0 != "failed", "no failure");
    }
    for (rule, severity) in &design.severity {
        want(rule, found.worst(rule).1 == severity, severity);
    }
    for (rule, wanted) in &design.missing {
        let found = found.parts(rule, "failed");
        let all = wanted.iter().all(|part| found.contains(&part.as_str()));
        want(rule, all, &format!("missing: {wanted:?}, not {found:?}"));
    }
    if design.no_failed_above_info {
        for finding in &found.findings {
            let failed = finding["outcome"] == "failed" && finding["severity"] != "info";
            let rule = finding["rule"].as_str().unwrap();
            want(rule, !failed, "nothing failed");
        }
    }
    wrong
}

#[test]
fn designs_give_their_outcomes() {
    let server = Server::files("fixtures/designs");
    let folder = tempfile::tempdir().unwrap();
    let designs = designs();
    let mut files: Vec<&str> = designs.iter().map(|design| design.file.as_str()).collect();
    files.dedup();
    let urls: String = files
        .iter()
        .map(|file| format!("{}\n", server.url(&format!("/{file}"))))
        .collect();
    std::fs::write(folder.path().join("urls.txt"), urls).unwrap();
    let capture = [
        "capture",
        "--list",
        "urls.txt",
        "--out",
        "out",
        "--rate",
        "1000",
        "--jobs",
        "4",
        "--depth",
        "1",
        "--allow-private-network=127.0.0.1",
        "--no-third-parties",
    ];
    let output = run(folder.path(), &capture);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let mut judged: BTreeMap<String, Value> = BTreeMap::new();
    let mut wrongs = Vec::new();
    for design in &designs {
        let mut arguments = vec!["judge".to_string(), "out".to_string()];
        for (flag, values) in [
            ("--jurisdiction", &design.jurisdictions),
            ("--channels", &design.channels),
            ("--law", &design.law),
        ] {
            if !values.is_empty() {
                arguments.extend([flag.to_string(), values.join(",")]);
            }
        }
        for buyer in &design.buyers {
            arguments.extend(["--buyer".to_string(), buyer.clone()]);
        }
        let key = arguments.join(" ");
        let report = judged.entry(key).or_insert_with(|| {
            arguments.extend(["--json".to_string(), "--lang".to_string(), "en".to_string()]);
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let output = run(folder.path(), &arguments);
            assert!(code(&output) < 2, "{}", stderr(&output));
            serde_json::from_str(&stdout(&output)).expect("the report as JSON")
        });
        wrongs.extend(wrong(design, &Found::new(report, &design.file)));
    }
    assert!(wrongs.is_empty(), "{}", wrongs.join("\n"));
    common::site::check_requests(&server.requests());
    // Nothing was sent: forms of these designs post to addresses of their own.
    let posted = server
        .requests()
        .into_iter()
        .find(|request| request.method == "POST");
    assert!(posted.is_none(), "{posted:?}");
}
