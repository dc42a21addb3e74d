//! When a box was on and where on a page it stands, through real Chrome: ticked by scripts at each moment
//! of a visit, in frames, shadow roots, drawn by hand, and on a page whose scripts lie about it.

mod common;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use common::list;
use common::site::{Scan, Site};
use serde_json::Value;

/// Page, and the moments of which one is the first at which its box was on.
const MOMENTS: &[(&str, &[&str])] = &[
    ("moment-load", &["load", "settled"]),
    // Whatever was looked at next after those three seconds.
    (
        "moment-late",
        &[
            "settled",
            "scrolled",
            "typed",
            "validation_error",
            "submit_held",
        ],
    ),
    ("moment-scroll", &["scrolled"]),
    ("moment-typing", &["typed"]),
    ("moment-error", &["validation_error"]),
    ("moment-step", &["step"]),
    ("lying", &["load", "settled"]),
    ("frame-same", &["load", "settled"]),
    ("frame-other", &["load", "settled"]),
    ("shadow-open", &["load", "settled"]),
    ("shadow-closed", &["load", "settled"]),
    ("injected", &["load", "settled", "scrolled"]),
    ("no-form", &["markup"]),
    ("aria-checkbox", &["markup"]),
    ("aria-switch", &["markup"]),
    ("proxy", &["markup"]),
    ("radio", &["markup"]),
    ("select", &["markup"]),
];

fn scanned() -> &'static (Site, Scan) {
    static SCANNED: OnceLock<(Site, Scan)> = OnceLock::new();
    SCANNED.get_or_init(|| {
        let site = Site::start();
        let mut pages: Vec<&str> = MOMENTS.iter().map(|row| row.0).collect();
        pages.push("lazy");
        let scan = site.scan(&pages, &[]);
        (site, scan)
    })
}

#[test]
fn nothing_of_it_reaches_the_site() {
    let (site, scan) = scanned();
    site.check_arrivals(&[scan]);
}

#[test]
fn a_ticked_box_fails_with_the_first_moment_at_which_it_was_on() {
    let (_, scan) = scanned();
    let mut wrong = Vec::new();
    for (page, moments) in MOMENTS {
        let id = &scan.record(page)["id"];
        let forms = list(&scan.report, "forms").iter();
        let controls = forms
            .filter(|form| form["page"] == *id)
            .flat_map(|form| list(form, "controls"));
        let first: BTreeSet<&str> = controls
            .filter_map(|control| control["selected_at"].as_str())
            .collect();
        let named = first.iter().any(|moment| moments.contains(moment));
        let worst = scan.worst(page, "consent-unticked");
        if worst != "failed" || first.len() != 1 || !named {
            let words = scan.message(page, "consent-unticked");
            wrong.push(format!("{page}: {worst} {first:?} {words}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_finding_names_the_moment_and_shows_it() {
    let (_, scan) = scanned();
    for (page, words) in [
        ("moment-scroll", "scroll"),
        ("moment-typing", "filled in"),
        ("moment-step", "step"),
    ] {
        let message = scan.message(page, "consent-unticked");
        assert!(message.contains(words), "{page}: {message}");
        let finding = scan.findings(page, "consent-unticked")[0];
        let seen = list(finding, "observations");
        let crops: Vec<&Value> = seen.iter().map(|o| &o["crop"]).collect();
        assert!(crops.iter().any(|crop| crop.is_string()), "{page}");
    }
}

#[test]
fn what_loads_late_is_scrolled_to() {
    let (site, scan) = scanned();
    let lazy: Vec<String> = site.home.paths();
    assert!(lazy.contains(&"/lazy-picture.svg".to_string()));
    let id = &scan.record("lazy")["id"];
    let framed = list(&scan.report, "forms").iter().any(|form| {
        form["page"] == *id
            && form["frame_url"]
                .as_str()
                .is_some_and(|url| url.contains("moment-load"))
    });
    assert!(framed);
}
