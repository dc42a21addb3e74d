//! Points observations at the moment where what they name can be seen: a control of a later step is hidden
//! in the document that its form was first read in.
//!
//! It must not change what a finding says.

use std::collections::HashMap;

use crate::finding::{Finding, Observation};
use crate::model::{Control, PageModel};

/// Moves observations without a box to a later capture of the same opening that shows their control.
pub fn put_in_view(findings: &mut [Finding], models: &[Option<PageModel>]) {
    let pages: HashMap<&str, &PageModel> = models
        .iter()
        .flatten()
        .map(|model| (model.id.as_str(), model))
        .collect();
    for finding in findings {
        let Some(page) = pages.get(finding.page.as_str()) else {
            continue;
        };
        let hidden = finding.observations.iter_mut();
        for seen in hidden.filter(|seen| seen.bounds.is_none()) {
            show(seen, page);
        }
    }
}

fn show(observation: &mut Observation, page: &PageModel) {
    let opening = opening(&observation.capture);
    let pages = std::iter::once(page).chain(page.faces.iter().map(|face| &face.page));
    let named = |control: &&Control| {
        control.place.locator == observation.locator
            && observation
                .quote
                .as_ref()
                .is_none_or(|quote| *quote == control.label)
    };
    let shown = pages
        .flat_map(|page| &page.forms)
        .flat_map(|form| &form.controls)
        .filter(named)
        .flat_map(|control| &control.seen)
        .find(|seen| {
            seen.visible == Some(true)
                && seen.bounds.is_some()
                && self::opening(&seen.capture) == opening
        });
    if let Some(shown) = shown {
        observation.capture = shown.capture.to_string();
        observation.bounds = shown.bounds;
    }
}

/// Page, device and visit of a capture's id: `p3-desktop-v1` of `p3-desktop-v1-s2-step`.
fn opening(capture: &str) -> &str {
    let end = capture.match_indices('-').nth(2).map(|(at, _)| at);
    &capture[..end.unwrap_or(capture.len())]
}
