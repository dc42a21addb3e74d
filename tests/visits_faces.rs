//! One address, several faces, through real Chrome: another wording on the telephone, a box that is ticked
//! at every second visit, a cleaner page for whoever says who it is; the cookie banner that lies over a
//! form; and what a visit tells of itself.

mod common;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use common::site::{METER, OTHER, Scan, Site};
use common::tls::Secure;
use common::{Answer, Request, list, report, run};
use serde_json::Value;

fn wording(what: &str, ticked: bool) -> String {
    let on = if ticked { " checked" } else { "" };
    format!(
        "<label><input type=\"checkbox\" name=\"offres\" value=\"1\"{on}> J’accepte de recevoir {what}.</label>"
    )
}

const OWN: &str = "par e-mail les offres de Clairvent Loisirs SAS";
const PARTNERS: &str =
    "par téléphone et par SMS les offres des partenaires de Clairvent Loisirs SAS";

/// `face-<how>.html`: the same form, whose box depends on who asks.
fn site() -> Site {
    let asked = AtomicUsize::new(0);
    Site::with(OTHER, METER, move |request: &Request, _| {
        let path = request.path.split('?').next()?;
        let agent = request.headers.get("user-agent")?;
        let choice = match path {
            "/face-telephone.html" if agent.contains("Mobile") => wording(PARTNERS, false),
            "/face-second.html" => wording(OWN, asked.fetch_add(1, Ordering::SeqCst) % 2 == 1),
            "/face-scanner.html" if !agent.contains("consentry") => wording(OWN, true),
            "/private.html" if !request.headers.contains_key("authorization") => {
                let mut answer = Answer::status(401);
                let asks = "Basic realm=\"x\"".to_string();
                answer.headers.push(("www-authenticate", asks));
                return Some(answer);
            }
            "/face-telephone.html" | "/face-scanner.html" | "/face-same.html" | "/private.html" => {
                wording(OWN, false)
            }
            _ => return None,
        };
        Some(Answer::html(page(&choice)))
    })
}

fn page(choice: &str) -> String {
    include_str!("../fixtures/visits/face.html").replace("WORDING", choice)
}

const PAGES: [&str; 5] = [
    "face-telephone",
    "face-second",
    "face-scanner",
    "face-same",
    "banner",
];

fn scanned() -> &'static (Site, Scan) {
    static SCANNED: OnceLock<(Site, Scan)> = OnceLock::new();
    SCANNED.get_or_init(|| {
        let site = site();
        let scan = site.scan_with(
            &PAGES,
            &["--profile", "desktop,mobile", "--visits", "2"],
            |command| {
                command.env_remove("CONSENTRY_USER_AGENT");
            },
        );
        (site, scan)
    })
}

#[test]
fn nothing_of_it_reaches_the_site() {
    let (site, scan) = scanned();
    site.check_arrivals(&[scan]);
}

#[test]
fn another_face_is_a_finding_with_both_pictures() {
    let (_, scan) = scanned();
    for (page, words) in [
        ("face-telephone", "telephone"),
        ("face-second", "visit"),
        ("face-scanner", "does not name the scanner"),
    ] {
        let found = scan.findings(page, "variants-consistent");
        let failed = found.iter().find(|f| f["outcome"] == "failed");
        let finding = failed.unwrap_or_else(|| panic!("{page}: {found:?}"));
        let message = finding["message"].as_str().unwrap();
        assert!(message.to_lowercase().contains(words), "{page}: {message}");
        let seen = list(finding, "observations");
        let crops: Vec<&str> = seen.iter().filter_map(|o| o["crop"].as_str()).collect();
        assert!(crops.len() >= 2, "{page}: {seen:?}");
        let captures: Vec<&Value> = seen.iter().map(|o| &o["capture"]).collect();
        assert_ne!(captures[0], captures[1], "{page}");
        for crop in crops {
            assert!(scan.out.join(crop).is_file(), "{crop}");
        }
    }
    assert_eq!(scan.worst("face-same", "variants-consistent"), "passed");
}

#[test]
fn a_telephone_is_one_in_all_that_it_tells() {
    let (site, scan) = scanned();
    let visits = scan.visits("face-same").iter();
    let agents: Vec<&str> = visits
        .filter(|visit| visit["profile"] == "mobile")
        .filter_map(|visit| visit["user_agent"].as_str())
        .collect();
    assert!(!agents.is_empty() && agents.iter().all(|agent| agent.contains("Mobile")));
    let asked = site.home.requests();
    let hint = asked.iter().any(|request| {
        let header = |name: &str| request.headers.get(name).map(String::as_str);
        header("sec-ch-ua-mobile") == Some("?1")
            && header("user-agent").is_some_and(|agent| agent.contains("Mobile"))
    });
    assert!(hint);
}

#[test]
fn a_cookie_banner_is_refused_and_told() {
    let (site, scan) = scanned();
    let banner = &scan.visits("banner")[0]["banner"];
    assert!(banner["words"].as_str().unwrap().contains("cookies"));
    assert_eq!(banner["pressed"]["label"], "Tout refuser");
    assert!(banner["capture"].is_string());
    let paths = site.home.paths();
    assert!(paths.contains(&"/cookies/non".to_string()));
    assert!(!paths.contains(&"/cookies/oui".to_string()));
    // The form behind it was used.
    assert_eq!(scan.ends("banner")[0].0, "submission");
}

#[test]
fn a_visit_tells_of_itself_what_it_was_asked_to() {
    let site = site();
    let scan = site.scan_with(
        &["private", "face-same"],
        &[
            "--referrer",
            "http://annonces.lumen-pub.example/clic?campagne=7",
            "--locale",
            "de-AT",
            "--header",
            "X-Audit: sesame-4711",
            "--basic-auth",
            "NAME_AND_WORD",
        ],
        |command| {
            command.env("NAME_AND_WORD", "auditrice:ouvre-toi");
        },
    );
    for page in ["private", "face-same"] {
        assert_eq!(scan.record(page)["status"], "examined", "{page}");
    }
    let asked = site.home.requests();
    let own = asked.iter().filter(|r| r.path.ends_with("face-same.html"));
    let own: Vec<&Request> = own.collect();
    assert!(!own.is_empty());
    for request in own {
        let header = |name: &str| request.headers.get(name).cloned().unwrap_or_default();
        assert!(header("referer").starts_with("http://annonces.lumen-pub.example/"));
        assert!(
            header("accept-language").starts_with("de-AT"),
            "{request:?}"
        );
        assert_eq!(header("x-audit"), "sesame-4711");
    }
    let word = common::everything(&scan.out);
    assert!(!word.contains("sesame-4711") && !word.contains("ouvre-toi"));
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_accepted_where_asked() {
    let server = Secure::serving(page(&wording(OWN, true)));
    let url = format!("https://{}/", server.address);
    let look = |more: &[&str]| {
        let folder = tempfile::tempdir().unwrap();
        let mut arguments = vec!["scan", &url, "--out", "out", "--depth", "0"];
        arguments.push("--allow-private-network=127.0.0.1");
        arguments.extend(more);
        run(folder.path(), &arguments);
        report(&folder.path().join("out"))
    };
    let refused = look(&[]);
    assert_eq!(refused["pages"][0]["status"], "tls_error");
    let accepted = look(&["--insecure-tls"]);
    assert_eq!(accepted["pages"][0]["status"], "examined");
    assert!(accepted.to_string().contains("insecure_tls"));
}
