//! The shape of what comes out: the committed schema, the committed sample, and hostile words in both.

mod common;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use common::{Answer, Server, report, run, stdout};
use serde_json::Value;

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn schema() -> Value {
    let text = std::fs::read_to_string(project("docs/schema/report.schema.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn errors(report: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    validator
        .iter_errors(report)
        .map(|e| format!("{}: {e}", e.instance_path()))
        .collect()
}

#[test]
fn the_committed_schema_is_the_one_that_is_printed() {
    let printed: Value = serde_json::from_str(&stdout(&run(Path::new("."), &["schema"]))).unwrap();
    assert_eq!(
        printed,
        schema(),
        "write it again: consentry schema > docs/schema/report.schema.json"
    );
}

#[test]
fn the_schema_refuses_what_is_no_report() {
    let mut sample: Value =
        serde_json::from_slice(&std::fs::read(project("reports/sample/report.json")).unwrap())
            .unwrap();
    assert_eq!(errors(&sample), Vec::<String>::new());
    sample["summary"]["verdict"] = "guilty".into();
    assert!(!errors(&sample).is_empty());
}

/// The text of every source file below a folder.
fn sources(folder: &Path, out: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => sources(&path, out),
            false => out.push(std::fs::read_to_string(&path).unwrap_or_default()),
        }
    }
}

/// What a capture can tell has words in every language, and no words stand there for nothing.
#[test]
fn what_a_capture_tells_has_words_in_every_language() {
    let mut files = Vec::new();
    sources(&project("src"), &mut files);
    let told: BTreeSet<&str> = files
        .iter()
        .flat_map(|text| text.split("Told::of(").skip(1))
        .filter_map(|after| after.trim_start().strip_prefix('"')?.split('"').next())
        .filter(|code| !code.contains('…'))
        .collect();
    assert!(told.len() > 50, "{told:?}");
    for language in ["en", "fr"] {
        let words = project(&format!("src/report/words/{language}.ftl"));
        let words = std::fs::read_to_string(words).unwrap();
        let words: BTreeSet<&str> = words
            .lines()
            .filter_map(|line| line.strip_prefix("told-")?.split_once(" ="))
            .map(|(code, _)| code)
            .collect();
        let without: Vec<_> = told.difference(&words).collect();
        assert!(without.is_empty(), "{language}: {without:?}");
        let used = |code: &&&str| {
            files
                .iter()
                .any(|text| text.contains(&format!("\"{code}\"")))
        };
        let unused: Vec<_> = words.iter().filter(|code| !used(code)).collect();
        assert!(unused.is_empty(), "{language}: {unused:?}");
    }
}

/// Every path of keys in a value, list items as one.
fn shape(value: &Value, at: &str, out: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                // Measured values and timings depend on what was found.
                let below = format!("{at}.{key}");
                if key != "measured" {
                    shape(value, &below, out);
                }
                out.insert(below);
            }
        }
        Value::Array(list) => list
            .iter()
            .for_each(|item| shape(item, &format!("{at}[]"), out)),
        _ => {}
    }
}

/// Scans the demo site and compares it with the sample; to write the sample again, run
/// `make sample`.
#[test]
fn the_committed_sample_is_current_in_shape() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let output = run(
        folder.path(),
        &[
            "demo",
            "--out",
            "out",
            "--lang",
            "fr",
            "--format",
            "csv,junit,markdown",
        ],
    );
    assert_eq!(
        common::code(&output),
        0,
        "{}{}",
        stdout(&output),
        common::stderr(&output)
    );
    let of = |report: &Value| {
        let mut out = BTreeSet::new();
        shape(report, "", &mut out);
        out
    };
    let (fresh, sample) = (report(&out), report(&project("reports/sample")));
    assert_eq!(of(&fresh), of(&sample), "make sample writes it again");
    let outcomes = |report: &Value| -> BTreeSet<String> {
        common::list(report, "findings")
            .iter()
            .map(|f| format!("{} {} {}", f["form"], f["rule"], f["outcome"]))
            .collect()
    };
    assert_eq!(
        outcomes(&fresh),
        outcomes(&sample),
        "make sample writes it again"
    );
    let headings = |folder: &Path| -> Vec<String> {
        let html = std::fs::read_to_string(folder.join("report.html")).unwrap();
        html.split("<h2>")
            .skip(1)
            .map(|part| part.split("</h2>").next().unwrap().to_string())
            .collect()
    };
    assert_eq!(
        headings(&out),
        headings(&project("reports/sample")),
        "make sample writes it again"
    );
    // Each failed finding stands there with its severity, in words.
    let html = std::fs::read_to_string(out.join("report.html")).unwrap();
    for (severity, word) in [("blocker", "Bloquant"), ("major", "Majeur")] {
        let failed = common::list(&fresh, "findings").iter();
        let failed = failed.filter(|f| f["outcome"] == "failed" && f["severity"] == severity);
        let badge = format!("<span class=\"badge {severity}\">{word}</span>");
        assert!(failed.clone().count() > 0, "{severity}");
        assert_eq!(html.matches(&badge).count(), failed.count(), "{badge}");
    }
    let listed = common::list(&fresh, "files");
    for further in ["report.csv", "report.junit.xml", "report.md"] {
        assert!(listed.iter().any(|file| file == further), "{further}");
    }
    for file in listed {
        assert!(
            out.join(file.as_str().unwrap()).is_file(),
            "{file} is listed and not there"
        );
    }
}

#[test]
fn hostile_words_stay_words() {
    let evil = r#"</p><script>alert(1)</script><img src=x onerror=alert(2)>"><a href="javascript:alert(3)">"#;
    let escaped = evil.replace('<', "&lt;");
    let server = Server::start(move |_| {
        Answer::html(format!(
            "<html lang=en><title>{escaped}</title><form><label>Email <input type=email name=email></label>\
             <label><input type=checkbox name='../../x' id='..' checked> I agree to receive marketing emails from our partners {escaped}</label>\
             <a href='javascript:alert(3)'>Privacy policy</a><button>Send</button></form>"
        ))
    });
    let folder = tempfile::tempdir().unwrap();
    let url = server.url("/?q=<script>alert(4)</script>");
    run(
        folder.path(),
        &[
            "scan",
            &url,
            "--static",
            "--out",
            "out",
            "--allow-private-network=127.0.0.1",
            "--depth",
            "0",
        ],
    );
    let html = std::fs::read_to_string(folder.path().join("out/report.html")).unwrap();
    assert!(html.contains("alert(1)"), "the words are shown");
    for tag in [
        "<script",
        "<img src=x",
        "href=\"javascript:",
        "onerror=alert(2)>\">",
    ] {
        assert!(!html.contains(tag), "{tag} stands in the report");
    }
    let files: Vec<String> = common::list(&report(&folder.path().join("out")), "files")
        .iter()
        .map(|f| f.as_str().unwrap().to_string())
        .collect();
    assert!(files.iter().all(|file| !file.contains("..")), "{files:?}");
}

#[test]
fn the_report_needs_nothing_from_elsewhere() {
    let html = std::fs::read_to_string(project("reports/sample/report.html")).unwrap();
    for word in ["<script", "<link", "@import", "url(http"] {
        assert!(!html.contains(word), "{word}");
    }
    assert!(html.contains("default-src 'none'") && html.contains("name=\"viewport\""));
    assert!(html.len() < 10_000_000);
}
