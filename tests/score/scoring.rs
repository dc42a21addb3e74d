//! How far the program's answers are from labels that were made by reading the pages. Knows the labels
//! and report.json; must not know how an answer came about.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use crate::common::{Answer, Server, list, report, run, stderr};

/// What is measured, in the order of the document.
pub const PROPERTIES: [&str; 10] = [
    "collection_form",
    "field_category",
    "marketing_box",
    "box_role",
    "box_ticked",
    "box_opt_out",
    "controller_named",
    "purpose_disclosed",
    "privacy_link",
    "consent_invalid",
];

const MARKETING: [&str; 3] = [
    "marketing_own",
    "marketing_partners",
    "marketing_bundled_with_terms",
];

/// A form counts as called invalid when one of these failed on it. The first five, which markup and
/// wording decide, can make the answer an abstention.
const CONSENT: [&str; 8] = [
    "consent-unticked",
    "consent-not-by-submission",
    "consent-opt-in",
    "consent-optional",
    "consent-unbundled",
    "consent-affirmative",
    "consent-as-chosen",
    "nothing-concealed",
];
const DECIDED_BY_MARKUP: usize = 5;

/// The labels of one page: a line of labels.jsonl.
#[derive(Deserialize)]
pub struct Page {
    pub slug: String,
    /// Served as the root of a host of its own, below the corpus; empty: the corpus itself.
    #[serde(default)]
    folder: String,
    forms: Vec<Form>,
}

#[derive(Deserialize)]
struct Form {
    index: u64,
    /// False: controls that stand together without a `form` around them.
    #[serde(default = "yes")]
    form_element: bool,
    is_collection: bool,
    fields: BTreeSet<String>,
    checkboxes: Vec<Checkbox>,
    controller_identified: Stated,
    purpose_disclosed: Stated,
    privacy_link: bool,
    verdict_consent: Verdict,
}

#[derive(Deserialize)]
struct Checkbox {
    locator: String,
    id: Option<String>,
    ticked_by_default: bool,
    role: String,
    polarity: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Stated {
    Yes,
    No,
    Unclear,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    Invalid,
    Valid,
    NoneSought,
    Unclear,
}

fn yes() -> bool {
    true
}

/// Labelled pages: the labels, and where the pages are.
pub struct Corpus {
    pub pages: Vec<Page>,
    root: PathBuf,
    /// `1` opens the legal pages too, `0` the labelled pages alone.
    depth: &'static str,
}

impl Corpus {
    pub fn open(labels: &Path, root: &Path, depth: &'static str) -> Corpus {
        let text = fs::read_to_string(labels).unwrap();
        let pages = text.lines().map(|line| {
            serde_json::from_str(line).unwrap_or_else(|e| panic!("{}: {e}", labels.display()))
        });
        let corpus = Corpus {
            pages: pages.collect(),
            root: root.to_path_buf(),
            depth,
        };
        let slugs: BTreeSet<&str> = corpus.pages.iter().map(|page| page.slug.as_str()).collect();
        assert_eq!(slugs.len(), corpus.pages.len(), "a page labelled twice");
        corpus
    }

    pub fn forms(&self) -> usize {
        self.pages.iter().map(|page| page.forms.len()).sum()
    }

    /// The report of one scan of all pages, from loopback; nothing else is reached.
    pub fn scan(&self, arguments: &[&str]) -> Value {
        let mut servers: BTreeMap<&str, Server> = BTreeMap::new();
        let mut urls = String::new();
        for page in &self.pages {
            let server = servers.entry(&page.folder).or_insert_with(|| {
                let folder = self.root.join(&page.folder);
                // Bytes without a charset: each page says its own.
                Server::start(move |request| {
                    match fs::read(folder.join(request.path.trim_start_matches('/'))) {
                        Ok(bytes) => Answer::of("text/html", bytes),
                        Err(_) => Answer::status(404),
                    }
                })
            });
            urls += &server.url(&format!("/{}.html\n", page.slug));
        }
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("urls.txt"), urls).unwrap();
        let scan = "scan --list urls.txt --out out --allow-private-network=127.0.0.1 --max-pages 8 \
                    --profile desktop --rate 1000 --no-progress --no-third-parties";
        let scan: Vec<&str> = scan
            .split_whitespace()
            .chain(["--depth", self.depth])
            .chain(arguments.iter().copied())
            .collect();
        let output = run(folder.path(), &scan);
        let out = folder.path().join("out");
        assert!(out.join("report.json").is_file(), "{}", stderr(&output));
        report(&out)
    }
}

/// Answers on one property.
#[derive(Debug, Default, Clone, Copy)]
pub struct Tally {
    found: usize,
    invented: usize,
    missed: usize,
    rightly_none: usize,
    abstained: usize,
}

impl Tally {
    fn add(&mut self, wanted: bool, given: Option<bool>) {
        *match (wanted, given) {
            (_, None) => &mut self.abstained,
            (true, Some(true)) => &mut self.found,
            (true, Some(false)) => &mut self.missed,
            (false, Some(true)) => &mut self.invented,
            (false, Some(false)) => &mut self.rightly_none,
        } += 1;
    }

    pub fn n(&self) -> usize {
        self.found + self.invented + self.missed + self.rightly_none + self.abstained
    }

    pub fn precision(&self) -> Option<f64> {
        share(self.found, self.found + self.invented)
    }

    pub fn recall(&self) -> Option<f64> {
        share(self.found, self.found + self.missed)
    }

    pub fn f1(&self) -> Option<f64> {
        let (precision, recall) = (self.precision()?, self.recall()?);
        let sum = precision + recall;
        Some(if sum > 0.0 {
            2.0 * precision * recall / sum
        } else {
            0.0
        })
    }

    /// Right answers among all that were asked for.
    pub fn accuracy(&self) -> Option<f64> {
        share(self.found + self.rightly_none, self.n())
    }

    pub fn abstained(&self) -> Option<f64> {
        share(self.abstained, self.n())
    }
}

fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// An answer that is not the label's.
pub struct Miss {
    pub property: &'static str,
    pub slug: String,
    pub form: u64,
    pub what: String,
}

impl std::fmt::Display for Miss {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{}, form {}: {}", self.slug, self.form, self.what)
    }
}

/// How the answers of a report compare with the labels.
#[derive(Default)]
pub struct Score {
    tallies: BTreeMap<&'static str, Tally>,
    pub misses: Vec<Miss>,
    /// Labelled pages that could not be examined.
    pub unexamined: Vec<String>,
}

impl Score {
    pub fn of(&self, property: &str) -> Tally {
        self.tallies.get(property).copied().unwrap_or_default()
    }

    pub fn misses_of(&self, property: &str) -> Vec<&Miss> {
        let misses = self.misses.iter();
        misses.filter(|miss| miss.property == property).collect()
    }
}

/// Compares a report with the labels of these pages.
pub fn score<'a>(pages: impl IntoIterator<Item = &'a Page>, report: &Value) -> Score {
    let report = Answers::new(report);
    let mut score = Score::default();
    for page in pages {
        if !report.examined.contains(page.slug.as_str()) {
            score.unexamined.push(page.slug.clone());
        }
        let mut given = report.forms_of(&page.slug);
        for label in &page.forms {
            Comparison {
                score: &mut score,
                report: &report,
                slug: &page.slug,
                label,
                form: given.take(label),
            }
            .compare();
        }
    }
    score
}

/// How often each rule failed, passed, could not tell and did not apply, over all findings of a report.
pub fn outcomes(report: &Value) -> BTreeMap<String, BTreeMap<String, usize>> {
    let mut counts: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    for finding in list(report, "findings") {
        let outcomes = counts.entry(text(finding, "rule").to_string()).or_default();
        *outcomes
            .entry(text(finding, "outcome").to_string())
            .or_default() += 1;
    }
    counts
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// What a report says, by page and form.
struct Answers<'a> {
    examined: BTreeSet<&'a str>,
    forms: BTreeMap<&'a str, Vec<&'a Value>>,
    /// By form and rule.
    outcomes: BTreeMap<(&'a str, &'a str), BTreeSet<&'a str>>,
}

impl<'a> Answers<'a> {
    fn new(report: &'a Value) -> Self {
        let mut slugs = BTreeMap::new();
        let mut examined = BTreeSet::new();
        for page in list(report, "pages") {
            let name = text(page, "url").rsplit('/').next().unwrap_or_default();
            let slug = name.strip_suffix(".html").unwrap_or(name);
            slugs.insert(text(page, "id"), slug);
            if page["status"] == "examined" {
                examined.insert(slug);
            }
        }
        let mut forms: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
        for form in list(report, "forms") {
            if let Some(slug) = slugs.get(text(form, "page")) {
                forms.entry(slug).or_default().push(form);
            }
        }
        let mut outcomes: BTreeMap<_, BTreeSet<&str>> = BTreeMap::new();
        for finding in list(report, "findings") {
            let place = (text(finding, "form"), text(finding, "rule"));
            outcomes
                .entry(place)
                .or_default()
                .insert(text(finding, "outcome"));
        }
        Answers {
            examined,
            forms,
            outcomes,
        }
    }

    /// The forms of a page's own document, as its first step shows them.
    fn forms_of(&self, slug: &str) -> Given<'a> {
        let mut own: Vec<&Value> = self.forms.get(slug).cloned().unwrap_or_default();
        own.retain(|form| text(form, "frame_url").is_empty());
        own.sort_by_key(|form| std::cmp::Reverse(form["step"].as_u64().unwrap_or(0)));
        let mut given = Given::default();
        for form in own {
            match form["index"].as_u64() {
                Some(index) => _ = given.elements.insert(index, form),
                None => given.others.push(form),
            }
        }
        given
    }

    /// The worst outcome of a rule on a form.
    fn outcome(&self, form: &Value, rule: &str) -> &'static str {
        let found = self.outcomes.get(&(text(form, "id"), rule));
        let worst = ["failed", "cant_tell", "passed"]
            .into_iter()
            .find(|outcome| found.is_some_and(|found| found.contains(outcome)));
        worst.unwrap_or("inapplicable")
    }
}

/// The forms that were found on a page and not yet compared.
#[derive(Default)]
struct Given<'a> {
    elements: BTreeMap<u64, &'a Value>,
    others: Vec<&'a Value>,
}

impl<'a> Given<'a> {
    fn take(&mut self, label: &Form) -> Option<&'a Value> {
        if label.form_element {
            self.elements.get(&label.index).copied()
        } else if self.others.is_empty() {
            None
        } else {
            Some(self.others.remove(0))
        }
    }
}

/// One labelled form and the form that was found for it.
struct Comparison<'s, 'a> {
    score: &'s mut Score,
    report: &'s Answers<'a>,
    slug: &'s str,
    label: &'s Form,
    form: Option<&'a Value>,
}

impl<'a> Comparison<'_, 'a> {
    fn compare(&mut self) {
        let collects = self.form.is_some_and(|form| form["kind"] == "collection");
        self.add(
            "collection_form",
            self.label.is_collection,
            Some(collects),
            "",
        );
        if !self.label.is_collection {
            return;
        }
        self.fields();
        self.boxes();
        let label = self.label;
        self.stated(
            "controller_named",
            "controller-named",
            &label.controller_identified,
        );
        self.stated(
            "purpose_disclosed",
            "purpose-disclosed",
            &label.purpose_disclosed,
        );
        let linked = self.form.is_some_and(|form| {
            let notice = &form["privacy_notice"];
            !text(notice, "url").is_empty() && notice["where"] == "form"
        });
        self.add("privacy_link", self.label.privacy_link, Some(linked), "");
        self.consent();
    }

    fn add(&mut self, property: &'static str, wanted: bool, given: Option<bool>, about: &str) {
        let tally = self.score.tallies.entry(property).or_default();
        tally.add(wanted, given);
        if given != Some(wanted) {
            let word = |yes| if yes { "yes" } else { "no" };
            let given = given.map_or("cannot tell", word);
            let about = if about.is_empty() {
                String::new()
            } else {
                format!(" ({about})")
            };
            self.score.misses.push(Miss {
                property,
                slug: self.slug.to_string(),
                form: self.label.index,
                what: format!("labelled {}, answered {given}{about}", word(wanted)),
            });
        }
    }

    fn fields(&mut self) {
        // The labels call a salutation gender.
        let category = |name: &str| if name == "title" { "gender" } else { name }.to_string();
        let wanted: BTreeSet<String> = self.label.fields.iter().map(|f| category(f)).collect();
        let fields = self.form.map_or(&[][..], |form| list(form, "fields"));
        let given = fields.iter().map(|field| category(text(field, "category")));
        let given: BTreeSet<String> = given.collect();
        for category in wanted.union(&given).filter(|name| *name != "other") {
            let found = given.contains(category);
            self.add(
                "field_category",
                wanted.contains(category),
                Some(found),
                category,
            );
        }
    }

    fn boxes(&mut self) {
        let mut controls: Vec<&Value> = self
            .form
            .map_or(&[][..], |form| list(form, "controls"))
            .iter()
            .collect();
        // A hidden companion never goes before its box.
        controls.sort_by_key(|control| control["kind"] == "hidden");
        let boxes: Vec<&Value> = controls
            .iter()
            .copied()
            .filter(|control| control["kind"] == "checkbox" || control["kind"] == "switch")
            .collect();
        for label in &self.label.checkboxes {
            let control = find(label, &boxes, &controls);
            controls.retain(|other| control.is_none_or(|control| !std::ptr::eq(*other, control)));
            let role = control.map_or("", |control| text(control, "role"));
            let wanted = MARKETING.contains(&label.role.as_str());
            let answered = if role.is_empty() { "no such box" } else { role };
            let about = format!(
                "{}: labelled {}, found {answered}",
                label.locator, label.role
            );
            self.add(
                "marketing_box",
                wanted,
                Some(MARKETING.contains(&role)),
                &about,
            );
            self.add("box_role", true, Some(role == label.role), &about);
            if wanted {
                let selected = control.and_then(|control| control["selected"].as_bool());
                self.add(
                    "box_ticked",
                    label.ticked_by_default,
                    selected,
                    &label.locator,
                );
                let refuses = control.is_some_and(|control| control["polarity"] == "opt_out");
                let wanted = label.polarity == "opt_out";
                self.add("box_opt_out", wanted, Some(refuses), &label.locator);
            }
        }
    }

    /// Whether something stands at the form, as its rule has it.
    fn stated(&mut self, property: &'static str, rule: &str, label: &Stated) {
        let wanted = match label {
            Stated::Yes => true,
            Stated::No => false,
            Stated::Unclear => return,
        };
        let outcome = self.form.map(|form| self.report.outcome(form, rule));
        let given = match outcome {
            Some("passed") => Some(true),
            Some("failed") => Some(false),
            _ => None,
        };
        self.add(property, wanted, given, "");
    }

    fn consent(&mut self) {
        if self.label.verdict_consent == Verdict::Unclear {
            return;
        }
        let wanted = self.label.verdict_consent == Verdict::Invalid;
        let Some(form) = self.form else {
            return self.add("consent_invalid", wanted, None, "the form was not found");
        };
        let having = |outcome: &str, rules: &[&'static str]| {
            let rules = rules.iter().copied();
            let rules = rules.filter(|rule| self.report.outcome(form, rule) == outcome);
            rules.collect::<Vec<&str>>().join(", ")
        };
        let failed = having("failed", &CONSENT);
        let untold = having("cant_tell", &CONSENT[..DECIDED_BY_MARKUP]);
        let (given, about) = match (failed.is_empty(), untold.is_empty()) {
            (false, _) => (Some(true), failed),
            (true, false) => (None, untold),
            (true, true) => (Some(false), String::new()),
        };
        self.add("consent_invalid", wanted, given, &about);
    }
}

/// The control that a labelled box is: by its number, its id, or its name. `left` are those not yet taken.
fn find<'a>(label: &Checkbox, boxes: &[&'a Value], left: &[&'a Value]) -> Option<&'a Value> {
    let numbered = label.locator.split_once("checkbox #");
    let nth = numbered.and_then(|(_, nth)| nth.parse::<usize>().ok());
    let nth = nth.and_then(|nth| boxes.get(nth).copied());
    let free = |control: &&Value| left.iter().any(|other| std::ptr::eq(*other, *control));
    let by = |fits: &dyn Fn(&Value) -> bool| left.iter().copied().find(|control| fits(control));
    nth.filter(free)
        .or_else(|| {
            let id = label.id.as_deref().filter(|id| !id.is_empty())?;
            by(&|control| control["dom_id"] == id)
        })
        .or_else(|| {
            let locator = label.locator.as_str();
            by(&|control| control["dom_id"] == locator || control["name"] == locator)
        })
}
