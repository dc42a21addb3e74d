//! A page's record and model to what the report says of it.
//!
//! It must not judge what stands there.

use crate::artifact;
use crate::artifact::Told;
use crate::model::{FormKind, FormModel};

use super::build::PageParts;
use super::document::{Capture, Gap, LeftOut, Page};
use super::visits::{Marks, visit};
use super::words::ReportWords;

pub fn left_out(left: &artifact::LeftOut, words: &ReportWords) -> LeftOut {
    LeftOut {
        target: left.target.clone(),
        url: left.url.clone(),
        why: words.told(&left.why),
    }
}

pub fn page(parts: &PageParts, words: &ReportWords) -> Page {
    let record = parts.record;
    let marks = parts.model.map(Marks::of).unwrap_or_default();
    let mut gaps = record.gaps.clone();
    if let Some(model) = parts.model {
        for gap in &model.gaps {
            if !gaps.contains(gap) {
                gaps.push(gap.clone());
            }
        }
        gaps.extend(model.forms.iter().filter_map(covered));
    }
    Page {
        id: record.id.clone(),
        target: record.target.clone(),
        url: record.url.clone(),
        final_url: record.final_url.clone(),
        http_status: record.http_status,
        role: parts.model.map_or(record.role, |model| model.role),
        status: record.status,
        status_detail: record.status_detail.as_ref().map(|why| words.told(why)),
        lang: parts.model.and_then(|model| model.language.clone()),
        captures: record
            .captures
            .iter()
            .map(|capture| Capture {
                id: capture.id.clone(),
                profile: capture.profile.clone(),
                visit: capture.visit,
                step: capture.step,
                moment: capture.moment,
                taken_at: capture.taken_at.clone(),
                screenshots: capture.screenshots.clone(),
                dom: capture.dom.clone(),
                original: capture.original.clone(),
            })
            .collect(),
        visits: record.visits.iter().map(|v| visit(v, &marks)).collect(),
        gaps: gaps
            .iter()
            .map(|gap| Gap {
                what: words.told(&gap.what),
                why: words.told(&gap.why),
            })
            .collect(),
    }
}

/// A layer over a collection form hides it from the picture, and perhaps from the visitor.
fn covered(form: &FormModel) -> Option<artifact::Gap> {
    let words = form
        .covered_by
        .as_ref()
        .filter(|_| form.kind == FormKind::Collection)?;
    Some(artifact::Gap::new(
        Told::of("form-at-first").with("locator", form.place.locator.as_str()),
        Told::of("covered").with("words", words.as_str()),
    ))
}
