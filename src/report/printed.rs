//! The report as a file to hand over, on paper: a cover, method and conditions, what was found, limits, how to
//! verify it, and the hashes of what it rests on.
//!
//! It gives HTML for a browser to print, with everything in it. It must not know which browser, nor where the
//! file goes. Everything from a page is escaped and bounded, as in `report.html`, whose parts it takes.

use minijinja::value::Serde;
use minijinja::{Environment, Value, context};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::ruleset::Ruleset;

use super::document::{Page, Report};
use super::html::{self, Embedded};
use super::line::shortened;
use super::words::ReportWords;

/// A document to print, and what stands above and below each of its pages.
#[derive(Debug, Clone)]
pub struct Printed {
    pub html: String,
    pub header: String,
    pub footer: String,
}

const STYLE: &str = include_str!("printed/printed.css");
/// Chrome fills in the elements of class `pageNumber` and `totalPages`; styles of the document do not reach
/// these.
const HEADER: &str = r#"<div style="font:7.5pt 'Liberation Sans',Arial,sans-serif;color:#59626e;width:100%;padding:0 16mm;display:flex;justify-content:space-between"><span>{{ title }}</span><span>{{ target }}</span></div>"#;
const FOOTER: &str = r#"<div style="font:7.5pt 'Liberation Sans',Arial,sans-serif;color:#59626e;width:100%;padding:0 16mm;display:flex;justify-content:space-between"><span>{{ scan }}</span><span><span class="pageNumber"></span> / <span class="totalPages"></span></span></div>"#;
/// Targets on the cover; with more, the list of all stands with the findings.
const COVER_TARGETS: usize = 6;
/// Rows of the table of hashes, and openings that are told one by one: a long scan's stand in report.json.
const MOST_ROWS: usize = 600;
const MOST_VISITS: usize = 60;

/// The files of one page; those of no page are the cuts that findings show.
#[derive(Serialize)]
struct Group<'a> {
    page: Option<&'a str>,
    url: &'a str,
    rows: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    taken_at: &'a str,
    path: &'a str,
    sha256: String,
}

/// Writes the file. `sealed` says that it goes into the pack of its scan.
///
/// # Errors
/// Only a mistake in the built-in templates.
pub fn printed(
    report: &Report,
    ruleset: &Ruleset,
    embedded: &Embedded,
    language: &str,
    sealed: bool,
) -> Result<Printed, String> {
    let captures = || report.pages.iter().flat_map(|page| &page.captures);
    let times = || captures().map(|capture| capture.taken_at.as_str());
    let (groups, left_out) = bounded(groups(report, embedded));
    let pictures = captures().flat_map(|capture| &capture.screenshots);
    let visits: usize = report.pages.iter().map(|page| page.visits.len()).sum();
    let gaps: usize = report.pages.iter().map(|page| page.gaps.len()).sum();
    let more = context! {
        style => STYLE,
        sealed => sealed,
        evidence => Value::from(Serde(&report.evidence)),
        cover_targets => COVER_TARGETS,
        first => times().min(),
        last => times().max(),
        gaps => gaps,
        visits => visits > 0 && visits <= MOST_VISITS,
        example => pictures.map(|picture| picture.path.as_str()).next(),
        groups => Value::from(Serde(&groups)),
        left_out => left_out,
    };
    let words = ReportWords::new(language);
    let targets = report.scan.targets.iter();
    let targets: Vec<&str> = targets.map(|target| target.url.as_str()).collect();
    let tool = &report.tool;
    let line = context! {
        title => words.word("file-title"),
        target => shortened(&targets.join(", "), 70),
        scan => format!("{} {} · {} {}", words.word("scan-id"), report.scan.id, tool.name, tool.version),
    };
    // The name says that it is HTML, so that everything is escaped.
    let edge = |template| {
        let engine = Environment::new();
        let text = engine.render_named_str("edge.html", template, &line);
        text.map_err(|e| format!("{e:#}"))
    };
    Ok(Printed {
        html: html::write(
            "printed.html",
            report,
            ruleset,
            embedded,
            language,
            None,
            more,
        )?,
        header: edge(HEADER)?,
        footer: edge(FOOTER)?,
    })
}

/// What the file rests on: the stored documents and pictures of each page, and the cuts that it shows.
fn groups<'a>(report: &'a Report, embedded: &'a Embedded) -> Vec<Group<'a>> {
    let mut groups: Vec<Group> = report.pages.iter().map(of_page).collect();
    let cuts = embedded.crops.iter().map(|(path, png)| Row {
        taken_at: "",
        path,
        sha256: hex(&Sha256::digest(png)),
    });
    groups.push(Group {
        page: None,
        url: "",
        rows: cuts.collect(),
    });
    groups.retain(|group| !group.rows.is_empty());
    groups
}

fn of_page(page: &Page) -> Group<'_> {
    let rows = page.captures.iter().flat_map(|capture| {
        let documents = capture.dom.iter().chain(&capture.original);
        let documents = documents.map(|file| (&file.path, &file.sha256));
        let pictures = capture.screenshots.iter();
        let pictures = pictures.map(|shot| (&shot.path, &shot.sha256));
        documents.chain(pictures).map(|(path, sha256)| Row {
            taken_at: &capture.taken_at,
            path,
            sha256: sha256.clone(),
        })
    });
    Group {
        page: Some(&page.id),
        url: page.final_url.as_deref().unwrap_or(&page.url),
        rows: rows.collect(),
    }
}

/// As many rows as a file should have, and how many are left out.
fn bounded(mut groups: Vec<Group>) -> (Vec<Group>, usize) {
    let mut room = MOST_ROWS;
    let mut left_out = 0;
    for group in &mut groups {
        left_out += group.rows.len().saturating_sub(room);
        group.rows.truncate(room);
        room -= group.rows.len();
    }
    groups.retain(|group| !group.rows.is_empty());
    (groups, left_out)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
