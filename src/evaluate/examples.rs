//! Runs the examples that rule files carry, without a browser.

use std::collections::BTreeMap;

use crate::artifact::{Moment, PageRole, PageStatus, parse_markup};
use crate::checks::PageView;
use crate::extract::{self, CapturedPage, MomentDom};
use crate::finding::{Finding, Measure, Outcome, Severity};
use crate::model::{Buyer, PageModel, Product, Question, Request};
use crate::ruleset::{ExampleFile, Rule, Ruleset, Seen};

use super::{JudgedPage, Options, evaluate};

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
    pub messages: Vec<String>,
}

impl ExampleResult {
    pub fn holds(&self) -> bool {
        self.wanted == self.got
            && self.not_missing.is_empty()
            && (self.wanted_severity.is_none() || self.wanted_severity == self.got_severity)
    }
}

/// Runs every example of a rule against the rule alone.
pub fn run(rule: &Rule, ruleset: &Ruleset) -> Vec<ExampleResult> {
    rule.examples
        .iter()
        .map(|example| run_one(rule, example, ruleset))
        .collect()
}

fn run_one(rule: &Rule, example: &ExampleFile, ruleset: &Ruleset) -> ExampleResult {
    let main = model(
        &example.url,
        PageRole::Collection,
        "p1",
        &example.html,
        example.seen,
        ruleset,
    );
    let linked: Vec<(String, u16, PageModel)> = example
        .linked
        .iter()
        .enumerate()
        .map(|(at, page)| {
            let id = format!("p{}", at + 2);
            let model = model(&page.url, page.role, &id, &page.html, example.seen, ruleset);
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

fn model(
    url: &str,
    role: PageRole,
    id: &str,
    html: &str,
    seen: Seen,
    ruleset: &Ruleset,
) -> PageModel {
    let moment = match seen {
        Seen::Settled => Moment::Settled,
        Seen::Markup => Moment::Markup,
    };
    let captured = CapturedPage {
        id: id.to_string(),
        target: "t1".to_string(),
        url: url.to_string(),
        final_url: url.to_string(),
        http_status: Some(200),
        role,
        rendered: seen == Seen::Settled,
        moments: vec![MomentDom::new(
            moment,
            &format!("{id}-example"),
            1,
            parse_markup(html, url),
        )],
        gaps: Vec::new(),
    };
    extract::page(&captured, &ruleset.lexicons, &ruleset.entities)
}
