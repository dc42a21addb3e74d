//! The formats that are written where somebody asks for them; HTML and JSON always are.

use crate::ruleset::Ruleset;

use super::document::Report;
use super::threshold::Threshold;
use super::{csv, junit, markdown};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    Csv,
    Junit,
    Markdown,
    /// Printed by a browser from [`printed`](super::printed); it has no text of its own.
    Pdf,
}

impl Format {
    /// What its file is called, beside `report.html`.
    pub fn file(self) -> &'static str {
        match self {
            Format::Csv => "report.csv",
            Format::Junit => "report.junit.xml",
            Format::Markdown => "report.md",
            Format::Pdf => "report.pdf",
        }
    }

    /// The report in this format, in the language that its settings name; `None` where a browser prints it.
    ///
    /// # Errors
    /// Where the text cannot be put together.
    pub fn text(
        self,
        report: &Report,
        ruleset: &Ruleset,
        threshold: &Threshold,
    ) -> Result<Option<String>, String> {
        Ok(Some(match self {
            Format::Csv => csv::csv(report, ruleset)?,
            Format::Junit => junit::junit(report, ruleset, threshold)?,
            Format::Markdown => markdown::markdown(report, ruleset),
            Format::Pdf => return Ok(None),
        }))
    }
}
