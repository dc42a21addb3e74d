//! Rules on page models: the loop, three-valued logic, severities and messages.
//!
//! Pure and total: the same pages and rules give the same findings, in the same order. It must not know
//! files, time or the report.
#![deny(clippy::disallowed_methods)]

mod examples;
mod logic;
mod message;
mod people;

use std::collections::{BTreeMap, BTreeSet};

use crate::checks::{FormLinks, PageView, Site, Subject, SubjectKind};
use crate::finding::{Basis, Finding, KnownProvisions, Measure, Outcome, Severity};
use crate::model::{Audience, ControlKind, FormKind, FormModel, PageModel, Request};
use crate::ruleset::{Binding, Provision, Rule, Ruleset, in_language};

pub use examples::{Captures, ExampleResult, StoredCapture, run as run_examples};

pub use people::{Decided, put as put_words};

use logic::Decision;

/// How to judge.
#[derive(Debug, Clone)]
pub struct Options {
    /// Packs to judge by.
    pub jurisdictions: Vec<String>,
    /// What the user wants the leads for, and the day whose law counts.
    pub request: Request,
    /// Answers to open questions of law, by setting; the packs' defaults where none is given.
    pub law: BTreeMap<String, String>,
    /// Language of messages.
    pub language: String,
    /// Only these rules, where any are named.
    pub only: BTreeSet<String>,
    pub disabled: BTreeSet<String>,
}

/// A page that could be looked at or not.
pub struct JudgedPage<'a> {
    pub url: &'a str,
    pub final_url: Option<&'a str>,
    pub view: PageView<'a>,
}

/// The id of a form in reports: its page's id and its place among the page's forms.
pub fn form_id(page: &PageModel, at: usize) -> String {
    format!("{}.f{}", page.id, at + 1)
}

/// Judges every collection form of the pages.
pub fn evaluate(pages: &[JudgedPage], ruleset: &Ruleset, options: &Options) -> Vec<Finding> {
    evaluate_counting(pages, ruleset, options).0
}

/// The same, with the lines, links and entries of pages that were looked at: their number must stay in
/// proportion to the pages and the forms.
pub fn evaluate_counting(
    pages: &[JudgedPage],
    ruleset: &Ruleset,
    options: &Options,
) -> (Vec<Finding>, u64) {
    let mut site = Site::default();
    for page in pages {
        site.add(page.url, page.final_url, page.view);
    }
    let rules: Vec<&Rule> = rules(ruleset, options).collect();
    let mut findings: Vec<Finding> = Vec::new();
    let mut provisions = KnownProvisions::default();
    for model in pages.iter().filter_map(|page| page.view.model) {
        for (at, form) in model.forms.iter().enumerate() {
            if form.kind != FormKind::Collection {
                continue;
            }
            let id = form_id(model, at);
            let shown = openings(model, at, &site);
            let new = findings.len();
            for rule in &rules {
                judge(rule, &shown, &id, &site, ruleset, options, &mut findings);
            }
            provisions.share(&mut findings[new..]);
        }
    }
    (findings, site.steps())
}

/// The rules that the options ask for.
pub fn rules<'a>(
    ruleset: &'a Ruleset,
    options: &'a Options,
) -> impl Iterator<Item = &'a Rule> + 'a {
    ruleset.rules.iter().filter(move |rule| {
        (options.only.is_empty() || options.only.contains(&rule.id))
            && !options.disabled.contains(&rule.id)
            && options
                .jurisdictions
                .iter()
                .any(|jurisdiction| rule.bindings.contains_key(jurisdiction))
    })
}

/// Whether the chosen packs bind a rule to law that is in force on a day (`YYYY-MM-DD`).
pub fn in_force(rule: &Rule, jurisdictions: &[String], day: &str) -> bool {
    let bindings = jurisdictions
        .iter()
        .filter_map(|jurisdiction| rule.bindings.get(jurisdiction));
    bindings
        .flat_map(|binding| &binding.basis)
        .any(|row| row.in_force(day))
}

/// A form at one opening of its page.
struct Shown<'a> {
    page: &'a PageModel,
    form: &'a FormModel,
    linked: FormLinks<'a>,
    /// For each of its controls, its place among those of the page's form.
    controls: Option<&'a [usize]>,
}

/// The form at each opening that shows it, the page's own first.
fn openings<'a>(page: &'a PageModel, at: usize, site: &Site<'a>) -> Vec<Shown<'a>> {
    let shown = |page: &'a PageModel, form: &'a FormModel, controls| Shown {
        page,
        form,
        linked: FormLinks::new(page, form, site),
        controls,
    };
    let own = shown(page, &page.forms[at], None);
    let others = page.faces.iter().flat_map(|face| {
        let forms = face.forms.iter().zip(&face.page.forms);
        forms
            .filter(move |(known, _)| known.form == at)
            .map(|(known, form)| shown(&face.page, form, Some(known.controls.as_slice())))
    });
    std::iter::once(own).chain(others).collect()
}

fn judge(
    rule: &Rule,
    shown: &[Shown],
    form: &str,
    site: &Site,
    ruleset: &Ruleset,
    options: &Options,
    findings: &mut Vec<Finding>,
) {
    let Some((own, others)) = shown.split_first() else {
        return;
    };
    let decide = |shown: &Shown, control| {
        let subject = Subject {
            page: shown.page,
            form: shown.form,
            control,
            site,
            linked: &shown.linked,
            entities: &ruleset.entities,
            request: &options.request,
            decisions: &ruleset.decisions,
            trackers: &ruleset.trackers,
        };
        logic::decide(rule, &subject)
    };
    let mut add = |decisions: Vec<Decision>, control| {
        let decision = over_openings(decisions);
        findings.push(finding(
            rule, decision, own.page, form, control, ruleset, options,
        ));
    };
    match rule.subject {
        SubjectKind::Form => add(
            shown.iter().map(|shown| decide(shown, None)).collect(),
            None,
        ),
        SubjectKind::Control => {
            let controls = own.form.controls.iter().enumerate();
            for (at, control) in controls.filter(|(_, c)| c.kind != ControlKind::Hidden) {
                let elsewhere = others.iter().filter_map(|other| {
                    let there = other.controls?.iter().position(|known| *known == at)?;
                    Some(decide(other, other.form.controls.get(there)))
                });
                let here = decide(own, Some(control));
                add(std::iter::once(here).chain(elsewhere).collect(), Some(at));
            }
        }
    }
}

/// The worst of what the openings of a page give, shown where it was seen. What one of them cannot tell
/// another may have told: an opening that was only looked at says nothing about what it was not used for.
fn over_openings(decisions: Vec<Decision>) -> Decision {
    let mut decisions = decisions.into_iter();
    let Some(own) = decisions.next() else {
        return logic::not_in_force();
    };
    decisions.fold(own, |worst, other| {
        let fails = other.outcome == Outcome::Failed && worst.outcome != Outcome::Failed;
        if fails {
            return other;
        }
        if other.outcome == Outcome::Failed {
            return logic::shown_too(worst, other);
        }
        worst
    })
}

fn finding(
    rule: &Rule,
    decision: Decision,
    page: &PageModel,
    form: &str,
    control: Option<usize>,
    ruleset: &Ruleset,
    options: &Options,
) -> Finding {
    let law = law(rule, &decision, ruleset, options);
    let (decision, basis, severity) = match law {
        // None of the chosen law is about a failure of this kind.
        Some((basis, severity)) if basis.is_empty() => (decision.inapplicable(), basis, severity),
        Some((basis, severity)) => (decision, basis, severity),
        None => (logic::not_in_force(), Vec::new(), rule.severity),
    };
    let mut finding = Finding {
        rule: rule.id.clone(),
        outcome: decision.outcome,
        severity,
        page: page.id.clone(),
        form: Some(form.to_string()),
        control,
        message: String::new(),
        reason: decision.reason,
        remedy: match decision.outcome {
            Outcome::Failed | Outcome::CantTell => {
                in_language(&rule.remedy, &options.language).to_string()
            }
            _ => String::new(),
        },
        basis: basis.into(),
        measured: decision.observed.values.clone(),
        observations: decision.observed.observations.clone(),
        word: None,
    };
    if let Some(because) = decision.because {
        finding.measured.insert("because", Measure::Word(because));
    }
    let mut finding = finding.only_if_shown();
    // The words are those of the outcome that stands.
    let decision = Decision {
        outcome: finding.outcome,
        because: match finding.measured.get("because") {
            Some(Measure::Word(because)) => Some(because),
            _ => None,
        },
        ..decision
    };
    let (language, day) = (&options.language, &options.request.as_of);
    finding.message = message::message(rule, &decision, ruleset, language, day);
    finding
}

/// The law in force that the finding bears on, and the strictest severity of the chosen packs; `None`
/// where none of it is in force on the day that counts.
fn law(
    rule: &Rule,
    decision: &Decision,
    ruleset: &Ruleset,
    options: &Options,
) -> Option<(Vec<Basis>, Severity)> {
    let day = &options.request.as_of;
    let mut rows = Vec::new();
    let mut in_force = false;
    for jurisdiction in &options.jurisdictions {
        let Some(binding) = rule.bindings.get(jurisdiction) else {
            continue;
        };
        for row in binding.basis.iter().filter(|row| row.in_force(day)) {
            in_force = true;
            if !logic::concerns(&row.about, decision) {
                continue;
            }
            rows.push(Basis {
                jurisdiction: jurisdiction.clone(),
                instrument: in_language(&row.instrument.title, &options.language).to_string(),
                provision: in_language(&row.provision, &options.language).to_string(),
                url: row.instrument.url.clone(),
                source: row.source.clone(),
                severity: severity(rule, jurisdiction, binding, row, decision, ruleset, options),
            });
        }
    }
    let strictest = rows.iter().map(|row| row.severity).max();
    in_force.then(|| (rows, strictest.unwrap_or(rule.severity)))
}

/// How much a failure matters under one provision: what the check found, else the provision or the pack,
/// else the rule; then the answers to open questions of law, and whether businesses are to be reached.
fn severity(
    rule: &Rule,
    jurisdiction: &str,
    binding: &Binding,
    row: &Provision,
    decision: &Decision,
    ruleset: &Ruleset,
    options: &Options,
) -> Severity {
    let day = &options.request.as_of;
    let graded = logic::grade(&binding.grades, decision, day)
        .or_else(|| logic::grade(&rule.grades, decision, day))
        .and_then(|grade| grade.severity);
    let severity = graded
        .or(decision.severity)
        .or(row.severity.max(binding.severity))
        .unwrap_or(rule.severity);
    let severity = settled(rule, jurisdiction, ruleset, options).unwrap_or(severity);
    match (options.request.audience, binding.business) {
        (Audience::Business, Some(most)) => severity.min(most),
        _ => severity,
    }
}

/// The severity that the chosen answer to an open question of law gives a rule.
fn settled(
    rule: &Rule,
    jurisdiction: &str,
    ruleset: &Ruleset,
    options: &Options,
) -> Option<Severity> {
    let settings = ruleset.packs.values().flat_map(|pack| &pack.settings);
    settings
        .filter_map(|setting| {
            let chosen = options.law.get(&setting.id).unwrap_or(&setting.default);
            setting.value.iter().find(|value| value.id == *chosen)
        })
        .filter(|value| value.r#in.iter().any(|pack| pack == jurisdiction))
        .find_map(|value| value.severity.get(&rule.id).copied())
}
