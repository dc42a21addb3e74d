//! `report.csv`: one line per finding, for spreadsheets and scripts.
//!
//! Every cell is quoted and holds one line. What a spreadsheet would take for a formula gets an
//! apostrophe in front (OWASP, "CSV injection"); `report.json` has the words as they were.

use csv::{QuoteStyle, Terminator, WriterBuilder};

use crate::ruleset::Ruleset;

use super::document::Report;
use super::line::one_line;
use super::located::{Located, located};
use super::words::ReportWords;

const HEADER: [&str; 19] = [
    "scan", "target", "vendor", "page", "form", "control", "rule", "code", "title", "outcome",
    "severity", "message", "reason", "quotes", "basis", "measured", "crops", "remedy", "said",
];

/// Between several values in one cell.
const BETWEEN: &str = " | ";

/// What a formula begins with, the wide forms of East Asian keyboards included. Tabs and line breaks,
/// which some programs skip, are spaces by then.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

pub fn csv(report: &Report, ruleset: &Ruleset) -> Result<String, String> {
    let mut out = WriterBuilder::new()
        .quote_style(QuoteStyle::Always)
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    let words = ReportWords::new(&report.scan.settings.language);
    out.write_record(HEADER).map_err(|e| e.to_string())?;
    for finding in located(report, ruleset) {
        let row = row(report, &finding, &words).map(|text| cell(&text));
        out.write_record(&row).map_err(|e| e.to_string())?;
    }
    let bytes = out.into_inner().map_err(|e| e.to_string())?;
    String::from_utf8(bytes).map_err(|e| e.to_string())
}

fn row(report: &Report, at: &Located, words: &ReportWords) -> [String; HEADER.len()] {
    let finding = at.finding;
    let vendor = at.target.and_then(|target| target.vendor.as_deref());
    let basis = at.law(|law| words.provision(law));
    [
        report.scan.id.clone(),
        at.target.map_or("", |target| &target.url).to_string(),
        vendor.unwrap_or_default().to_string(),
        at.address().to_string(),
        finding.form.clone().unwrap_or_default(),
        at.label().to_string(),
        finding.rule.clone(),
        at.code().to_string(),
        at.title(&report.scan.settings.language).to_string(),
        finding.outcome.as_str().to_string(),
        finding.severity.as_str().to_string(),
        finding.message.clone(),
        finding.reason.map_or("", |why| why.as_str()).to_string(),
        at.quotes().join(BETWEEN),
        basis.join("; "),
        serde_json::to_string(&finding.measured).unwrap_or_default(),
        at.crops().join(BETWEEN),
        finding.remedy.clone().unwrap_or_default(),
        at.said(words).unwrap_or_default(),
    ]
}

/// A cell that no spreadsheet computes. One that expects semicolons between cells begins a cell after
/// each of ours too.
fn cell(text: &str) -> String {
    let line = one_line(text);
    let parts: Vec<String> = line.split(';').map(harmless).collect();
    parts.join(";")
}

fn harmless(part: &str) -> String {
    if part.trim_start().starts_with(FORMULA) {
        format!("'{part}")
    } else {
        part.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_words() {
        for evil in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"] {
            assert!(cell(evil).starts_with('\''), "{evil:?}");
        }
        assert_eq!(cell("a;=cmd|' /C calc'!A0"), "a;'=cmd|' /C calc'!A0");
        assert_eq!(cell("one\r\ntwo"), "one  two");
        assert_eq!(cell("J'accepte - oui, merci"), "J'accepte - oui, merci");
    }
}
