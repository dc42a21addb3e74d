//! Runs the examples that rule files carry, without a browser.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::artifact::{
    Dom, Moment, PageRole, PageStatus, Pixels, VisitRecord, parse_markup, parse_snapshot,
};
use crate::checks::PageView;
use crate::extract::{self, CapturedPage, MomentDom};
use crate::finding::{Finding, Measure, Outcome, Severity};
use crate::model::{Buyer, PageModel, Product, Question, Request};
use crate::ruleset::{ExampleFile, LaterFile, Rule, Ruleset, Seen};

use super::{JudgedPage, Options, evaluate};

/// A page as Chrome showed it, kept for examples that no markup can give.
pub struct StoredCapture {
    /// Chrome's snapshot.
    pub dom: Vec<u8>,
    pub pixels: Option<Rc<dyn Pixels>>,
}

/// Stored captures by the names that examples use.
pub type Captures = BTreeMap<String, StoredCapture>;

/// What one example gave.
#[derive(Debug)]
pub struct ExampleResult {
    pub rule: String,
    /// The rule's file below the rules folder, and the line at which the example begins.
    pub file: String,
    pub line: usize,
    pub name: String,
    pub wanted: Outcome,
    pub got: Outcome,
    pub wanted_severity: Option<Severity>,
    pub got_severity: Option<Severity>,
    /// Items that should be missing and are not.
    pub not_missing: Vec<String>,
    /// Why the example could not be run.
    pub problem: Option<String>,
    pub messages: Vec<String>,
}

impl ExampleResult {
    pub fn holds(&self) -> bool {
        self.wanted == self.got
            && self.problem.is_none()
            && self.not_missing.is_empty()
            && (self.wanted_severity.is_none() || self.wanted_severity == self.got_severity)
    }
}

/// Runs every example of a rule against the rule alone.
pub fn run(rule: &Rule, ruleset: &Ruleset, captures: &Captures) -> Vec<ExampleResult> {
    rule.examples
        .iter()
        .map(|example| run_one(rule, example, ruleset, captures))
        .collect()
}

fn run_one(
    rule: &Rule,
    example: &ExampleFile,
    ruleset: &Ruleset,
    captures: &Captures,
) -> ExampleResult {
    let mut problem = None;
    let main = match &example.capture {
        None if example.visit.is_some() || !example.again.is_empty() => used(example, ruleset),
        None => Page::of_markup(&example.html, &example.url, example.seen).model(
            &example.url,
            PageRole::Collection,
            "p1",
            ruleset,
        ),
        Some(name) => Page::of_capture(name, captures)
            .unwrap_or_else(|why| {
                problem = Some(why);
                Page::of_markup("", &example.url, example.seen)
            })
            .model(&example.url, PageRole::Collection, "p1", ruleset),
    };
    let linked: Vec<(String, u16, PageModel)> = example
        .linked
        .iter()
        .enumerate()
        .map(|(at, page)| {
            let id = format!("p{}", at + 2);
            let read = Page::of_markup(&page.html, &page.url, example.seen);
            let model = read.model(&page.url, page.role, &id, ruleset);
            (page.url.clone(), page.status, model)
        })
        .collect();
    let mut pages = vec![judged(&example.url, 200, &main)];
    pages.extend(
        linked
            .iter()
            .map(|(url, status, model)| judged(url, *status, model)),
    );
    let options = Options {
        jurisdictions: if example.jurisdictions.is_empty() {
            ruleset.packs.keys().cloned().collect()
        } else {
            example.jurisdictions.clone()
        },
        request: request(example, ruleset),
        law: BTreeMap::new(),
        language: "en".to_string(),
        only: [rule.id.clone()].into(),
        disabled: Default::default(),
    };
    let findings = evaluate(&pages, ruleset, &options);
    let counted: Vec<&Finding> = findings
        .iter()
        .filter(|finding| finding.page == "p1" && at(example, finding, &main))
        .collect();
    let worst = counted
        .iter()
        .max_by_key(|finding| (finding.outcome, finding.severity));
    ExampleResult {
        rule: rule.id.clone(),
        file: rule.file.clone(),
        line: example.line,
        name: example.name.clone(),
        wanted: example.outcome,
        got: worst.map_or(Outcome::Inapplicable, |finding| finding.outcome),
        wanted_severity: example.severity,
        got_severity: worst.map(|finding| finding.severity),
        not_missing: not_missing(example, worst.copied()),
        problem,
        messages: counted
            .iter()
            .map(|finding| finding.message.clone())
            .collect(),
    }
}

/// The request of an example; questions without words are those of the library.
fn request(example: &ExampleFile, ruleset: &Ruleset) -> Request {
    let given = &example.request;
    let known = |(id, own): (&String, _)| {
        let unknown = || Question {
            id: id.clone(),
            ..Question::default()
        };
        ruleset.question(id, own).unwrap_or_else(|_| unknown())
    };
    let questions: Vec<Question> = given.questions.iter().map(known).collect();
    Request {
        audience: given.audience,
        channels: given.channels.clone(),
        buyers: given.buyers.iter().map(|text| Buyer::parse(text)).collect(),
        product: (!questions.is_empty()).then(|| Product {
            name: "example".to_string(),
            questions,
        }),
        as_of: example.as_of.clone().unwrap_or("9999-12-31".to_string()),
    }
}

/// Items that the example wants missing and that were found.
fn not_missing(example: &ExampleFile, finding: Option<&Finding>) -> Vec<String> {
    let items = match finding.and_then(|finding| finding.measured.get("items")) {
        Some(Measure::Items(items)) => items.as_slice(),
        _ => &[],
    };
    let missing = |id: &str| {
        items
            .iter()
            .any(|item| item.item == id && item.outcome == Outcome::Failed)
    };
    let wanted = example.missing.iter();
    wanted.filter(|id| !missing(id)).cloned().collect()
}

/// Whether the finding is about the control the example points at.
fn at(example: &ExampleFile, finding: &Finding, page: &PageModel) -> bool {
    let Some(wanted) = &example.at else {
        return true;
    };
    let form = page
        .forms
        .iter()
        .enumerate()
        .find(|(at, _)| finding.form.as_deref() == Some(super::form_id(page, *at).as_str()));
    let control = finding
        .control
        .and_then(|at| form.and_then(|(_, form)| form.controls.get(at)));
    control.is_some_and(|control| control.dom_id == wanted.trim_start_matches('#'))
}

fn judged<'a>(url: &'a str, status: u16, model: &'a PageModel) -> JudgedPage<'a> {
    let answered = status < 400;
    JudgedPage {
        url,
        final_url: None,
        view: PageView {
            status: if answered {
                PageStatus::Examined
            } else {
                PageStatus::HttpError
            },
            http_status: Some(status),
            model: answered.then_some(model),
        },
    }
}

/// What is known of an example's page before its documents.
fn captured<'a>(url: &str, role: PageRole, id: &str, rendered: bool) -> CapturedPage<'a> {
    CapturedPage {
        id: id.to_string(),
        target: "t1".to_string(),
        url: url.to_string(),
        final_url: url.to_string(),
        http_status: Some(200),
        role,
        rendered,
        moments: Vec::new(),
        visits: Vec::new(),
        gaps: Vec::new(),
        pixels: None,
    }
}

/// The page of an example with what was done on it, and its other openings.
fn used(example: &ExampleFile, ruleset: &Ruleset) -> PageModel {
    let own = VisitRecord {
        visit: 1,
        began_at: "2026-01-01T00:00:00Z".to_string(),
        ..example.visit.clone().unwrap_or_default()
    };
    let mut page = captured(&example.url, PageRole::Collection, "p1", true);
    let mut add = |visit: VisitRecord, html: &str, later: &[LaterFile]| {
        let number = visit.visit;
        let mut take = |moment: Moment, step: u32, html: &str| {
            let capture = format!("p1-example-v{number}-s{step}-{}", moment.as_str());
            let dom = parse_markup(html, &example.url);
            page.moments.push(MomentDom {
                step,
                ..MomentDom::new(moment, &capture, number, dom)
            });
        };
        take(Moment::Settled, 1, html);
        for later in later {
            take(later.moment, later.step, &later.html);
        }
        page.visits.push(visit);
    };
    add(own, &example.html, &example.later);
    for (at, again) in example.again.iter().enumerate() {
        let visit = VisitRecord {
            visit: at as u32 + 2,
            ..again.visit.clone()
        };
        add(visit, &again.html, &again.later);
    }
    extract::page(page, &ruleset.lexicons, &ruleset.entities)
}

/// The document of an example's page.
struct Page {
    dom: Dom,
    moment: Moment,
    pixels: Option<Rc<dyn Pixels>>,
}

impl Page {
    fn of_markup(html: &str, url: &str, seen: Seen) -> Page {
        Page {
            dom: parse_markup(html, url),
            moment: match seen {
                Seen::Settled => Moment::Settled,
                Seen::Markup => Moment::Markup,
            },
            pixels: None,
        }
    }

    fn of_capture(name: &str, captures: &Captures) -> Result<Page, String> {
        let stored = captures.get(name);
        let stored = stored.ok_or_else(|| format!("there is no capture `{name}`"))?;
        Ok(Page {
            dom: parse_snapshot(&stored.dom)?,
            moment: Moment::Settled,
            pixels: stored.pixels.clone(),
        })
    }

    fn model(self, url: &str, role: PageRole, id: &str, ruleset: &Ruleset) -> PageModel {
        let rendered = self.moment == Moment::Settled;
        let capture = format!("{id}-example");
        let page = CapturedPage {
            moments: vec![MomentDom::new(self.moment, &capture, 1, self.dom)],
            pixels: self.pixels,
            ..captured(url, role, id, rendered)
        };
        extract::page(page, &ruleset.lexicons, &ruleset.entities)
    }
}
