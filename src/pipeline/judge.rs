//! The second half of a scan: stored captures and rules to a report. No browser, no network.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use crate::artifact::{PageRecord, RECORD_FORMAT, ScanRecord};
use crate::capture::Folder;
use crate::checks::PageView;
use crate::evaluate::{self, Decided, JudgedPage, Options};
use crate::finding::{Finding, KnownProvisions};
use crate::model::{FormModel, PageModel, Request};
use crate::report::{self, Format, JudgedBy, LawSetting, OwnRuleFile, PageParts, Report};
use crate::ruleset::{Ruleset, in_language};

use super::capture::read_model;
use super::illustrate::{Illustrated, illustrate};
use super::in_view::put_in_view;
use super::{PAGES_FILE, SCAN_FILE, together};

/// How to judge.
#[derive(Debug, Clone)]
pub struct JudgeOptions {
    pub jurisdictions: Vec<String>,
    /// What the leads are for; without a day in it, the day of the capture counts.
    pub request: Request,
    /// Answers to open questions of law, by setting.
    pub law: BTreeMap<String, String>,
    pub language: String,
    /// Written besides HTML and JSON; the report lists their files.
    pub formats: BTreeSet<Format>,
    pub only: BTreeSet<String>,
    pub disabled: BTreeSet<String>,
    /// What people said about findings.
    pub decided: Vec<Decided>,
}

impl JudgeOptions {
    /// How to evaluate the rules; `as_of` is the day whose law counts where the request names none.
    pub fn evaluation(&self, as_of: &str) -> Options {
        let mut request = self.request.clone();
        if request.as_of.is_empty() {
            request.as_of = as_of.to_string();
        }
        Options {
            jurisdictions: self.jurisdictions.clone(),
            request,
            law: self.law.clone(),
            language: self.language.clone(),
            only: self.only.clone(),
            disabled: self.disabled.clone(),
        }
    }
}

/// A judged scan: the report, and the pictures that stand in it.
pub struct Judged {
    pub report: Report,
    /// What people said and no finding concerns.
    pub unused: Vec<Decided>,
    pub pictures: Illustrated,
    pub formats: BTreeSet<Format>,
}

/// Why a folder cannot be judged.
#[derive(Debug, thiserror::Error)]
pub enum JudgeError {
    #[error("{0} holds no capture: {1} is missing or cannot be read ({2})")]
    NoCapture(String, &'static str, std::io::Error),
    #[error("{0} is not a capture record: {1}")]
    Broken(&'static str, String),
    #[error(
        "the capture was made by a newer version (format {0}); this one reads format {RECORD_FORMAT}"
    )]
    Newer(u32),
}

/// Judges what a folder holds.
///
/// # Errors
/// Where the folder holds no capture that can be read.
pub fn judge(
    folder: &Folder,
    ruleset: &Ruleset,
    options: &JudgeOptions,
) -> Result<Judged, JudgeError> {
    let (scan, pages) = records(folder)?;
    let day = scan.started_at.get(..10).unwrap_or_default().to_string();
    let by = options.evaluation(&day);
    let (models, mut findings) = judge_pages(&pages, folder, ruleset, &by);
    let by_id: HashMap<&str, &PageRecord> =
        pages.iter().map(|page| (page.id.as_str(), page)).collect();
    let urls = |finding: &Finding| {
        let record = by_id.get(finding.page.as_str());
        let urls = record.map(|record| [Some(record.url.as_str()), record.final_url.as_deref()]);
        urls.into_iter().flatten().flatten().collect()
    };
    let forms: HashMap<String, &FormModel> = models
        .iter()
        .flatten()
        .flat_map(|model| {
            let forms = model.forms.iter().enumerate();
            forms.map(move |(at, form)| (evaluate::form_id(model, at), form))
        })
        .collect();
    let label = |finding: &Finding| {
        let form = finding.form.as_ref().and_then(|id| forms.get(id));
        let control = form
            .zip(finding.control)
            .and_then(|(f, at)| f.controls.get(at));
        control.map_or("", |control| control.label.as_str())
    };
    let unused = evaluate::put_words(&mut findings, &options.decided, &day, urls, label);
    let unused = unused.into_iter().cloned().collect();
    let pictures = illustrate(folder, &pages, &models, &findings);
    let parts: Vec<PageParts> = pages
        .iter()
        .zip(&models)
        .map(|(record, model)| PageParts {
            record,
            model: model.as_ref(),
        })
        .collect();
    let report = report::build(
        &scan,
        &parts,
        findings,
        &JudgedBy {
            jurisdictions: options.jurisdictions.clone(),
            request: by.request,
            law: law_settings(ruleset, options),
            language: options.language.clone(),
            only: options.only.iter().cloned().collect(),
            disabled: options.disabled.iter().cloned().collect(),
            ruleset_sha256: ruleset.sha256.clone(),
            packs: options.jurisdictions.clone(),
            own: ruleset
                .own
                .iter()
                .map(|file| OwnRuleFile {
                    path: file.path.clone(),
                    replaces: file.replaces,
                })
                .collect(),
            packs_not_chosen: ruleset
                .packs
                .keys()
                .filter(|pack| !options.jurisdictions.contains(pack))
                .cloned()
                .collect(),
        },
        |finding, seen| pictures.crop_of(finding, seen),
        files(
            folder.root(),
            &pages,
            pictures.crops.keys(),
            &options.formats,
        ),
    );
    Ok(Judged {
        unused,
        report,
        pictures,
        formats: options.formats.clone(),
    })
}

/// Judges the pages group by group. Gives what reports tell of them, and the findings in the pages' order.
fn judge_pages(
    pages: &[PageRecord],
    folder: &Folder,
    ruleset: &Ruleset,
    by: &Options,
) -> (Vec<Option<PageModel>>, Vec<Finding>) {
    let mut models: Vec<Option<PageModel>> = Vec::new();
    models.resize_with(pages.len(), || None);
    let mut findings: Vec<Vec<Finding>> = Vec::new();
    findings.resize_with(pages.len(), Vec::new);
    let mut provisions = KnownProvisions::default();
    let mut together = together::groups(pages, folder, ruleset);
    for group in together.groups {
        let read = group.iter().map(|at| {
            let known = together.read.remove(at);
            known.unwrap_or_else(|| read_model(&pages[*at], folder, ruleset))
        });
        let mut read: Vec<Option<PageModel>> = read.collect();
        let judged: Vec<JudgedPage> = group
            .iter()
            .zip(&read)
            .map(|(&at, model)| JudgedPage {
                url: &pages[at].url,
                final_url: pages[at].final_url.as_deref(),
                view: PageView {
                    status: pages[at].status,
                    http_status: pages[at].http_status,
                    model: model.as_ref(),
                },
            })
            .collect();
        let mut found = evaluate::evaluate(&judged, ruleset, by);
        provisions.share(&mut found);
        put_in_view(&mut found, &read);
        let places: HashMap<&str, usize> = group
            .iter()
            .map(|&at| (pages[at].id.as_str(), at))
            .collect();
        for finding in found {
            if let Some(&at) = places.get(finding.page.as_str()) {
                findings[at].push(finding);
            }
        }
        for (&at, model) in group.iter().zip(&mut read) {
            models[at] = model.take().map(|mut model| {
                // Reports tell of forms and parties. Texts are most of what a page holds.
                model.forget_texts();
                model
            });
        }
    }
    (models, findings.into_iter().flatten().collect())
}

/// The open questions of the chosen packs, with the answers judged by.
fn law_settings(ruleset: &Ruleset, options: &JudgeOptions) -> Vec<LawSetting> {
    let text = |text| in_language(text, &options.language).to_string();
    let concerns = |packs: &[String]| packs.iter().any(|p| options.jurisdictions.contains(p));
    let settings = ruleset.packs.values().flat_map(|pack| &pack.settings);
    settings
        .filter(|setting| setting.value.iter().any(|value| concerns(&value.r#in)))
        .filter_map(|setting| {
            let chosen = options.law.get(&setting.id).unwrap_or(&setting.default);
            let value = setting.value.iter().find(|value| value.id == *chosen)?;
            Some(LawSetting {
                id: setting.id.clone(),
                value: value.id.clone(),
                title: text(&setting.title),
                answer: text(&value.title),
                why: text(&setting.why),
            })
        })
        .collect()
}

/// The pages that a folder holds, in the order they were planned.
///
/// # Errors
/// Where the folder holds no capture that can be read.
pub fn stored_pages(folder: &Folder) -> Result<Vec<PageRecord>, JudgeError> {
    records(folder).map(|(_, pages)| pages)
}

/// The records of a folder, pages in the order they were planned.
pub(super) fn records(folder: &Folder) -> Result<(ScanRecord, Vec<PageRecord>), JudgeError> {
    let name = folder.root().display().to_string();
    let missing = |file, e| JudgeError::NoCapture(name.clone(), file, e);
    let text = folder.read(SCAN_FILE).map_err(|e| missing(SCAN_FILE, e))?;
    let version: serde_json::Value =
        serde_json::from_slice(&text).map_err(|e| JudgeError::Broken(SCAN_FILE, e.to_string()))?;
    let format = version.get("format").and_then(serde_json::Value::as_u64);
    if let Some(newer) = format.filter(|format| *format > u64::from(RECORD_FORMAT)) {
        return Err(JudgeError::Newer(newer as u32));
    }
    let scan: ScanRecord = serde_json::from_value(version)
        .map_err(|e| JudgeError::Broken(SCAN_FILE, e.to_string()))?;
    let text = match folder.read(PAGES_FILE) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(e) => return Err(missing(PAGES_FILE, e)),
    };
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let mut pages = Vec::with_capacity(lines.len());
    for (at, line) in lines.iter().enumerate() {
        match serde_json::from_str::<PageRecord>(line) {
            Ok(record) => pages.push(record),
            // A process that was killed leaves half a last line; what came before it counts.
            Err(_) if at + 1 == lines.len() && scan.ended_at.is_none() => break,
            Err(e) => return Err(JudgeError::Broken(PAGES_FILE, e.to_string())),
        }
    }
    pages.sort_by_key(|page| page.number);
    Ok((scan, pages))
}

/// Every file that the capture and this judgement wrote, sorted. Files that somebody else put into the
/// folder, and crops of other judgements, are not ours.
fn files<'a>(
    root: &Path,
    pages: &[PageRecord],
    crops: impl Iterator<Item = &'a String>,
    formats: &BTreeSet<Format>,
) -> Vec<String> {
    let mut out = captured_files(root, pages);
    out.extend(["report.html", "report.json"].map(str::to_string));
    out.extend(crops.cloned());
    // A PDF is listed once it is printed.
    let written = formats.iter().filter(|format| **format != Format::Pdf);
    out.extend(written.map(|format| format.file().to_string()));
    out.sort();
    out.dedup();
    out
}

/// The files of the capture itself, sorted.
pub(super) fn captured_files(root: &Path, pages: &[PageRecord]) -> Vec<String> {
    let mut out = vec![SCAN_FILE.to_string()];
    if root.join(PAGES_FILE).is_file() {
        out.push(PAGES_FILE.to_string());
    }
    let captures = pages.iter().flat_map(|page| &page.captures);
    for capture in captures {
        out.extend(capture.dom.iter().map(|file| file.path.clone()));
        out.extend(capture.frames.iter().map(|frame| frame.dom.path.clone()));
        out.extend(capture.original.iter().map(|file| file.path.clone()));
        out.extend(capture.network.iter().map(|file| file.path.clone()));
        out.extend(capture.screenshots.iter().map(|shot| shot.path.clone()));
        let bodies = format!("captures/{}/bodies", capture.id);
        let kept = std::fs::read_dir(root.join(&bodies)).into_iter().flatten();
        // Bodies are named by the start of their hash.
        let named = kept
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned());
        let hashes = named.filter(|n| n.len() == 32 && n.chars().all(|c| c.is_ascii_hexdigit()));
        out.extend(hashes.map(|name| format!("{bodies}/{name}")));
    }
    out.sort();
    out.dedup();
    out
}
