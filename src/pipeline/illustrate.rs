//! The pictures of a judgement: the marked place of each finding, and each form with its marks.

use std::collections::{BTreeMap, HashMap};

use crate::artifact::{PageRecord, Rect};
use crate::capture::{Folder, sha256};
use crate::evaluate;
use crate::finding::{Finding, Observation, Outcome};
use crate::model::{FormKind, FormModel, PageModel};
use crate::report::{Cutout, Mark, Pictures};

/// What crops are called: this and the start of the hash of their content.
pub const CROP: &str = "screenshots/crop-";

/// Places of one finding that are shown.
const MOST_OF_ONE_FINDING: usize = 6;
/// Crops of one scan.
const MOST_CROPS: usize = 400;

/// The pictures of a judgement, by the names the report uses.
#[derive(Debug, Default)]
pub struct Illustrated {
    /// PNG, by path below the report's folder.
    pub crops: BTreeMap<String, Vec<u8>>,
    /// JPEG, by form id.
    pub forms: BTreeMap<String, Vec<u8>>,
    /// What is pressed to accept and to refuse, by form id.
    pub pairs: BTreeMap<String, [Cutout; 2]>,
    /// The crop of a place.
    paths: BTreeMap<Key, String>,
}

/// Capture, box and kind of mark.
type Key = (String, [i64; 4], bool);

impl Illustrated {
    /// The path of the crop that shows what a finding rests on.
    pub fn crop_of(&self, finding: &Finding, seen: &Observation) -> Option<String> {
        let mark = mark(finding)?;
        self.paths.get(&key(seen, mark)?).cloned()
    }
}

/// Cuts and marks what the findings point at. The same captures and findings give the same bytes.
pub fn illustrate(
    folder: &Folder,
    pages: &[PageRecord],
    models: &[Option<PageModel>],
    findings: &[Finding],
) -> Illustrated {
    let load = |path: &str| folder.read(path).ok();
    let mut pictures = Pictures::new(&load);
    for capture in pages.iter().flat_map(|page| &page.captures) {
        pictures.add(&capture.id, &capture.screenshots);
    }
    let mut out = Illustrated::default();
    // Where there are more places than room, failures are shown.
    let failed = |finding: &&Finding| finding.outcome == Outcome::Failed;
    let failures = findings.iter().filter(failed);
    let others = findings.iter().filter(|finding| !failed(finding));
    for finding in failures.chain(others) {
        let Some(mark) = mark(finding) else { continue };
        for seen in finding.observations.iter().take(MOST_OF_ONE_FINDING) {
            let (Some(key), Some(place)) = (key(seen, mark), seen.bounds) else {
                continue;
            };
            if out.paths.contains_key(&key) || out.paths.len() >= MOST_CROPS {
                continue;
            }
            if let Some(png) = pictures.crop(&seen.capture, place, mark) {
                let path = format!("{CROP}{}.png", &sha256(&png)[..16]);
                out.crops.insert(path.clone(), png);
                out.paths.insert(key, path);
            }
        }
    }
    let mut of_form: HashMap<&str, Vec<&Finding>> = HashMap::new();
    for finding in findings {
        let form = finding.form.as_deref().unwrap_or_default();
        of_form.entry(form).or_default().push(finding);
    }
    for model in models.iter().flatten() {
        for (at, form) in model.forms.iter().enumerate() {
            let id = evaluate::form_id(model, at);
            let Some(place) = form
                .place
                .bounds
                .filter(|_| form.kind == FormKind::Collection)
            else {
                continue;
            };
            let findings = of_form.get(id.as_str()).map_or(&[][..], Vec::as_slice);
            let marks = marks(&form.seen.capture, findings);
            if let Some(jpeg) = pictures.form(&form.seen.capture, place, &marks) {
                out.forms.insert(id.clone(), jpeg);
            }
            if let Some(pair) = pair(form, &mut pictures) {
                out.pairs.insert(id, pair);
            }
        }
    }
    out
}

/// Both sides of a choice by buttons, where both were seen.
fn pair(form: &FormModel, pictures: &mut Pictures) -> Option<[Cutout; 2]> {
    let sides = [form.agreeing()?, form.refusing()?];
    let [accept, refuse] = sides.map(|button| {
        let look = button.look.as_ref().filter(|look| look.shown())?;
        pictures.cutout(&button.seen.capture, look.bounds)
    });
    Some([accept?, refuse?])
}

fn mark(finding: &Finding) -> Option<Mark> {
    match finding.outcome {
        Outcome::Failed => Some(Mark::Failed),
        Outcome::CantTell => Some(Mark::CantTell),
        _ => None,
    }
}

fn key(seen: &Observation, mark: Mark) -> Option<Key> {
    let bounds = seen.bounds?.rounded();
    Some((seen.capture.clone(), bounds, mark == Mark::Failed))
}

/// What is marked in a form's picture: open points first, so that failures are drawn over them.
fn marks(capture: &str, findings: &[&Finding]) -> Vec<(Rect, Mark)> {
    let of = |outcome: Outcome| {
        findings
            .iter()
            .filter(move |f| f.outcome == outcome)
            .filter_map(|f| Some((f, mark(f)?)))
            .flat_map(|(f, mark)| f.observations.iter().map(move |seen| (seen, mark)))
            .filter(|(seen, _)| seen.capture == capture)
            .filter_map(|(seen, mark)| Some((seen.bounds?, mark)))
            .collect::<Vec<_>>()
    };
    let mut marks = of(Outcome::CantTell);
    marks.extend(of(Outcome::Failed));
    marks
}
