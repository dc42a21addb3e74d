//! What the report says of visits: each opening, what was typed and pressed, what would have been sent, and
//! where it ended; bounded, escaped, in both languages.

mod common;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use common::{ALLOWED, Answer, Server, list, report, run, stderr};
use serde_json::{Value, json};

struct Scanned {
    report: Value,
    html: String,
    markdown: String,
    posted: usize,
    folder: tempfile::TempDir,
}

/// The page as it is read: the signs that the template escapes beside those of markup stand there plainly.
fn shown(out: &Path) -> String {
    let html = std::fs::read_to_string(out.join("report.html")).unwrap();
    html.replace("&#x27;", "'").replace("&#x2f;", "/")
}

impl Scanned {
    fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }
}

/// A form in two steps below a cookie banner, which sends an address on as soon as it is typed. Telephones
/// are shown a ticked box.
fn server() -> Server {
    let file = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/visited");
        std::fs::read_to_string(path.join(name)).expect("a fixture")
    };
    Server::start(move |request| {
        let mobile = request.headers.iter().any(|(name, value)| {
            name.eq_ignore_ascii_case("user-agent") && value.contains("Mobile")
        });
        match request.path.split('?').next().unwrap_or_default() {
            "/" if mobile => {
                Answer::html(file("index.html").replace("value=\"yes\"", "value=\"yes\" checked"))
            }
            "/" => Answer::html(file("index.html")),
            "/privacy.html" => Answer::html(file("privacy.html")),
            "/without.html" => Answer::html(file("without.html")),
            _ => Answer::status(404),
        }
    })
}

fn scanned() -> &'static Scanned {
    static SCANNED: OnceLock<Scanned> = OnceLock::new();
    SCANNED.get_or_init(|| {
        let server = server();
        let folder = tempfile::tempdir().unwrap();
        let output = run(
            folder.path(),
            &[
                "scan",
                &server.url("/"),
                "--out",
                "out",
                ALLOWED,
                "--rate",
                "1000",
                "--lang",
                "en",
                "--profile",
                "desktop,mobile",
                "--format",
                "markdown",
            ],
        );
        let out = folder.path().join("out");
        assert!(out.join("report.json").is_file(), "{}", stderr(&output));
        let posted = server.requests().into_iter();
        let posted = posted.filter(|r| r.method == "POST" && r.path != "/steps");
        Scanned {
            report: report(&out),
            html: shown(&out),
            markdown: std::fs::read_to_string(out.join("report.md")).unwrap(),
            posted: posted.count(),
            folder,
        }
    })
}

fn visits() -> &'static [Value] {
    list(&scanned().report["pages"][0], "visits")
}

fn of_kind(kind: &str, profile: &str) -> &'static Value {
    visits()
        .iter()
        .find(|visit| visit["kind"] == kind && visit["profile"] == profile)
        .unwrap_or_else(|| panic!("no {kind} with {profile} among {:#?}", visits()))
}

#[test]
fn each_opening_says_how_and_why() {
    for profile in ["desktop", "mobile"] {
        let visit = of_kind("look", profile);
        assert!(visit["user_agent"].as_str().unwrap().contains("Chrome"));
        assert!(visit["began_at"].as_str().unwrap().ends_with('Z'));
        let cookies: Vec<_> = list(visit, "cookies").iter().map(|c| &c["name"]).collect();
        assert!(cookies.contains(&&json!("_ga")), "{cookies:?}");
        assert!(!list(visit, "hosts").is_empty());
        let banner = &visit["banner"];
        assert!(banner["words"].as_str().unwrap().contains("We use cookies"));
        assert_eq!(banner["pressed"]["label"], "Refuse all");
    }
    assert!(
        of_kind("refusal", "desktop")["arrived"]["url"]
            .as_str()
            .unwrap()
            .ends_with("/without.html")
    );
}

#[test]
fn acts_stand_in_order_with_their_steps_and_values() {
    let acts = list(of_kind("look", "desktop"), "acts");
    let at = |kind: &str, label: &str| {
        let found = acts.iter().position(|act| {
            act["kind"] == kind && act["target"]["label"].as_str().unwrap().contains(label)
        });
        found.unwrap_or_else(|| panic!("no {kind} of {label:?} in {acts:#?}"))
    };
    let order = [
        at("dismiss", "Refuse all"),
        at("scroll", ""),
        at("type", "Postcode"),
        at("press", "Next step"),
        at("type", "E-mail"),
        at("press", "Get my quotes"),
    ];
    assert!(order.is_sorted(), "{order:?}");
    let email = &acts[order[4]];
    assert_eq!(email["step"], 2);
    assert!(email["value"].as_str().unwrap().contains('@'));
}

#[test]
fn what_would_have_been_sent_stands_with_its_consent_marked() {
    let scanned = scanned();
    assert_eq!(scanned.posted, 0, "only a step is posted");
    let presses = list(of_kind("look", "desktop"), "presses");
    let held = presses
        .iter()
        .find(|press| press["outcome"] == "held" && press["path"] == "untouched")
        .unwrap_or_else(|| panic!("{presses:#?}"));
    let request = &held["held"][0];
    assert_eq!(
        (&request["method"], &request["path"]),
        (&json!("POST"), &json!("/lead"))
    );
    assert!(request["host"].as_str().unwrap().starts_with("127.0.0.1:"));
    let fields = list(request, "fields");
    let field = |name: &str| fields.iter().find(|field| field["name"] == name);
    assert_eq!(field("consent_marketing").unwrap()["consent"], true);
    assert_eq!(field("email").unwrap()["consent"], false);
    assert!(
        field("optin_partners").is_none(),
        "an unticked box is not sent"
    );
    let mobile = list(of_kind("look", "mobile"), "presses").iter();
    let ticked = mobile
        .flat_map(|press| list(press, "held"))
        .flat_map(|request| list(request, "fields"))
        .any(|field| field["name"] == "optin_partners" && field["consent"] == true);
    assert!(ticked, "a ticked box is sent, and marked");
}

#[test]
fn leaks_and_ends_are_told() {
    let visit = of_kind("look", "desktop");
    let leaks = list(visit, "leaks");
    let leak = leaks.iter().find(|leak| leak["field"] == "email").unwrap();
    assert_eq!(
        (&leak["path"], &leak["place"]),
        (&json!("/collect"), &json!("body"))
    );
    assert!(leak["form"].as_str().unwrap().contains("base64"), "{leak}");
    let ends: Vec<_> = list(visit, "walked")
        .iter()
        .map(|w| &w["end"])
        .filter(|end| !end.is_null())
        .collect();
    assert_eq!(ends[0]["why"], "submission", "{ends:?}");
}

#[test]
fn people_read_the_same_in_both_formats() {
    let Scanned { html, markdown, .. } = scanned();
    for words in [
        "How the pages were visited",
        "to look at it and to use its forms",
        "consent boxes untouched",
        "Something would have been sent; it was held",
        "the button that sends the form was pressed, and the submission was held",
        "consent_marketing",
        "/collect",
    ] {
        assert!(html.contains(words), "{words} is not in report.html");
        assert!(markdown.contains(words), "{words} is not in report.md");
    }
    for words in [
        "Opened",
        "Refuse all",
        "presses held",
        "at step 2:",
        "attempts to send values too early",
        "<details class=\"visits\"",
    ] {
        assert!(html.contains(words), "{words} is not in report.html");
    }
    no_bare_keys(html);
    no_bare_keys(markdown);
}

/// A word that is missing stands there as its key.
fn no_bare_keys(text: &str) {
    let groups = [
        "visit", "visits", "act", "press", "path", "end", "leak", "written", "place", "moment",
        "profile", "payload", "walk", "cookie", "unread",
    ];
    for (group, mark) in groups.iter().flat_map(|group| [(group, '>'), (group, ' ')]) {
        let key = format!("{mark}{group}-");
        let found = text
            .find(&key)
            .map(|at| text[at..].chars().take(40).collect::<String>());
        assert_eq!(found, None);
    }
}

#[test]
fn both_openings_of_a_difference_are_pictured() {
    let findings = list(&scanned().report, "findings");
    let differs = findings
        .iter()
        .find(|f| f["rule"] == "variants-consistent")
        .unwrap_or_else(|| {
            panic!(
                "{:?}",
                findings.iter().map(|f| &f["rule"]).collect::<Vec<_>>()
            )
        });
    assert_eq!(differs["outcome"], "failed");
    let seen = list(differs, "observations");
    let captures: Vec<&str> = seen
        .iter()
        .map(|s| s["capture"].as_str().unwrap())
        .collect();
    assert!(
        captures.iter().any(|id| id.contains("desktop")),
        "{captures:?}"
    );
    assert!(
        captures.iter().any(|id| id.contains("mobile")),
        "{captures:?}"
    );
    assert!(seen.iter().all(|s| s["crop"].is_string()), "{seen:#?}");
}

/// Judges a copy of the capture whose visits were changed.
fn judged(language: &str, change: impl Fn(&mut Value)) -> (Value, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy");
    copy_folder(&scanned().out(), &copy);
    let file = copy.join("captures/pages.jsonl");
    let text = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<String> = text
        .lines()
        .map(|line| {
            let mut page: Value = serde_json::from_str(line).unwrap();
            for visit in page["visits"].as_array_mut().into_iter().flatten() {
                change(visit);
            }
            page.to_string()
        })
        .collect();
    std::fs::write(&file, lines.join("\n") + "\n").unwrap();
    let output = run(
        folder.path(),
        &["judge", "copy", "--lang", language, "--format", "markdown"],
    );
    let judgements = std::fs::read_dir(copy.join("judgements"));
    let judgements = judgements.unwrap_or_else(|e| panic!("{e}: {}", stderr(&output)));
    let at = judgements.flatten().next().unwrap().path();
    (
        report(&at),
        shown(&at),
        std::fs::read_to_string(at.join("report.md")).unwrap(),
    )
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn the_report_speaks_french() {
    let (_, html, markdown) = judged("fr", |_| {});
    for words in [
        "Comment les pages ont été visitées",
        "cases de consentement laissées telles quelles",
        "adresse électronique",
        "cela a été retenu",
        "à l'étape 2 :",
    ] {
        assert!(html.contains(words), "{words} is not in report.html");
        assert!(markdown.contains(words), "{words} is not in report.md");
    }
    no_bare_keys(&html);
}

const EVIL: &str = "</td><script>alert(1)</script><img src=x onerror=alert(2)> | `code` [a](javascript:1)\n# head @all";

#[test]
fn hostile_visits_stay_words_and_are_bounded() {
    let long = EVIL.repeat(50);
    let (report, html, markdown) = judged("en", |visit| {
        let element = json!({"label": long, "locator": long, "node": 1, "document": 0});
        let payload = json!({
            "url": format!("https://evil.example/{EVIL}"), "method": EVIL, "kind": EVIL, "content_type": EVIL,
            "fields": (0..300).map(|n| json!([format!("{EVIL}{n}"), long])).collect::<Vec<_>>(),
            "unreadable": true
        });
        visit["acts"] = (0..900)
            .map(|_| json!({"at": EVIL, "step": 1, "kind": "type", "target": element, "value": long}))
            .collect();
        visit["presses"] = json!([{"step": 1, "target": element, "form": element, "path": "untouched",
            "outcome": "held", "capture": EVIL, "held": [payload], "invalid": [element]}]);
        visit["leaks"] = json!([{"at": EVIL, "step": 1, "moment": "typed", "host": EVIL, "url": "javascript:alert(3)",
            "method": EVIL, "field": EVIL, "form": EVIL, "place": EVIL, "after": element}]);
        visit["sent"] = json!([payload]);
        visit["unread"] = json!([{"url": EVIL, "what": "socket"}]);
        visit["cookies"] = (0..900)
            .map(|_| json!({"name": EVIL, "domain": EVIL, "days": 1e300}))
            .collect();
        visit["hosts"] = (0..900).map(|_| json!(EVIL)).collect();
        visit["banner"] = json!({"words": long, "pressed": element, "capture": null});
        visit["arrived"] = json!({"url": "javascript:alert(4)", "http_status": 200});
        visit["referrer"] = json!(EVIL);
    });
    let visit = &report["pages"][0]["visits"][0];
    let left_out = |name: &str| {
        let cut = list(visit, "cut").iter().find(|cut| cut["list"] == name);
        cut.map_or(0, |cut| cut["left_out"].as_u64().unwrap())
    };
    assert_eq!(left_out("acts"), 700);
    assert_eq!(left_out("cookies"), 700);
    assert!(left_out("fields") > 0);
    assert!(visit["acts"][0]["value"].as_str().unwrap().chars().count() < 400);
    assert!(html.contains("and 700 more, which are left out here"));
    assert!(html.contains("alert(1)"), "the words are shown");
    for tag in ["<script", "<img src=x", "href=\"javascript:"] {
        assert!(!html.contains(tag), "{tag} stands in the report");
    }
    // Escaped signs, and what stands as code, are no markup.
    let markdown = markdown.replace("\\`", "").replace("\\]", "");
    let markdown: String = markdown.split('`').step_by(2).collect();
    for markup in ["<script", "<img", "](javascript", "\n# head"] {
        assert!(!markdown.contains(markup), "{markup} stands in the summary");
    }
    let schema = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema/report.schema.json"),
    );
    let schema: Value = serde_json::from_str(&schema.unwrap()).unwrap();
    assert!(jsonschema::is_valid(&schema, &report));
}

#[test]
fn without_a_browser_there_are_no_visits() {
    let server = server();
    let folder = tempfile::tempdir().unwrap();
    let report = common::scan(folder.path(), &[&server.url("/"), "--static", ALLOWED]);
    assert!(list(&report["pages"][0], "visits").is_empty());
    let html = shown(&folder.path().join("out"));
    assert!(!html.contains("How the pages were visited"));
}
