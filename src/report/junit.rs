//! `report.junit.xml`: for continuous integration (Jenkins, GitLab, GitHub's reporters).
//!
//! One suite for the targets, then one per form, a case per rule and subject. Failures and errors are
//! there exactly where the exit code of a finished scan is not 0: a failed finding counts by the same
//! threshold, a target that was not assessed is an error. What failed below the threshold and what could
//! not be told is skipped, never passed; rules that do not apply are left out.

use std::collections::HashMap;
use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::finding::{Outcome, PersonsWord};
use crate::ruleset::Ruleset;

use super::document::{Report, Target};
use super::line::{one_line, short_address};
use super::located::{Located, details, located};
use super::threshold::Threshold;
use super::words::ReportWords;

struct Suite {
    name: String,
    properties: Vec<(&'static str, String)>,
    cases: Vec<Case>,
}

struct Case {
    class: String,
    name: String,
    mark: Mark,
    /// What a person needs to know beyond the mark's message.
    body: String,
}

enum Mark {
    Passed,
    Skipped { message: String },
    Failure { kind: &'static str, message: String },
    Error { kind: &'static str, message: String },
}

pub fn junit(report: &Report, ruleset: &Ruleset, threshold: &Threshold) -> Result<String, String> {
    let words = ReportWords::new(&report.scan.settings.language);
    let mut suites = vec![targets(report, threshold, &words)];
    suites.extend(forms(report, ruleset, threshold, &words));
    tell_apart(&mut suites);
    let bytes = write(report, &suites).map_err(|e| e.to_string())?;
    String::from_utf8(bytes).map_err(|e| e.to_string())
}

fn targets(report: &Report, threshold: &Threshold, words: &ReportWords) -> Suite {
    let details = details(report, words);
    let case = |target: &Target| Case {
        class: "target".to_string(),
        name: words.get("target-assessed", &[("target", target.url.as_str().into())]),
        mark: if target.verdict.is_incomplete() {
            Mark::Error {
                kind: target.verdict.as_str(),
                message: why_incomplete(target, details.get(target.id.as_str()), words),
            }
        } else {
            Mark::Passed
        },
        body: String::new(),
    };
    Suite {
        name: words.word("targets"),
        properties: settings(report, threshold),
        cases: report.scan.targets.iter().map(case).collect(),
    }
}

fn why_incomplete(target: &Target, detail: Option<&String>, words: &ReportWords) -> String {
    let verdict = words.word(&format!("verdict-{}", target.verdict.as_str()));
    match detail {
        Some(detail) => format!("{verdict}: {detail}"),
        None => verdict,
    }
}

fn settings(report: &Report, threshold: &Threshold) -> Vec<(&'static str, String)> {
    let scan = &report.scan;
    vec![
        ("scan", scan.id.clone()),
        (
            "tool",
            format!("{} {}", report.tool.name, report.tool.version),
        ),
        ("ruleset", report.tool.ruleset.sha256.clone()),
        ("jurisdictions", scan.jurisdictions.join(",")),
        ("as_of", scan.as_of.clone()),
        ("only", scan.settings.only.join(",")),
        ("disabled", scan.settings.disabled.join(",")),
        ("static", scan.settings.capture.markup_only.to_string()),
        ("locale", scan.settings.capture.locale.clone()),
        ("user_agent", scan.environment.user_agent.clone()),
        ("interrupted", scan.interrupted.to_string()),
        ("verdict", report.summary.verdict.as_str().to_string()),
        ("fail_on", threshold.least_word().to_string()),
        ("fail_on_cant_tell", threshold.cant_tell.to_string()),
    ]
}

/// One suite per form, and one per page for what no form carries, in the order of the report.
fn forms(
    report: &Report,
    ruleset: &Ruleset,
    threshold: &Threshold,
    words: &ReportWords,
) -> Vec<Suite> {
    let language = &report.scan.settings.language;
    let mut suites: Vec<Suite> = Vec::new();
    let mut places: HashMap<(&str, Option<&str>), usize> = HashMap::new();
    for at in located(report, ruleset) {
        if at.finding.outcome == Outcome::Inapplicable {
            continue;
        }
        let place = at.place(&short_address(at.address()), words);
        let key = (at.finding.page.as_str(), at.finding.form.as_deref());
        let suite = *places.entry(key).or_insert_with(|| {
            suites.push(Suite {
                name: place.clone(),
                properties: properties(&at),
                cases: Vec::new(),
            });
            suites.len() - 1
        });
        // GitLab and Jenkins know a case by its class and name alone, whatever the suite.
        let subject = Some(at.label()).filter(|label| !label.is_empty());
        let subject = subject
            .map(|label| format!(" [{label}]"))
            .unwrap_or_default();
        suites[suite].cases.push(Case {
            class: at.finding.rule.clone(),
            name: format!("{} – {place}{subject}", at.title(language)),
            mark: mark(&at, threshold, words),
            body: body(&at, words),
        });
    }
    suites
}

fn properties(at: &Located) -> Vec<(&'static str, String)> {
    let target = at.target.map(|target| target.url.clone());
    let vendor = at.target.and_then(|target| target.vendor.clone());
    let all = [
        ("target", target),
        ("vendor", vendor),
        ("page", Some(at.address().to_string())),
        ("form", at.finding.form.clone()),
    ];
    let known = all.into_iter();
    known
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
}

fn mark(at: &Located, threshold: &Threshold, words: &ReportWords) -> Mark {
    let finding = at.finding;
    let message = finding.message.clone();
    let counts = threshold.counts(finding);
    match finding.outcome {
        Outcome::Passed | Outcome::Inapplicable => Mark::Passed,
        Outcome::Failed if counts => Mark::Failure {
            kind: finding.severity.as_str(),
            message,
        },
        Outcome::Failed if finding.word.as_ref().is_some_and(PersonsWord::accepts) => {
            let said = at.said(words).unwrap_or_default();
            let message = format!("{said} {message}");
            Mark::Skipped { message }
        }
        Outcome::Failed => Mark::Skipped {
            message: words.get(
                "failed-below",
                &[
                    ("severity", finding.severity.as_str().into()),
                    ("least", threshold.least_word().into()),
                    ("message", message.into()),
                ],
            ),
        },
        Outcome::CantTell => {
            let word = match finding.reason {
                Some(why) => words.word(&format!("reason-{}", why.as_str())),
                None => words.word("outcome-cant_tell"),
            };
            let message = format!("{word}: {message}");
            if counts {
                let kind = finding.outcome.as_str();
                Mark::Failure { kind, message }
            } else {
                Mark::Skipped { message }
            }
        }
    }
}

fn body(at: &Located, words: &ReportWords) -> String {
    let finding = at.finding;
    if finding.outcome == Outcome::Passed {
        return String::new();
    }
    let mut lines = Vec::new();
    let mut line = |key: &str, text: &str| {
        lines.push(format!("{}: {}", words.word(key), one_line(text)));
    };
    line("observed", &finding.message);
    if let Some(said) = at.said(words) {
        line("said", &said);
    }
    for quote in at.quotes() {
        line("quote", quote);
    }
    let law = at.law(|law| {
        let url = law.url.as_deref();
        let url = url.map(|url| format!(" ({url})")).unwrap_or_default();
        format!("{}{url}", words.provision(law))
    });
    for law in law {
        line("law", &law);
    }
    if let Some(remedy) = finding.remedy.as_deref() {
        line("change", remedy);
    }
    line("page", at.address());
    for crop in at.crops() {
        line("picture", crop);
    }
    lines.join("\n")
}

/// Two suites, or two cases, that would be taken for one get a number.
fn tell_apart(suites: &mut [Suite]) {
    let mut met: HashMap<(String, String), usize> = HashMap::new();
    let mut number = |class: &str, name: &mut String| {
        let times = met.entry((class.to_string(), name.clone())).or_default();
        *times += 1;
        if *times > 1 {
            name.push_str(&format!(" ({times})"));
        }
    };
    for suite in suites {
        number("", &mut suite.name);
        for case in &mut suite.cases {
            number(&case.class, &mut case.name);
        }
    }
}

fn write(report: &Report, suites: &[Suite]) -> io::Result<Vec<u8>> {
    let mut out = Writer::new_with_indent(Vec::new(), b' ', 2);
    out.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let all = || suites.iter().flat_map(|suite| &suite.cases);
    let mut attributes = vec![("name", report.tool.name.clone())];
    attributes.extend(counts(all()));
    element(&mut out, "testsuites", &attributes, |out| {
        suites
            .iter()
            .try_for_each(|suite| write_suite(out, report, suite))
    })?;
    let mut bytes = out.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

/// How many cases of each kind; what a case took is not measured, and some readers insist on a time.
fn counts<'a>(cases: impl Iterator<Item = &'a Case>) -> Vec<(&'static str, String)> {
    let [mut tests, mut failures, mut errors, mut skipped] = [0usize; 4];
    for case in cases {
        tests += 1;
        match case.mark {
            Mark::Passed => {}
            Mark::Skipped { .. } => skipped += 1,
            Mark::Failure { .. } => failures += 1,
            Mark::Error { .. } => errors += 1,
        }
    }
    vec![
        ("tests", tests.to_string()),
        ("failures", failures.to_string()),
        ("errors", errors.to_string()),
        ("skipped", skipped.to_string()),
        ("time", "0".to_string()),
    ]
}

fn write_suite(out: &mut Writer<Vec<u8>>, report: &Report, suite: &Suite) -> io::Result<()> {
    let mut attributes = vec![("name", suite.name.clone())];
    attributes.extend(counts(suite.cases.iter()));
    // Without fractions and zone, as the format's schema has it; it is UTC.
    let began = report.scan.started_at.get(..19).unwrap_or_default();
    attributes.push(("timestamp", began.to_string()));
    element(out, "testsuite", &attributes, |out| {
        element(out, "properties", &[], |out| {
            suite.properties.iter().try_for_each(|(name, value)| {
                let both = [("name", name.to_string()), ("value", value.clone())];
                empty(out, "property", &both)
            })
        })?;
        suite
            .cases
            .iter()
            .try_for_each(|case| write_case(out, case))
    })
}

fn write_case(out: &mut Writer<Vec<u8>>, case: &Case) -> io::Result<()> {
    let attributes = [
        ("name", case.name.clone()),
        ("classname", case.class.clone()),
        ("time", "0".to_string()),
    ];
    let problem =
        |kind: &str, message: &str| [("type", kind.to_string()), ("message", message.to_string())];
    match &case.mark {
        Mark::Passed => empty(out, "testcase", &attributes),
        Mark::Skipped { message } => element(out, "testcase", &attributes, |out| {
            empty(out, "skipped", &[("message", message.clone())])?;
            text(out, "system-out", &[], &case.body)
        }),
        Mark::Failure { kind, message } => element(out, "testcase", &attributes, |out| {
            text(out, "failure", &problem(kind, message), &case.body)
        }),
        Mark::Error { kind, message } => element(out, "testcase", &attributes, |out| {
            text(out, "error", &problem(kind, message), &case.body)
        }),
    }
}

type Attributes<'a> = &'a [(&'a str, String)];

fn element(
    out: &mut Writer<Vec<u8>>,
    name: &str,
    attributes: Attributes,
    inside: impl FnOnce(&mut Writer<Vec<u8>>) -> io::Result<()>,
) -> io::Result<()> {
    let clean = cleaned(attributes);
    let start = out.create_element(name);
    start
        .with_attributes(clean.iter().map(|(n, v)| (*n, v.as_str())))
        .write_inner_content(inside)
        .map(|_| ())
}

fn empty(out: &mut Writer<Vec<u8>>, name: &str, attributes: Attributes) -> io::Result<()> {
    let clean = cleaned(attributes);
    let start = out.create_element(name);
    start
        .with_attributes(clean.iter().map(|(n, v)| (*n, v.as_str())))
        .write_empty()
        .map(|_| ())
}

fn text(
    out: &mut Writer<Vec<u8>>,
    name: &str,
    attributes: Attributes,
    content: &str,
) -> io::Result<()> {
    let clean = cleaned(attributes);
    let content: String = content.chars().filter(|c| is_xml(*c)).collect();
    let start = out.create_element(name);
    start
        .with_attributes(clean.iter().map(|(n, v)| (*n, v.as_str())))
        .write_text_content(BytesText::new(&content))
        .map(|_| ())
}

fn cleaned<'a>(attributes: Attributes<'a>) -> Vec<(&'a str, String)> {
    let clean = |text: &str| one_line(text).chars().filter(|c| is_xml(*c)).collect();
    let attributes = attributes.iter();
    attributes
        .map(|(name, value)| (*name, clean(value)))
        .collect()
}

/// A character that XML 1.0 allows.
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}
