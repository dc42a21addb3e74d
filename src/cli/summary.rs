//! What a scan found, on one screen, and the exit code it means.

use std::collections::{BTreeMap, HashMap};
use std::io::IsTerminal;
use std::path::Path;

use comfy_table::{Cell, CellAlignment, Color, Table, presets};
use fluent_bundle::FluentValue;

use crate::diag::{Exit, Failure};
use crate::finding::{Outcome, PersonsWord, Severity};
use crate::model::FormKind;
use crate::report::{self, Finding, Report, ReportWords, Verdict};

use super::args::TalkArgs;
use super::settings::OutputSettings;

/// Failed findings that are listed.
const MOST_LISTED: usize = 12;

/// Prints the report as JSON, or as a table for people.
pub fn show(
    report: &Report,
    out: &Path,
    output: &OutputSettings,
    talk: &TalkArgs,
) -> Result<(), Failure> {
    if output.json {
        return super::print_json(report);
    }
    if talk.quiet {
        return Ok(());
    }
    let colours = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    super::print(&text(report, out, output.language.tag(), colours))
}

/// The exit code of a finished scan.
pub fn exit(report: &Report, output: &OutputSettings) -> Exit {
    let threshold = &output.threshold;
    let mut targets = report.scan.targets.iter();
    if report.findings.iter().any(|f| threshold.counts(f)) {
        Exit::Failed
    } else if targets.any(|target| target.verdict.is_incomplete()) {
        Exit::Incomplete
    } else {
        Exit::Clean
    }
}

fn text(report: &Report, out: &Path, language: &str, colours: bool) -> String {
    let words = ReportWords::new(language);
    let mut text = format!("\n{}\n\n", table(report, &words, colours));
    text.push_str(&findings(report, &words));
    let path = super::scan::shown(out, "report.html");
    text.push_str(&words.get("report-at", &[("path", FluentValue::from(path))]));
    text.push('\n');
    text
}

fn table(report: &Report, words: &ReportWords, colours: bool) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    if colours {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    let heads = [
        "col-verdict",
        "col-failed",
        "col-open",
        "col-forms",
        "col-pages",
        "col-target",
    ];
    table.set_header(heads.map(|key| words.word(key)));
    // Grouped once: a scan may have thousands of targets.
    let pages = report.pages.iter();
    let targets: HashMap<&str, &str> = pages.map(|p| (p.id.as_str(), p.target.as_str())).collect();
    let mut findings: HashMap<&str, Vec<&Finding>> = HashMap::new();
    for finding in &report.findings {
        let target = targets.get(finding.page.as_str()).copied();
        let target = target.unwrap_or_default();
        findings.entry(target).or_default().push(finding);
    }
    let of_targets = |pages: &mut dyn Iterator<Item = &str>| {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for page in pages {
            let target = targets.get(page).copied().unwrap_or_default();
            *counts.entry(target).or_default() += 1;
        }
        counts
    };
    let forms = report.forms.iter();
    let forms = forms.filter(|form| form.kind == FormKind::Collection);
    let forms = of_targets(&mut forms.map(|form| form.page.as_str()));
    let pages = of_targets(&mut report.pages.iter().map(|page| page.id.as_str()));
    let details = report::details(report, words);
    for target in &report.scan.targets {
        let id = target.id.as_str();
        let own = |outcome| {
            let own = findings.get(id).into_iter().flatten();
            own.filter(|f| f.outcome == outcome)
                .filter(|f| f.severity > Severity::Info || outcome != Outcome::Failed)
                .count()
        };
        let number = |n: usize| Cell::new(n).set_alignment(CellAlignment::Right);
        let verdict = words.word(&format!("verdict-{}", target.verdict.as_str()));
        let mut verdict = Cell::new(verdict);
        if colours {
            verdict = verdict.fg(colour(target.verdict));
        }
        let detail = details
            .get(id)
            .map(|why| format!("\n{}", printable(why)))
            .unwrap_or_default();
        table.add_row([
            verdict,
            number(own(Outcome::Failed)),
            number(own(Outcome::CantTell)),
            number(forms.get(id).copied().unwrap_or_default()),
            number(pages.get(id).copied().unwrap_or_default()),
            Cell::new(format!("{}{detail}", printable(&target.url))),
        ]);
    }
    let lines: Vec<String> = table
        .lines()
        .map(|line| line.trim_end().to_string())
        .collect();
    lines.join("\n")
}

fn colour(verdict: Verdict) -> Color {
    match verdict {
        Verdict::Failed => Color::Red,
        Verdict::CantTell | Verdict::NotAssessed | Verdict::NoForm => Color::Yellow,
        Verdict::Passed => Color::Green,
    }
}

/// The failed findings, worst first and accepted ones last, each once however many forms share it.
fn findings(report: &Report, words: &ReportWords) -> String {
    let mut failed: Vec<&Finding> = report
        .findings
        .iter()
        .filter(|f| f.outcome == Outcome::Failed)
        .collect();
    let accepted = |f: &Finding| f.word.as_ref().is_some_and(PersonsWord::accepts);
    failed.sort_by_key(|f| (accepted(f), std::cmp::Reverse(f.severity)));
    let mut lines: Vec<(Severity, String)> = Vec::new();
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for finding in failed {
        // An answer stands in the message itself.
        let word = finding.word.as_ref().filter(|word| word.answer.is_none());
        let said = word.map(|word| format!(" [{}]", words.said(word)));
        let message = format!("{}{}", finding.message, said.unwrap_or_default());
        let line = format!("{}: {}", finding.rule, printable(&message));
        let seen = times.entry(line.clone()).or_default();
        *seen += 1;
        if *seen == 1 {
            lines.push((finding.severity, line));
        }
    }
    let mut text = String::new();
    for (severity, line) in lines.iter().take(MOST_LISTED) {
        let severity = words.word(&format!("severity-{}", severity.as_str()));
        let again = match times.get(line) {
            Some(n) if *n > 1 => format!(" (×{n})"),
            _ => String::new(),
        };
        text.push_str(&format!("  {severity:<8} {line}{again}\n"));
    }
    if lines.len() > MOST_LISTED {
        let more = (lines.len() - MOST_LISTED) as i64;
        text.push_str(&format!(
            "  {}\n",
            words.get("more-findings", &[("n", more.into())])
        ));
    }
    if !lines.is_empty() {
        text.push('\n');
    }
    text
}

/// A page's words may hold control characters, which would act on a terminal.
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
