//! What is sent by a form and before it, every way that a page can take, through real Chrome: all of it is
//! held and written down, and nothing of it reaches the site, which keeps every request.
//!
//! Each way has its counterpart: in a Chrome that nobody holds it leads to the site.

mod common;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use common::bare::Bare;
use common::raw::until;
use common::site::{METER, OTHER, Scan, Site};
use common::{Server, list};
use serde_json::Value;

/// Ways to send a form, and whether its payload can be read where it is held: what is sent on leaving is not
/// sent by a page that stays.
const HELD: &[(&str, bool)] = &[
    ("post", true),
    ("get", true),
    ("fetch", true),
    ("json", true),
    ("constant", true),
    ("keepalive", true),
    ("xhr", true),
    ("waiting", true),
    ("beacon", true),
    ("image", true),
    ("socket", true),
    ("navigation", true),
    ("unload", false),
    ("worker", true),
    ("thread", true),
    ("frame", true),
];
/// Ways in which what is typed leaves too early: host, field, spelling.
const LEAKS: &[(&str, &str, &[&str], &str)] = &[
    ("own", "127.0.0.1", &["email", "phone"], "plain"),
    ("plain", OTHER, &["email", "phone"], "plain"),
    ("encoded", OTHER, &["email"], "url_encoded"),
    ("base64", OTHER, &["email", "phone"], "base64"),
    ("sha256", OTHER, &["email", "phone"], "sha256"),
    ("md5", OTHER, &["email", "phone"], "md5"),
    ("path", OTHER, &["email"], "url_encoded"),
    ("header", "127.0.0.1", &["email", "phone"], "plain"),
    ("frame", OTHER, &["email"], "url_encoded"),
    ("thread", "127.0.0.1", &["email", "phone"], "plain"),
    ("socket", OTHER, &["email"], "url_encoded"),
];
const RULES: &[(&str, &str, &str)] = &[
    ("held-post", "consent-as-chosen", "passed"),
    ("held-fetch", "consent-as-chosen", "passed"),
    ("held-constant", "consent-as-chosen", "failed"),
    ("held-post", "consent-before-collection", "passed"),
    ("held-post", "consent-optional", "passed"),
    ("optional-enabled", "consent-optional", "failed"),
    ("optional-script", "consent-optional", "failed"),
    ("optional-free", "consent-optional", "passed"),
    ("refusal-other", "refusal-works", "passed"),
    ("refusal-same", "refusal-works", "failed"),
    ("refusal-dead", "refusal-works", "failed"),
    ("refusal-other", "refusal-effortless", "passed"),
    ("refusal-form", "refusal-effortless", "failed"),
    ("refusal-asked-again", "refusal-respected", "failed"),
    ("optional-free", "refusal-respected", "passed"),
    ("trackers", "trackers-after-consent", "failed"),
    ("optional-free", "trackers-after-consent", "passed"),
];

fn names(kind: &str, ways: impl Iterator<Item = &'static str>) -> Vec<String> {
    ways.map(|way| format!("{kind}-{way}")).collect()
}

/// One scan of all of them.
fn scanned() -> &'static (Site, Scan) {
    static SCANNED: OnceLock<(Site, Scan)> = OnceLock::new();
    SCANNED.get_or_init(|| {
        let site = Site::start();
        let mut pages = names("held", HELD.iter().map(|row| row.0));
        pages.extend(names("leak", LEAKS.iter().map(|row| row.0)));
        let others: BTreeSet<&str> = RULES.iter().map(|row| row.0).collect();
        let others = others.iter().map(|name| name.to_string());
        pages.extend(others.filter(|name| !name.starts_with("held-")));
        let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
        let scan = site.scan(&pages, &[]);
        (site, scan)
    })
}

fn field<'a>(payload: &'a Value, name: &str) -> Option<&'a str> {
    let fields = payload["fields"].as_array()?.iter();
    let mut own = fields.filter(|pair| pair[0] == name);
    own.find_map(|pair| pair[1].as_str())
}

#[test]
fn nothing_of_it_reaches_the_site() {
    let (site, scan) = scanned();
    site.check_arrivals(&[scan]);
}

#[test]
fn every_way_of_sending_is_held_and_its_payload_written_down() {
    let (_, scan) = scanned();
    let mut wrong = Vec::new();
    for (way, readable) in HELD {
        let page = format!("held-{way}");
        let presses = scan.all(&page, "presses");
        let held: Vec<&Value> = presses
            .iter()
            .filter(|press| press["path"] == "untouched")
            .flat_map(|press| list(press, "held"))
            .collect();
        let sent = held.iter().find(|payload| {
            let url = payload["url"].as_str().unwrap();
            url.contains(&format!("/held/{way}"))
        });
        let mail = sent.and_then(|payload| field(payload, "email"));
        let read = mail.is_some_and(|mail| mail.ends_with("@example.org"));
        let ended = scan.ends(&page).iter().any(|(why, _)| *why == "submission");
        if *readable && !(read && ended) {
            let ends = scan.ends(&page);
            let short: String = format!("{presses:?}").chars().take(600).collect();
            wrong.push(format!("{way}: {ends:?} {mail:?} {short}"));
        }
        // Without an act the box is off in what would have been sent.
        if *readable && *way != "constant" {
            let offers = sent.and_then(|payload| field(payload, "offres"));
            if !matches!(offers, None | Some("0")) {
                wrong.push(format!("{way}: {offers:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_way_out_is_held_and_what_is_sent_on_leaving_with_it() {
    let (_, scan) = scanned();
    let presses = scan.all("held-unload", "presses");
    let held: Vec<&Value> = presses
        .iter()
        .flat_map(|press| list(press, "held"))
        .collect();
    let thanks = held
        .iter()
        .any(|held| held["url"].as_str().unwrap().contains("/thanks"));
    assert!(thanks, "{held:?}");
}

#[test]
fn what_leaves_before_it_is_sent_is_told_with_its_field_and_host() {
    let (_, scan) = scanned();
    let mut wrong = Vec::new();
    for (way, host, fields, form) in LEAKS {
        let page = format!("leak-{way}");
        let leaks = scan.all(&page, "leaks");
        for wanted in *fields {
            let told = leaks.iter().any(|leak| {
                let known = leak["form"].as_str().unwrap();
                leak["host"] == *host
                    && leak["field"] == *wanted
                    && known.starts_with(form)
                    && leak["moment"] == "typed"
            });
            if !told {
                wrong.push(format!("{way}: no {wanted} by {form} to {host}: {leaks:?}"));
            }
        }
        let (worst, words) = (
            scan.worst(&page, "consent-before-collection"),
            scan.message(&page, "consent-before-collection"),
        );
        if worst != "failed" || !words.contains(host) {
            wrong.push(format!("{way}: {worst}: {words}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rules_about_what_is_sent_have_their_outcomes() {
    let wrong = scanned().1.wrong(RULES);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_button_that_a_box_opens_is_pressed_with_the_box_too() {
    let (_, scan) = scanned();
    let presses = scan.all("optional-enabled", "presses");
    let outcome = |path: &str| {
        let mut own = presses.iter().filter(|press| press["path"] == path);
        own.find_map(|press| press["outcome"].as_str())
    };
    assert_eq!(outcome("untouched"), Some("disabled"));
    assert_eq!(outcome("consenting"), Some("held"));
}

#[test]
fn in_a_chrome_that_nobody_holds_all_of_it_arrives() {
    let site = Site::with("127.0.0.2", "127.0.0.2", |request, _| {
        let framed = |kind: &str, ways: Vec<&'static str>| -> String {
            ways.iter()
                .map(|way| format!("<iframe src='/{kind}-{way}.html#auto'></iframe>"))
                .collect()
        };
        (request.path == "/all").then(|| {
            let ways: Vec<&'static str> = LEAKS.iter().map(|row| row.0).collect();
            let frames = framed("held", HELD.iter().map(|row| row.0).collect());
            common::Answer::html(frames + &framed("leak", ways))
        })
    });
    let arrived = |server: &Server, below: &str| -> BTreeSet<String> {
        let paths = server.paths().into_iter();
        let names = paths.filter_map(|path| {
            let rest = path.strip_prefix(below)?;
            Some(rest.split(['?', '/']).next()?.to_string())
        });
        names.collect()
    };
    let _chrome = Bare::open(&site.home.url("/all"));
    let wanted: BTreeSet<String> = HELD.iter().map(|row| row.0.to_string()).collect();
    assert!(
        until(|| arrived(&site.home, "/held/") == wanted),
        "{:?}",
        wanted.difference(&arrived(&site.home, "/held/"))
    );
    let wanted: BTreeSet<String> = LEAKS.iter().map(|row| row.0.to_string()).collect();
    let came = || -> BTreeSet<String> {
        let own = arrived(&site.home, "/leaked/");
        own.union(&arrived(&site.other, "/leaked/"))
            .cloned()
            .collect()
    };
    let all = until(|| came() == wanted);
    assert!(all, "{:?}", wanted.difference(&came()));
}

#[test]
fn cookies_and_hosts_before_a_choice_are_listed() {
    let (_, scan) = scanned();
    let hosts = scan.all("trackers", "hosts");
    assert!(hosts.iter().any(|host| **host == METER), "{hosts:?}");
    let cookies = scan.all("trackers", "cookies");
    let lasting = cookies.iter().any(|cookie| {
        cookie["name"] == "_ga" && cookie["days"].as_f64().is_some_and(|days| days > 300.0)
    });
    assert!(lasting, "{cookies:?}");
}
