//! The site of `fixtures/visits`: every request that reaches it is kept, so that a test can say what a scan
//! sent and what it did not.
//!
//! `/held-<way>.html` and `/leak-<way>.html` are one page each, whose script takes the way of its name.
//! Whatever is sent goes below `/held/` and `/leaked/`, where nothing may ever arrive; answers that identify
//! nobody go below `/answers/`.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use consentry::identity::Identities;
use serde_json::Value;

use super::{Answer, Request, Server, code, consentry, list, report, stderr};

/// Invented hosts, both at 127.0.0.2.
pub const OTHER: &str = "mesure.tamis-donnees.example";
pub const METER: &str = "pixel.audience-claire.example";

pub struct Site {
    pub home: Server,
    pub other: Server,
}

/// A scan of some of its pages.
pub struct Scan {
    pub report: Value,
    /// The records of the pages.
    pub pages: Vec<Value>,
    pub out: PathBuf,
    _folder: tempfile::TempDir,
}

impl Site {
    pub fn start() -> Site {
        Site::with(OTHER, METER, |_, _| None)
    }

    /// A site whose pages answer `special` first: the request and the page's text, where there is one. Its
    /// pages know the other hosts by these names.
    pub fn with(
        names_other: &'static str,
        names_meter: &'static str,
        special: impl Fn(&Request, Option<&str>) -> Option<Answer> + Send + Sync + 'static,
    ) -> Site {
        let other = Server::on(IpAddr::from([127, 0, 0, 2]), |request| {
            page(request, [String::new(), String::new()])
                .map_or_else(|| Answer::of("image/gif", Vec::new()), Answer::html)
        });
        let port = other.address.port();
        let home = Server::start(move |request| {
            let hosts = [names_other, names_meter].map(|name| format!("http://{name}:{port}"));
            let text = page(request, hosts);
            if let Some(answer) = special(request, text.as_deref()) {
                return answer;
            }
            let name = file_name(request);
            match text {
                Some(text) if name.ends_with(".js") => {
                    Answer::of("text/javascript", text.into_bytes())
                }
                Some(text) => Answer::html(text),
                None if name == "lazy-picture.svg" => {
                    let drawn = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>";
                    Answer::of("image/svg+xml", drawn.into())
                }
                None => Answer::status(404),
            }
        });
        Site { home, other }
    }

    /// Scans pages of it with this much more to say.
    pub fn scan(&self, pages: &[&str], more: &[&str]) -> Scan {
        self.scan_with(pages, more, |_| {})
    }

    /// The same, with a word to say about the program's environment.
    pub fn scan_with(
        &self,
        pages: &[&str],
        more: &[&str],
        environment: impl FnOnce(&mut Command),
    ) -> Scan {
        let folder = tempfile::tempdir().unwrap();
        let list: String = pages
            .iter()
            .map(|page| format!("{}\n", self.home.url(&format!("/{page}.html"))))
            .collect();
        std::fs::write(folder.path().join("urls.txt"), list).unwrap();
        let (other, meter) = (format!("{OTHER}:127.0.0.2"), format!("{METER}:127.0.0.2"));
        let mut arguments = vec![
            "scan",
            "--list",
            "urls.txt",
            "--out",
            "out",
            "--rate",
            "1000",
            "--depth",
            "0",
            "--lang",
            "en",
            "--jurisdiction",
            "eu,fr",
            "--resolve",
            &other,
            "--resolve",
            &meter,
            "--allow-private-network=127.0.0.0/8",
        ];
        // Visits mostly wait for pages to be quiet.
        if !more.contains(&"--jobs") {
            arguments.extend(["--jobs", "4"]);
        }
        arguments.extend(more);
        let mut command = consentry(folder.path());
        environment(&mut command);
        let output = command
            .args(&arguments)
            .output()
            .expect("the program starts");
        assert!(code(&output) < 2, "{}", stderr(&output));
        let out = folder.path().join("out");
        let records = std::fs::read_to_string(out.join("captures/pages.jsonl")).unwrap();
        Scan {
            report: report(&out),
            pages: records
                .lines()
                .map(|line| serde_json::from_str(line).unwrap())
                .collect(),
            out,
            _folder: folder,
        }
    }

    /// Nothing identifying and no submission reached it, and the answers that did are those that the records
    /// list.
    pub fn check_arrivals(&self, scans: &[&Scan]) {
        let mut answers = Vec::new();
        for server in [&self.home, &self.other] {
            let requests = server.requests();
            check_requests(&requests);
            let answered = requests
                .iter()
                .filter(|request| request.method != "GET" || request.path.contains('?'));
            answers.extend(answered.map(|r| format!("{} {}", r.method, r.path)));
        }
        let visits = scans.iter().flat_map(|scan| &scan.pages);
        let visits = visits.flat_map(|page| list(page, "visits"));
        let mut listed: Vec<String> = visits
            .flat_map(|visit| list(visit, "sent"))
            .map(|sent| {
                let url = url::Url::parse(sent["url"].as_str().unwrap()).unwrap();
                let query = url.query().map(|query| format!("?{query}"));
                let method = sent["method"].as_str().unwrap();
                format!("{method} {}{}", url.path(), query.unwrap_or_default())
            })
            .collect();
        answers.sort();
        listed.sort();
        assert_eq!(answers, listed);
    }
}

/// No identifying value of any test identity, in any spelling that the search for leaks knows, and nothing
/// that a form or a page's own leak sends is among these requests.
pub fn check_requests(requests: &[Request]) {
    let identities = Identities::parse(include_str!("../../rules/identity.toml")).unwrap();
    let countries = identities.countries();
    let persons: Vec<_> = countries
        .map(|country| identities.of(country).unwrap().needles())
        .collect();
    for request in requests {
        let headers: Vec<(String, String)> = request.headers.clone().into_iter().collect();
        let url = format!("http://here.example{}", request.path);
        for needles in &persons {
            let found = needles.in_request(&url, &headers, &request.body);
            let nothing = found.hits.is_empty() && found.complete;
            assert!(nothing, "{request:?}: {found:?}");
        }
        for kept in ["/held", "/leaked"] {
            assert!(
                !request.path.starts_with(&format!("{kept}/")),
                "{request:?}"
            );
        }
    }
}

fn file_name(request: &Request) -> String {
    let path = request.path.split('?').next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default().to_string()
}

/// The text of the page that a request is for.
fn page(request: &Request, [other, meter]: [String; 2]) -> Option<String> {
    if request.path.starts_with("/held/") || request.path.starts_with("/leaked/") {
        return Some("<html><body>kept</body></html>".to_string());
    }
    let name = file_name(request);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/visits");
    let way = |kind: &str| name.strip_prefix(kind)?.strip_suffix(".html");
    let (file, way) = match (way("held-"), way("leak-")) {
        (Some(way), _) => ("held.html", way),
        (_, Some(way)) => ("leak.html", way),
        _ => (name.as_str(), ""),
    };
    let text = std::fs::read_to_string(folder.join(file)).ok()?;
    let method = if way == "get" { "get" } else { "post" };
    Some(
        text.replace("METHOD", method)
            .replace("WAY", way)
            .replace("OTHER", &other)
            .replace("METER", &meter),
    )
}

impl Scan {
    /// The record of a page.
    pub fn record(&self, page: &str) -> &Value {
        let wanted = format!("/{page}.html");
        let mut pages = self.pages.iter();
        pages
            .find(|record| record["url"].as_str().unwrap().ends_with(&wanted))
            .unwrap_or_else(|| panic!("{page} was not opened"))
    }

    /// Its openings.
    pub fn visits(&self, page: &str) -> &[Value] {
        list(self.record(page), "visits")
    }

    /// What a list of all its openings holds together.
    pub fn all<'a>(&'a self, page: &str, what: &'static str) -> Vec<&'a Value> {
        let visits = self.visits(page).iter();
        visits.flat_map(|visit| list(visit, what)).collect()
    }

    /// Where the walks of the first opening ended.
    pub fn ends(&self, page: &str) -> Vec<(&str, u64)> {
        let walked = list(&self.visits(page)[0], "walked").iter();
        walked
            .filter_map(|step| {
                let end = &step["end"];
                Some((end["why"].as_str()?, end["step"].as_u64()?))
            })
            .collect()
    }

    pub fn findings<'a>(&'a self, page: &str, rule: &str) -> Vec<&'a Value> {
        let record = &self.record(page)["id"];
        let findings = list(&self.report, "findings").iter();
        findings
            .filter(|finding| finding["page"] == *record && finding["rule"] == rule)
            .collect()
    }

    /// The worst outcome of a rule on a page.
    pub fn worst(&self, page: &str, rule: &str) -> &str {
        let found = self.findings(page, rule);
        let order = ["failed", "cant_tell", "passed"];
        order
            .into_iter()
            .find(|outcome| found.iter().any(|finding| finding["outcome"] == *outcome))
            .unwrap_or("inapplicable")
    }

    /// The words of a rule on a page.
    pub fn message(&self, page: &str, rule: &str) -> String {
        let found = self.findings(page, rule);
        let words: Vec<&str> = found
            .iter()
            .filter_map(|finding| finding["message"].as_str())
            .collect();
        words.join(" / ")
    }

    /// Which of these pages, rules and outcomes are otherwise.
    pub fn wrong(&self, expected: &[(&str, &str, &str)]) -> Vec<String> {
        let wrong = expected
            .iter()
            .filter(|(page, rule, outcome)| self.worst(page, rule) != *outcome);
        wrong
            .map(|(page, rule, outcome)| {
                let (got, words) = (self.worst(page, rule), self.message(page, rule));
                format!("{page}: {rule}: wanted {outcome}, got {got}: {words}")
            })
            .collect()
    }
}
