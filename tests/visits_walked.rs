//! Forms of several steps, through real Chrome: walked to the end on one page and over several, bounded,
//! and told where and why they could not be walked on. Answers that identify nobody may go to the site; the
//! site keeps them, and they are those that the records list.

mod common;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use common::list;
use common::site::{Scan, Site};
use serde_json::Value;

const PAGES: [&str; 10] = [
    "two-forms",
    "funnel",
    "funnel-saved",
    "paged",
    "stop-captcha",
    "stop-code",
    "stop-login",
    "branches",
    "endless",
    "moment-step",
];

/// All of them, and those with bounds once more within tight ones.
fn scanned() -> &'static (Site, Scan, Scan) {
    static SCANNED: OnceLock<(Site, Scan, Scan)> = OnceLock::new();
    SCANNED.get_or_init(|| {
        let site = Site::start();
        let wide = site.scan(&PAGES, &["--max-branches", "3", "--max-steps", "6"]);
        let tight = site.scan(
            &["endless", "branches"],
            &["--max-branches", "1", "--max-steps", "2"],
        );
        (site, wide, tight)
    })
}

fn steps(scan: &Scan, page: &str) -> usize {
    let walked = list(&scan.visits(page)[0], "walked");
    let steps: BTreeSet<u64> = walked.iter().filter_map(|w| w["step"].as_u64()).collect();
    steps.len()
}

fn answered<'a>(scan: &'a Scan, page: &str) -> Vec<(&'a str, &'a str)> {
    let acts = list(&scan.visits(page)[0], "acts").iter();
    acts.filter(|act| act["value"].is_string() || act["kind"] == "tick")
        .map(|act| {
            let label = act["target"]["label"].as_str().unwrap_or_default();
            (label, act["value"].as_str().unwrap_or("ticked"))
        })
        .collect()
}

#[test]
fn only_the_answers_that_are_listed_arrive() {
    let (site, wide, tight) = scanned();
    site.check_arrivals(&[wide, tight]);
    // The paged one needed some.
    let sent = wide.all("paged", "sent");
    let to = |end: &str| {
        let mut urls = sent.iter().filter_map(|sent| sent["url"].as_str());
        urls.any(|url| url.contains(end))
    };
    assert!(to("/paged-2.html?fenetres="), "{sent:?}");
    assert!(to("/answers/paged-3.html"), "{sent:?}");
    assert!(!wide.all("funnel-saved", "sent").is_empty());
}

#[test]
fn steps_are_walked_to_the_last_button() {
    let (_, scan, _) = scanned();
    for (page, least) in [
        ("funnel", 4),
        ("funnel-saved", 4),
        ("paged", 3),
        ("moment-step", 2),
    ] {
        let ends = scan.ends(page);
        let told = format!("{page}: {ends:?} {:?}", answered(scan, page));
        assert!(ends.iter().any(|(why, _)| *why == "submission"), "{told}");
        assert!(steps(scan, page) >= least, "{told}");
        let taken: BTreeSet<u64> = list(scan.record(page), "captures")
            .iter()
            .filter_map(|capture| capture["step"].as_u64())
            .collect();
        assert!(taken.len() >= least, "{page}: captures of {taken:?}");
    }
    for page in ["funnel", "paged"] {
        assert_eq!(scan.worst(page, "consent-unticked"), "failed", "{page}");
    }
}

#[test]
fn answers_have_the_format_that_is_asked_for() {
    let (_, scan, _) = scanned();
    let held = scan.all("funnel", "presses");
    let held: Vec<&Value> = held.iter().flat_map(|press| list(press, "held")).collect();
    let sent = held
        .iter()
        .find(|sent| sent["url"].as_str().unwrap().contains("/held/funnel"));
    let sent = sent.unwrap_or_else(|| panic!("{:?}", answered(scan, "funnel")));
    let value = |name: &str| {
        let mut fields = sent["fields"].as_array().unwrap().iter();
        let pair = fields.find(|pair| pair[0] == name);
        pair.and_then(|pair| pair[1].as_str())
            .unwrap_or_default()
            .to_string()
    };
    let digits =
        |text: &str, count: usize| text.len() == count && text.chars().all(|c| c.is_ascii_digit());
    assert!(digits(&value("cp"), 5), "{sent}");
    assert!(digits(&value("telephone"), 10), "{sent}");
    assert_eq!(
        value("naissance")
            .split('/')
            .map(str::len)
            .collect::<Vec<_>>(),
        [2, 2, 4]
    );
    assert!(value("travaux").as_str() >= "2026-12-01", "{sent}");
    assert!(value("surface").parse::<u32>().unwrap() > 20, "{sent}");
    assert!(!value("energie").is_empty() && !value("logement").is_empty());
    // The same person each time.
    assert!(value("email").ends_with("@example.org"));
}

#[test]
fn a_walk_says_where_and_why_it_stops() {
    let (_, scan, _) = scanned();
    for (page, why, step) in [
        ("stop-captcha", "captcha", 1),
        ("stop-code", "code", 2),
        ("stop-login", "login", 2),
    ] {
        let ends = scan.ends(page);
        assert!(ends.contains(&(why, step)), "{page}: {ends:?}");
    }
}

#[test]
fn walks_are_bounded() {
    let (_, wide, tight) = scanned();
    assert_eq!(wide.ends("endless")[0].0, "max_steps");
    assert_eq!(steps(wide, "endless"), 6);
    assert_eq!(tight.ends("endless")[0].0, "max_steps");
    assert_eq!(steps(tight, "endless"), 2);
    let branches = |scan: &Scan| {
        let visits = scan.visits("branches").iter();
        visits.filter(|visit| visit["kind"] == "branch").count()
    };
    assert_eq!((branches(wide), branches(tight)), (2, 0));
    // The box of the second way was found on it.
    assert_eq!(wide.worst("branches", "consent-unticked"), "failed");
    assert_ne!(tight.worst("branches", "consent-unticked"), "failed");
}

#[test]
fn what_stands_in_one_form_does_not_leave_while_another_is_used() {
    let (_, scan, _) = scanned();
    let walked = list(&scan.visits("two-forms")[0], "walked");
    let forms: BTreeSet<u64> = walked.iter().filter_map(|w| w["walk"].as_u64()).collect();
    assert_eq!(forms.len(), 2, "{:?}", scan.ends("two-forms"));
    let leaks = scan.all("two-forms", "leaks");
    assert!(
        leaks.iter().any(|leak| leak["field"] == "email"),
        "{leaks:?}"
    );
}
