//! A finding with what it points at: its rule, page, target, form and control. What every format that
//! goes finding by finding looks up.

use std::collections::{HashMap, HashSet};

use crate::artifact::PageStatus;
use crate::finding::Basis;
use crate::model::FormKind;
use crate::ruleset::{Rule, Ruleset, in_language};

use super::document::{Control, Finding, Form, Page, Report, Target, Verdict};
use super::words::ReportWords;

pub struct Located<'a> {
    pub finding: &'a Finding,
    pub rule: Option<&'a Rule>,
    pub page: Option<&'a Page>,
    pub target: Option<&'a Target>,
    pub form: Option<&'a Form>,
    /// The form's number among those of its kind on its page, from 1.
    pub number: usize,
    pub control: Option<&'a Control>,
}

/// The findings of a report, in its order.
pub fn located<'a>(report: &'a Report, ruleset: &'a Ruleset) -> Vec<Located<'a>> {
    let pages: HashMap<&str, &Page> = report.pages.iter().map(|p| (p.id.as_str(), p)).collect();
    let targets = report.scan.targets.iter();
    let targets: HashMap<&str, &Target> = targets.map(|t| (t.id.as_str(), t)).collect();
    let forms = numbered(&report.forms);
    let locate = |finding: &'a Finding| {
        let page = pages.get(finding.page.as_str()).copied();
        let form = finding.form.as_deref().and_then(|id| forms.get(id));
        let form = form.copied();
        Located {
            finding,
            rule: ruleset.rule(&finding.rule),
            page,
            target: page.and_then(|page| targets.get(page.target.as_str()).copied()),
            form: form.map(|(form, _)| form),
            number: form.map_or(0, |(_, number)| number),
            control: form.and_then(|(form, _)| form.controls.get(finding.control?)),
        }
    };
    report.findings.iter().map(locate).collect()
}

/// What is to be said of targets beside their verdicts, by their ids: why the page of one has its status,
/// or that no rule applied.
pub fn details<'a>(report: &'a Report, words: &ReportWords) -> HashMap<&'a str, String> {
    let pages = report.pages.iter();
    let target_of: HashMap<&str, &str> = pages
        .map(|page| (page.id.as_str(), page.target.as_str()))
        .collect();
    let forms = report.forms.iter();
    let with_form: HashSet<&str> = forms
        .filter(|form| form.kind == FormKind::Collection)
        .filter_map(|form| target_of.get(form.page.as_str()).copied())
        .collect();
    let mut given: HashMap<&str, &Page> = HashMap::new();
    for page in &report.pages {
        given.entry(&page.target).or_insert(page);
    }
    let detail = |target: &'a Target| {
        let id = target.id.as_str();
        let page = given.get(id)?;
        let unjudged =
            target.verdict == Verdict::NotAssessed && page.status == PageStatus::Examined;
        let no_rule = unjudged && with_form.contains(id);
        let no_rule = no_rule.then(|| words.word("no-rule-applied"));
        Some((id, page.status_detail.clone().or(no_rule)?))
    };
    report.scan.targets.iter().filter_map(detail).collect()
}

fn numbered(forms: &[Form]) -> HashMap<&str, (&Form, usize)> {
    let mut counts = HashMap::new();
    forms
        .iter()
        .map(|form| {
            let number: &mut usize = counts.entry((&form.page, form.kind)).or_default();
            *number += 1;
            (form.id.as_str(), (form, *number))
        })
        .collect()
}

impl<'a> Located<'a> {
    pub fn code(&self) -> &'a str {
        self.rule.map_or("", |rule| rule.code.as_str())
    }

    /// The rule's title; its id where the rules at hand do not have it.
    pub fn title(&self, language: &str) -> &'a str {
        match self.rule {
            Some(rule) => in_language(&rule.title, language),
            None => &self.finding.rule,
        }
    }

    /// Where the page turned out to be.
    pub fn address(&self) -> &'a str {
        self.page.map_or("", |page| {
            page.final_url.as_deref().unwrap_or(page.url.as_str())
        })
    }

    /// The form's place in words; `address` is the page's, as the format writes it.
    pub fn place(&self, address: &str, words: &ReportWords) -> String {
        let number = self.number as i64;
        match self.form {
            Some(_) => words.get(
                "form-on",
                &[("number", number.into()), ("page", address.into())],
            ),
            None => address.to_string(),
        }
    }

    /// The control's label, or its name where it has none.
    pub fn label(&self) -> &'a str {
        self.control.map_or("", |control| {
            if control.label.is_empty() {
                &control.name
            } else {
                &control.label
            }
        })
    }

    /// The provisions it bears on, each once: packs may cite the same one. `write` puts one into words.
    pub fn law(&self, write: impl Fn(&Basis) -> String) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for text in self.finding.basis.iter().map(write) {
            if !out.contains(&text) {
                out.push(text);
            }
        }
        out
    }

    /// What a person said about it.
    pub fn said(&self, words: &ReportWords) -> Option<String> {
        self.finding.word.as_ref().map(|word| words.said(word))
    }

    /// The page's own words, each once.
    pub fn quotes(&self) -> Vec<&'a str> {
        let observations = self.finding.observations.iter();
        distinct(observations.filter_map(|seen| seen.quote.as_deref()))
    }

    /// The paths of the marked pictures, each once.
    pub fn crops(&self) -> Vec<&'a str> {
        let observations = self.finding.observations.iter();
        distinct(observations.filter_map(|seen| seen.crop.as_deref()))
    }
}

fn distinct<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut out = Vec::new();
    for text in texts {
        if !text.is_empty() && !out.contains(&text) {
            out.push(text);
        }
    }
    out
}
