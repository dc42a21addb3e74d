//! Stored captures, judged without a browser: the same bytes for the same rules, and the same report as
//! the scan that made the capture.

mod common;

use std::path::{Path, PathBuf};

use common::{Server, code, report, run, stderr, without_pack};

const PRIVATE: &str = "--allow-private-network=127.0.0.1";

fn judgements(out: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(out.join("judgements"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    found.sort();
    found
}

#[test]
fn judging_twice_gives_identical_bytes() {
    let server = Server::fixtures();
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let urls = [
        "/ticked-in-markup.html",
        "/two-buttons.html",
        "/cookie-wall.html",
    ]
    .map(|p| server.url(p));
    let mut arguments = vec![
        "scan", "--out", "out", PRIVATE, "--depth", "1", "--rate", "1000",
    ];
    arguments.extend(urls.iter().map(String::as_str));
    assert_eq!(code(&run(at, &arguments)), 1);
    let asked = server.requests().len();
    // A copy on its own: nothing of the first judgement helps the second.
    let copy = at.join("copy");
    let copied = std::process::Command::new("cp")
        .arg("-r")
        .arg(at.join("out"))
        .arg(&copy)
        .status();
    assert!(copied.unwrap().success());
    for name in ["out", "copy"] {
        let output = run(at, &["judge", name]);
        assert_eq!(code(&output), 1, "{}", stderr(&output));
    }
    assert_eq!(server.requests().len(), asked, "judging needs no network");
    let [one] = &judgements(&at.join("out"))[..] else {
        panic!("one judgement")
    };
    let [other] = &judgements(&copy)[..] else {
        panic!("one judgement")
    };
    let ruleset = report(one)["tool"]["ruleset"]["sha256"]
        .as_str()
        .unwrap()
        .to_string();
    assert_eq!(one.file_name().unwrap().to_str().unwrap(), &ruleset[..12]);
    for file in ["report.json", "report.html"] {
        let read = |folder: &Path| std::fs::read(folder.join(file)).unwrap();
        assert!(
            read(one) == read(other),
            "{file} differs between two judgements"
        );
    }
    let scanned = std::fs::read(at.join("out/report.json")).unwrap();
    let sealed = report(&at.join("out"));
    assert_eq!(sealed["evidence"]["pack"], "evidence.wacz");
    let same = without_pack(sealed) == report(one);
    assert!(same, "a scan is capture and judgement");
    // Once more changes nothing; other settings never overwrite.
    run(at, &["judge", "out"]);
    assert_eq!(judgements(&at.join("out")).len(), 1);
    run(at, &["judge", "out", "--only", "consent-unticked"]);
    assert_eq!(judgements(&at.join("out")).len(), 2);
    assert!(scanned == std::fs::read(at.join("out/report.json")).unwrap());
}

#[test]
fn the_two_halves_make_a_scan() {
    let server = Server::fixtures();
    let folder = tempfile::tempdir().unwrap();
    let url = server.url("/ticked-in-markup.html");
    let output = run(
        folder.path(),
        &["capture", &url, "--out", "cap", PRIVATE, "--depth", "0"],
    );
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(!folder.path().join("cap/report.json").exists());
    assert_eq!(code(&run(folder.path(), &["judge", "cap"])), 1);
    let [only] = &judgements(&folder.path().join("cap"))[..] else {
        panic!("one judgement")
    };
    let html = std::fs::read_to_string(only.join("report.html")).unwrap();
    let html = html.replace("&#x2f;", "/");
    let picture = html
        .split("href=\"../../screenshots/")
        .nth(1)
        .expect("a linked picture");
    let name = picture.split('"').next().unwrap();
    assert!(folder.path().join("cap/screenshots").join(name).is_file());
}

#[test]
fn a_capture_that_was_killed_is_judged_as_far_as_it_goes() {
    let server = Server::fixtures();
    let folder = tempfile::tempdir().unwrap();
    let urls = [
        server.url("/compliant.html"),
        server.url("/ticked-in-markup.html"),
    ];
    run(
        folder.path(),
        &[
            "capture", &urls[0], &urls[1], "--static", "--out", "cap", PRIVATE, "--depth", "0",
            "--jobs", "1",
        ],
    );
    let captures = folder.path().join("cap/captures");
    let pages = std::fs::read_to_string(captures.join("pages.jsonl")).unwrap();
    let half = pages.lines().next().unwrap().len() + 40;
    std::fs::write(captures.join("pages.jsonl"), &pages[..half]).unwrap();
    let scan = std::fs::read_to_string(captures.join("scan.json")).unwrap();
    let mut scan: serde_json::Value = serde_json::from_str(&scan).unwrap();
    scan["ended_at"] = serde_json::Value::Null;
    std::fs::write(captures.join("scan.json"), scan.to_string()).unwrap();
    run(folder.path(), &["judge", "cap"]);
    let [only] = &judgements(&folder.path().join("cap"))[..] else {
        panic!("one judgement")
    };
    assert_eq!(report(only)["pages"].as_array().unwrap().len(), 1);
}

#[test]
fn one_folder_that_cannot_be_judged_does_not_keep_the_others_from_it() {
    let server = Server::fixtures();
    let folder = tempfile::tempdir().unwrap();
    run(
        folder.path(),
        &[
            "capture",
            &server.url("/compliant.html"),
            "--static",
            "--out",
            "cap",
            PRIVATE,
            "--depth",
            "0",
        ],
    );
    let output = run(folder.path(), &["judge", "missing", "cap"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("missing"));
    assert_eq!(judgements(&folder.path().join("cap")).len(), 1);
}

/// Markup alone: what is on in it failed, what is off cannot be told.
#[test]
fn static_reports_say_what_markup_cannot_tell() {
    let server = Server::fixtures();
    let folder = tempfile::tempdir().unwrap();
    let urls = [
        server.url("/ticked-in-markup.html"),
        server.url("/compliant.html"),
    ];
    run(
        folder.path(),
        &[
            "scan", &urls[0], &urls[1], "--static", "--out", "out", PRIVATE, "--depth", "0",
        ],
    );
    let report = report(&folder.path().join("out"));
    let outcome = |page: &str| {
        let all = report["findings"].as_array().unwrap();
        let found = all
            .iter()
            .find(|f| f["page"] == page && f["rule"] == "consent-unticked")
            .unwrap();
        (
            found["outcome"].as_str().unwrap().to_string(),
            found["reason"].as_str().map(String::from),
        )
    };
    assert_eq!(outcome("p1"), ("failed".into(), None));
    assert_eq!(outcome("p2"), ("cant_tell".into(), Some("not_seen".into())));
    assert!(
        server
            .requests()
            .iter()
            .all(|r| !r.headers.contains_key("sec-fetch-mode")),
        "no browser ran"
    );
}

/// What scripts may still bring is not missing.
#[test]
fn markup_with_scripts_cannot_tell_what_is_missing() {
    let form = "<html lang=en><form><label>Email <input type=email name=email></label><button>Send</button></form>";
    let server = Server::start(move |request| match request.path.as_str() {
        "/plain" => common::Answer::html(form),
        "/scripted" => common::Answer::html(format!("{form}<script src=/app.js></script>")),
        "/framed" => {
            common::Answer::html("<html lang=en><h1>Quote</h1><iframe src=/form></iframe>")
        }
        "/placeholder" => common::Answer::html(format!("{form}<a href='#'>Privacy policy</a>")),
        _ => common::Answer::status(404),
    });
    let folder = tempfile::tempdir().unwrap();
    let urls = ["/plain", "/scripted", "/framed", "/placeholder"].map(|path| server.url(path));
    let mut arguments = vec![
        "scan", "--static", "--out", "out", PRIVATE, "--depth", "0", "--rate", "1000",
    ];
    arguments.extend(urls.iter().map(String::as_str));
    run(folder.path(), &arguments);
    let report = report(&folder.path().join("out"));
    let outcome = |page: &str, rule: &str| {
        let all = report["findings"].as_array().unwrap();
        let found = all
            .iter()
            .find(|f| f["page"] == page && f["rule"] == rule)
            .unwrap();
        found["outcome"].as_str().unwrap().to_string()
    };
    for (rule, plain) in [
        ("privacy-notice-linked", "failed"),
        ("controller-named", "failed"),
        ("consent-not-by-submission", "inapplicable"),
    ] {
        assert_eq!(outcome("p1", rule), plain, "{rule}");
    }
    assert_eq!(outcome("p2", "privacy-notice-linked"), "cant_tell");
    assert_eq!(outcome("p2", "controller-named"), "cant_tell");
    assert_eq!(outcome("p4", "privacy-notice-linked"), "cant_tell");
    let targets = report["scan"]["targets"].as_array().unwrap();
    assert_eq!(
        targets[2]["verdict"], "not_assessed",
        "the frame may hold the form"
    );
}

#[test]
fn a_folder_from_somebody_else_reads_nothing_outside_it() {
    let server = Server::fixtures();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("secret.html"),
        "<form><input type=email name=email><p>secret</form>",
    )
    .unwrap();
    run(
        folder.path(),
        &[
            "capture",
            &server.url("/compliant.html"),
            "--static",
            "--out",
            "cap",
            PRIVATE,
            "--depth",
            "0",
        ],
    );
    let pages = folder.path().join("cap/captures/pages.jsonl");
    let text = std::fs::read_to_string(&pages).unwrap();
    let path = "captures/p1-static-v1-s1-markup/dom.html";
    assert!(text.contains(path));
    std::fs::write(&pages, text.replace(path, "../secret.html")).unwrap();
    run(folder.path(), &["judge", "cap"]);
    let [only] = &judgements(&folder.path().join("cap"))[..] else {
        panic!("one judgement")
    };
    let judged = std::fs::read_to_string(only.join("report.json")).unwrap();
    assert!(
        !judged.contains("secret</") && judged.contains("outside the folder"),
        "{judged}"
    );
}
