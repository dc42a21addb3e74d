//! `report.html`: for a person, on a screen, a phone or paper, without scripts.
//!
//! Everything from a page is escaped by the template engine; addresses become links only where they are
//! http or https.

use std::collections::{BTreeMap, HashMap, HashSet};

use base64::Engine;
use fluent_bundle::FluentValue;
use minijinja::value::{Kwargs, Serde};
use minijinja::{AutoEscape, Environment, Value, context};
use serde::{Serialize, Serializer};

use crate::artifact::Moment;
use crate::finding::{Basis, Outcome, PersonsWord, Reason, Severity};
use crate::model::{ControlKind, FormKind};
use crate::ruleset::{Rule, Ruleset, in_language};

use super::build::verdict_of;
use super::choice::{self, ChoiceView};
use super::document::{
    Capture, Control, Finding, Form, Page, Report, Scan, Summary, Tool, Verdict,
};
use super::line::shortened;
use super::located::details;
use super::pictures::Cutout;
use super::visits;
use super::words::{ReportWords, decimal};

/// Pictures that stand in the page itself.
#[derive(Debug, Default)]
pub struct Embedded {
    /// PNG of a finding's place, by the path its observation names.
    pub crops: BTreeMap<String, Vec<u8>>,
    /// JPEG of a form, by its id.
    pub forms: BTreeMap<String, Vec<u8>>,
    /// Both sides of a form's choice by buttons, by its id.
    pub pairs: BTreeMap<String, [Cutout; 2]>,
}

/// Pictures together may take this much of the file; further ones are linked.
const EMBEDDED_LIMIT: usize = 6 << 20;

const TEMPLATES: [(&str, &str); 3] = [
    ("report.html", include_str!("template.html")),
    ("visits.html", include_str!("visits/visits.html")),
    ("printed.html", include_str!("printed/printed.html")),
];
const STYLE: &str = include_str!("style.css");

#[derive(Serialize)]
struct FormView<'a> {
    form: &'a Form,
    page: &'a Page,
    number: usize,
    title: String,
    picture: Option<String>,
    no_picture: &'static str,
    verdict: &'static str,
    named_here: Vec<&'a super::document::Controller>,
    named_elsewhere: Vec<&'a super::document::Controller>,
    controls: Vec<ControlView<'a>>,
    categories: Vec<String>,
    choice: Option<ChoiceView>,
    failed: Vec<FindingView<'a>>,
    open: Vec<FindingView<'a>>,
    passed: Vec<FindingView<'a>>,
}

#[derive(Serialize)]
struct ControlView<'a> {
    control: &'a Control,
    state: &'static str,
    moment: Option<String>,
}

#[derive(Serialize)]
struct FindingView<'a> {
    #[serde(serialize_with = "shown_of")]
    finding: &'a Finding,
    code: String,
    title: String,
    why: String,
    seen: Vec<SeenView<'a>>,
    measured: Vec<(String, String)>,
    items: Vec<ItemView>,
}

/// What the template shows of a finding itself: all of it, for every finding of a long scan, would fill
/// the memory.
fn shown_of<S: Serializer>(finding: &&Finding, to: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Shown<'a> {
        rule: &'a str,
        severity: Severity,
        message: &'a str,
        reason: &'a Option<Reason>,
        remedy: &'a Option<String>,
        basis: &'a [Basis],
        word: &'a Option<PersonsWord>,
    }
    let failed = finding.outcome == Outcome::Failed;
    let shown = Shown {
        rule: &finding.rule,
        severity: finding.severity,
        message: &finding.message,
        reason: &finding.reason,
        remedy: &finding.remedy,
        basis: if failed { &finding.basis } else { &[] },
        word: &finding.word,
    };
    shown.serialize(to)
}

/// What the template shows of a report beside its forms.
#[derive(Serialize)]
struct ReportView<'a> {
    tool: &'a Tool,
    scan: &'a Scan,
    summary: &'a Summary,
    pages: &'a [Page],
}

/// One part of what a rule asks.
#[derive(Serialize)]
struct ItemView {
    title: String,
    outcome: String,
    severity: String,
    quote: String,
    place: String,
    because: String,
}

#[derive(Serialize)]
struct SeenView<'a> {
    quote: Option<&'a str>,
    locator: &'a str,
    capture: &'a str,
    taken_at: Option<&'a str>,
    /// A `data:` address, or a path beside the report.
    picture: Option<String>,
    /// Of the picture, in CSS pixels: telephones are pictured with several image pixels to one.
    width: Option<u32>,
    full_picture: Option<String>,
    /// Where the picture stands as a file, told where it cannot be linked.
    file: Option<&'a str>,
}

/// Writes the report. `base` leads from the report's folder to the one the pictures' paths start at.
///
/// # Errors
/// Only a mistake in the built-in template.
pub fn html(
    report: &Report,
    ruleset: &Ruleset,
    embedded: &Embedded,
    language: &str,
    base: &str,
) -> Result<String, String> {
    let more = Value::UNDEFINED;
    write(
        "report.html",
        report,
        ruleset,
        embedded,
        language,
        Some(base),
        more,
    )
}

/// Writes the report by one of its templates, which gets `more`. Without a `base` nothing stands beside the
/// report: it shows the pictures that it holds, and links none.
pub(super) fn write(
    template: &str,
    report: &Report,
    ruleset: &Ruleset,
    embedded: &Embedded,
    language: &str,
    base: Option<&str>,
    more: Value,
) -> Result<String, String> {
    let words = ReportWords::new(language);
    let mut room = EMBEDDED_LIMIT;
    let details = details(report, &words);
    let forms = forms(report, ruleset, embedded, language, base, &mut room, &words);
    let mut engine = Environment::new();
    engine.set_auto_escape_callback(|_| AutoEscape::Html);
    engine.add_function("t", move |key: &str, arguments: Kwargs| {
        let given: Vec<(String, FluentValue)> = arguments
            .args()
            .filter_map(|name| {
                let value: Value = arguments.get(name).ok()?;
                let value = match i64::try_from(value.clone()) {
                    Ok(number) => FluentValue::from(number),
                    Err(_) => FluentValue::from(value.to_string()),
                };
                Some((name.to_string(), value))
            })
            .collect();
        let given: Vec<(&str, FluentValue)> = given
            .iter()
            .map(|(name, value)| (name.as_str(), value.clone()))
            .collect();
        Ok::<_, minijinja::Error>(words.get(key, &given))
    });
    engine.add_filter("link", |url: &str| {
        let web = url.starts_with("https://") || url.starts_with("http://");
        if web { url.to_string() } else { String::new() }
    });
    engine.add_filter("short", |text: &str| shortened(text, 180));
    engine.add_filter("second", |time: &str| {
        time.replace('T', " ").chars().take(19).collect::<String>()
    });
    engine.add_filter("clock", |time: &str| {
        time.chars().skip(11).take(8).collect::<String>()
    });
    let own_words = ReportWords::new(language);
    engine.add_filter("written", move |form: &str| {
        visits::written(form, &own_words)
    });
    engine.add_filter("minute", |time: &str| {
        time.replace('T', " ").chars().take(16).collect::<String>()
    });
    for (name, text) in TEMPLATES {
        let added = engine.add_template(name, text);
        added.map_err(|e| format!("{e:#}"))?;
    }
    let template = engine
        .get_template(template)
        .map_err(|e| format!("{e:#}"))?;
    template
        .render(context! {
            report => Value::from(Serde(ReportView {
                tool: &report.tool,
                scan: &report.scan,
                summary: &report.summary,
                pages: &report.pages,
            })),
            language => language,
            style => STYLE,
            base => base.unwrap_or_default(),
            more => more,
            forms => Value::from(Serde(&forms)),
            details => Value::from(Serde(&details)),
            verdict => report.summary.verdict.as_str(),
        })
        .map_err(|e| format!("{e:#}"))
}

fn forms<'a>(
    report: &'a Report,
    ruleset: &Ruleset,
    embedded: &Embedded,
    language: &str,
    base: Option<&str>,
    room: &mut usize,
    words: &ReportWords,
) -> Vec<FormView<'a>> {
    let collection = report
        .forms
        .iter()
        .filter(|form| form.kind == FormKind::Collection);
    let mut of_form: HashMap<&str, Vec<&Finding>> = HashMap::new();
    for finding in &report.findings {
        let form = finding.form.as_deref().unwrap_or_default();
        of_form.entry(form).or_default().push(finding);
    }
    let pages: HashMap<&str, &Page> = report.pages.iter().map(|p| (p.id.as_str(), p)).collect();
    let captures = report.pages.iter().flat_map(|page| &page.captures);
    let captures: HashMap<&str, &Capture> = captures.map(|c| (c.id.as_str(), c)).collect();
    let mut views: Vec<FormView> = collection
        .filter_map(|form| {
            let page = *pages.get(form.page.as_str())?;
            let picture = embedded
                .forms
                .get(&form.id)
                .and_then(|jpeg| data(jpeg, "image/jpeg", room));
            let mut embed = |png: &[u8]| data(png, "image/png", room);
            let own = of_form.get(form.id.as_str()).map_or(&[][..], Vec::as_slice);
            let choice = choice::choice(form, own, ruleset, embedded, language, words, &mut embed);
            let of_outcome = |outcome: Outcome, room: &mut usize| {
                let own = own.iter().filter(|f| f.outcome == outcome);
                let mut views: Vec<FindingView> = own
                    .map(|f| finding(f, &captures, ruleset, embedded, language, base, room))
                    .collect();
                views.sort_by_key(|view| std::cmp::Reverse(view.finding.severity));
                views
            };
            let failed = of_outcome(Outcome::Failed, room);
            let open = of_outcome(Outcome::CantTell, room);
            let passed = of_outcome(Outcome::Passed, room);
            let counts = failed.iter().any(|f| f.finding.severity > Severity::Info);
            let all = || failed.iter().chain(&open).chain(&passed);
            let verdict = match counts {
                true => Verdict::Failed,
                false => verdict_of(all().map(|view| view.finding.outcome)),
            };
            Some(FormView {
                number: 0,
                title: title(form, page),
                verdict: verdict.as_str(),
                picture,
                no_picture: if page.captures.iter().any(|c| !c.screenshots.is_empty()) {
                    "no-picture-other"
                } else {
                    "no-picture-static"
                },
                named_here: named(form, true),
                named_elsewhere: named(form, false),
                controls: form
                    .controls
                    .iter()
                    .filter(|control| control.role.is_marketing())
                    .map(|control| self::control(control, words))
                    .collect(),
                categories: categories(form),
                choice,
                form,
                page,
                failed,
                open,
                passed,
            })
        })
        .collect();
    // The worst form first; forms of one kind stay in the order they were met.
    views.sort_by_key(|view| match view.verdict {
        "failed" => 0,
        "cant_tell" => 1,
        _ => 2,
    });
    for (at, view) in views.iter_mut().enumerate() {
        view.number = at + 1;
    }
    views
}

fn title(form: &Form, page: &Page) -> String {
    let url = page.final_url.as_deref().unwrap_or(&page.url);
    let url = form.frame_url.as_deref().unwrap_or(url);
    let short = url
        .trim_start_matches("https://")
        .trim_start_matches("http://");
    short.chars().take(90).collect()
}

fn named(form: &Form, here: bool) -> Vec<&super::document::Controller> {
    form.controllers
        .iter()
        .filter(|c| (c.nearness == super::document::Nearness::Form) == here)
        .take(6)
        .collect()
}

fn categories(form: &Form) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for field in &form.fields {
        let name = serde_json::to_value(field.category).unwrap_or_default();
        let name = name.as_str().unwrap_or_default().to_string();
        if name != "other" && !out.contains(&name) {
            out.push(name);
        }
    }
    out
}

fn control<'a>(control: &'a Control, words: &ReportWords) -> ControlView<'a> {
    let settled = control.seen.len() > 1
        || control
            .seen
            .iter()
            .any(|seen| seen.capture.ends_with("settled"));
    ControlView {
        state: match (control.selected, settled) {
            _ if matches!(control.kind, ControlKind::Button | ControlKind::Link) => "state-pressed",
            (Some(true), _) => "state-on",
            (Some(false), true) => "state-off",
            _ => "state-unknown",
        },
        moment: control
            .selected_at
            .map(|moment: Moment| words.word(&format!("moment-{}", moment.as_str()))),
        control,
    }
}

fn finding<'a>(
    finding: &'a Finding,
    captures: &HashMap<&'a str, &'a Capture>,
    ruleset: &Ruleset,
    embedded: &Embedded,
    language: &str,
    base: Option<&str>,
    room: &mut usize,
) -> FindingView<'a> {
    let rule = ruleset.rule(&finding.rule);
    // What passed is a line without its places.
    let whole = finding.outcome != Outcome::Passed;
    // Several parts of one finding may be missing at one place: it is shown once.
    let mut shown = HashSet::new();
    let seen = finding
        .observations
        .iter()
        .take(if whole { usize::MAX } else { 0 })
        .filter(|seen| shown.insert((&seen.quote, &seen.locator, &seen.capture, &seen.crop)));
    FindingView {
        code: rule.map(|rule| rule.code.clone()).unwrap_or_default(),
        title: rule.map_or_else(
            || finding.rule.clone(),
            |rule| in_language(&rule.title, language).to_string(),
        ),
        why: rule.map_or_else(String::new, |rule| {
            in_language(&rule.why, language).to_string()
        }),
        seen: seen
            .map(|seen| {
                let capture = captures.get(seen.capture.as_str());
                let crop = seen.crop.as_ref();
                let png = crop.and_then(|path| embedded.crops.get(path));
                let inline = png.and_then(|png| data(png, "image/png", room));
                let shot = capture.and_then(|capture| capture.screenshots.first());
                SeenView {
                    quote: seen.quote.as_deref(),
                    locator: &seen.locator,
                    capture: &seen.capture,
                    taken_at: capture.map(|capture| capture.taken_at.as_str()),
                    picture: inline.or_else(|| base.and(crop.cloned())),
                    width: png.zip(shot).and_then(|(png, shot)| width(png, shot.scale)),
                    file: crop.filter(|_| base.is_none()).map(String::as_str),
                    full_picture: base
                        .zip(shot)
                        .map(|(base, picture)| format!("{base}{}", picture.path)),
                }
            })
            .collect(),
        measured: if whole {
            measured(finding, ruleset, language)
        } else {
            Vec::new()
        },
        items: if whole {
            items(finding, rule, ruleset, language)
        } else {
            Vec::new()
        },
        finding,
    }
}

/// The parts of what a rule asks, in the rule's order.
fn items(
    finding: &Finding,
    rule: Option<&Rule>,
    ruleset: &Ruleset,
    language: &str,
) -> Vec<ItemView> {
    let rows = finding.measured.get("items").and_then(|v| v.as_array());
    let of = |row: &serde_json::Value, name: &str| -> String {
        row.get(name)
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default()
            .to_string()
    };
    rows.into_iter()
        .flatten()
        .map(|row| {
            let id = of(row, "item");
            let item = rule.and_then(|rule| rule.items.iter().find(|item| item.id == id));
            let title = item.map(|item| in_language(&item.title, language).to_string());
            let because = of(row, "because");
            ItemView {
                title: title.unwrap_or(id),
                outcome: of(row, "outcome"),
                severity: of(row, "severity"),
                quote: shortened(&of(row, "quote"), 160),
                place: ruleset.words.word(&of(row, "where"), language).to_string(),
                because: if because.is_empty() {
                    because
                } else {
                    ruleset.words.because(&because, language).to_string()
                },
            }
        })
        .collect()
}

/// The measured values that are not already in the message or the quote.
fn measured(finding: &Finding, ruleset: &Ruleset, language: &str) -> Vec<(String, String)> {
    const SHOWN_ELSEWHERE: [&str; 11] = [
        "items", "label", "sentence", "quote", "because", "name", "language", "what", "faces",
        "here", "there",
    ];
    finding
        .measured
        .iter()
        .filter(|(name, _)| !SHOWN_ELSEWHERE.contains(&name.as_str()))
        .map(|(name, value)| {
            let word = |value: &serde_json::Value| match value {
                serde_json::Value::String(text) => ruleset.words.word(text, language).to_string(),
                serde_json::Value::Bool(yes) => ruleset
                    .words
                    .word(if *yes { "yes" } else { "no" }, language)
                    .to_string(),
                other => decimal(&other.to_string(), language),
            };
            let shown = match value {
                serde_json::Value::Array(list) => {
                    list.iter().map(word).collect::<Vec<_>>().join(", ")
                }
                value => word(value),
            };
            (
                ruleset.words.measure(name, language).replace('_', " "),
                shown,
            )
        })
        .filter(|(_, shown)| !shown.is_empty())
        .collect()
}

/// The width of a PNG in CSS pixels: its image pixels stand in its head.
fn width(png: &[u8], scale: f64) -> Option<u32> {
    let pixels: [u8; 4] = png.get(16..20)?.try_into().ok()?;
    let width = f64::from(u32::from_be_bytes(pixels)) / scale;
    (width.is_finite() && width >= 1.0).then_some(width.round() as u32)
}

/// A `data:` address, as long as there is room.
fn data(bytes: &[u8], kind: &str, room: &mut usize) -> Option<String> {
    let encoded = base64::engine::general_purpose::STANDARD.encode(bytes);
    *room = room.checked_sub(encoded.len())?;
    Some(format!("data:{kind};base64,{encoded}"))
}
