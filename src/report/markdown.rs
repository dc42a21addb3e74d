//! `report.md`: a summary for a pull request or a ticket, in the report's language.
//!
//! Words that may come from a page are written so that they stay words: no markup, no table breaks, and
//! nothing that a forge turns into a link or a mention. Addresses of pages stand as code, to be copied.

use std::collections::BTreeMap;

use crate::finding::{Basis, Outcome, Severity};
use crate::ruleset::Ruleset;

use super::document::{Report, Target};
use super::line::{one_line, short_address, shortened};
use super::located::{Located, details, located};
use super::visits;
use super::words::ReportWords;

/// Rows of a table, items of a list.
const MOST_ROWS: usize = 60;
/// Characters of one text.
const MOST_WORDS: usize = 400;

/// One finding, and on how many further forms it stands in the same words.
struct Row<'a> {
    at: Located<'a>,
    times: usize,
}

pub fn markdown(report: &Report, ruleset: &Ruleset) -> String {
    let language = &report.scan.settings.language;
    let words = ReportWords::new(language);
    let all = located(report, ruleset);
    let [mut failed, mut open, mut passed] = [Vec::new(), Vec::new(), Vec::new()];
    for at in all {
        match at.finding.outcome {
            Outcome::Failed => failed.push(at),
            Outcome::CantTell => open.push(at),
            Outcome::Passed => passed.push(at),
            Outcome::Inapplicable => {}
        }
    }
    let sections = [
        head(report, &words),
        targets(report, &words),
        failures(failed, language, &words),
        open_points(open, language, &words),
        passes(&passed, language, &words),
        visits::markdown(report, &words),
        foot(report, &words),
    ];
    sections.join("\n")
}

fn head(report: &Report, words: &ReportWords) -> String {
    let summary = &report.summary;
    let verdict = words.word(&format!("verdict-{}", summary.verdict.as_str()));
    let failed = &summary.failed;
    let counts = [
        ("count-blocker", failed.blocker, false),
        ("count-major", failed.major, false),
        ("count-minor", failed.minor, false),
        ("count-info", failed.info, false),
        ("count-cant-tell", summary.cant_tell, false),
        ("count-forms", summary.forms, true),
        ("count-pages", summary.pages, true),
    ];
    let counts: Vec<String> = counts
        .into_iter()
        .filter(|(_, n, always)| *always || *n > 0)
        .map(|(key, n, _)| words.get(key, &[("n", (n as i64).into())]))
        .collect();
    let minute = |time: &str| -> String {
        let time = time.replace('T', " ");
        let time = time
            .chars()
            .filter(|c| c.is_ascii_digit() || "-: ".contains(*c));
        time.take(16).collect()
    };
    let to = report
        .scan
        .ended_at
        .as_deref()
        .map_or("–".to_string(), minute);
    let scanned = words.get(
        "scanned",
        &[
            ("from", minute(&report.scan.started_at).into()),
            ("to", to.into()),
        ],
    );
    let mut text = format!(
        "## {} – {verdict}\n\n{}\n\n{scanned}\n",
        words.word("title"),
        counts.join(" · ")
    );
    if report.scan.interrupted {
        text.push_str(&format!("\n**{}**\n", words.word("interrupted")));
    }
    text
}

fn targets(report: &Report, words: &ReportWords) -> String {
    let details = details(report, words);
    let row = |target: &Target| {
        let status = match target.status {
            Some(status) => words.word(&format!("status-{}", status.as_str())),
            None => words.word("status-not_opened"),
        };
        let detail = details.get(target.id.as_str());
        let detail = detail.map(|why| format!(": {}", plain(why)));
        [
            code(&target.url),
            words.word(&format!("verdict-{}", target.verdict.as_str())),
            format!("{status}{}", detail.unwrap_or_default()),
        ]
    };
    let targets = &report.scan.targets;
    let rows = targets.iter().take(MOST_ROWS).map(row);
    let table = table(["target", "verdict", "status"], rows, words);
    format!("{table}{}", more(targets.len(), words))
}

fn failures(failed: Vec<Located>, language: &str, words: &ReportWords) -> String {
    let title = words.word("findings-failed");
    let rows = rows(failed);
    if rows.is_empty() {
        return format!("### {title}\n\n{}\n", words.word("failed-none"));
    }
    let cells = |row: &Row| {
        let finding = row.at.finding;
        let law = row.at.law(|law| provision(law, words));
        [
            words.word(&format!("severity-{}", finding.severity.as_str())),
            check(&row.at, language),
            observed(&row.at, words),
            law.join("; "),
            place(row, words),
        ]
    };
    let heads = ["severity", "check", "observed", "law", "page"];
    let table = table(heads, rows.iter().take(MOST_ROWS).map(cells), words);
    format!("### {title}\n\n{table}{}", more(rows.len(), words))
}

fn open_points(open: Vec<Located>, language: &str, words: &ReportWords) -> String {
    let title = words.word("open-points");
    let rows = rows(open);
    if rows.is_empty() {
        return format!("### {title}\n\n{}\n", words.word("open-points-none"));
    }
    let item = |row: &Row| {
        let why = row.at.finding.reason.map(|why| why.as_str());
        let why = why.map(|why| format!(" ({})", words.word(&format!("reason-{why}"))));
        format!(
            "- {}{}: {} – {}\n",
            check(&row.at, language),
            why.unwrap_or_default(),
            observed(&row.at, words),
            place(row, words)
        )
    };
    let items: String = rows.iter().take(MOST_ROWS).map(item).collect();
    format!("### {title}\n\n{items}{}", more(rows.len(), words))
}

/// What passed, by rule: how often is enough here.
fn passes(passed: &[Located], language: &str, words: &ReportWords) -> String {
    let title = words.word("passed-points");
    let mut rules: BTreeMap<&str, (String, usize)> = BTreeMap::new();
    for at in passed {
        let first = || (check(at, language), 0);
        rules.entry(&at.finding.rule).or_insert_with(first).1 += 1;
    }
    if rules.is_empty() {
        return format!("### {title}\n\n{}\n", words.word("passed-none"));
    }
    let items = rules.values();
    let items: String = items
        .map(|(check, times)| format!("- {check}{}\n", again(*times)))
        .collect();
    format!("### {title}\n\n{items}")
}

fn foot(report: &Report, words: &ReportWords) -> String {
    let scan = &report.scan;
    let how = if scan.settings.capture.markup_only {
        "method-1-static"
    } else {
        "method-1"
    };
    format!(
        "### {}\n\n- {}\n- {} {}\n\n{} · {} {}{} · {} {} · {} {}\n",
        words.word("method"),
        words.word(how),
        words.word("method-3"),
        words.word("method-4"),
        words.word("more-beside"),
        words.word("packs"),
        plain(&scan.jurisdictions.join(", ").to_uppercase()),
        not_chosen(&scan.packs_not_chosen, words),
        words.word("as-of"),
        plain(&scan.as_of),
        words.word("scan-id"),
        code(&scan.id),
    )
}

fn not_chosen(packs: &[String], words: &ReportWords) -> String {
    match packs {
        [] => String::new(),
        packs => format!(
            " ({}: {})",
            words.word("packs-not-chosen"),
            plain(&packs.join(", ").to_uppercase())
        ),
    }
}

/// Worst first; what stands on several forms in the same words once.
fn rows(findings: Vec<Located>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut known: BTreeMap<(&str, Severity, &str, bool, Vec<&str>), usize> = BTreeMap::new();
    for at in findings {
        let finding = at.finding;
        let key = (
            finding.rule.as_str(),
            finding.severity,
            finding.message.as_str(),
            finding.word.is_some(),
            at.quotes(),
        );
        match known.get(&key) {
            Some(row) => rows[*row].times += 1,
            None => {
                known.insert(key, rows.len());
                rows.push(Row { at, times: 1 });
            }
        }
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.at.finding.severity));
    rows
}

fn check(at: &Located, language: &str) -> String {
    format!(
        "**{}** {}",
        plain(at.title(language)),
        code(&at.finding.rule)
    )
}

/// The message, and the page's words that it does not hold already.
fn observed(at: &Located, words: &ReportWords) -> String {
    let message = &at.finding.message;
    let mut text = plain(message);
    // An answer stands in the message itself.
    let accepted = at.finding.outcome == Outcome::Failed;
    if let Some(said) = at.said(words).filter(|_| accepted) {
        text = format!("**{}** {text}", plain(&said));
    }
    for quote in at.quotes() {
        if !message.contains(quote) {
            let quoted = words.get("quoted", &[("quote", plain(quote).into())]);
            text.push_str(&format!(" {quoted}"));
        }
    }
    text
}

fn place(row: &Row, words: &ReportWords) -> String {
    let address = code(&short_address(row.at.address()));
    format!("{}{}", row.at.place(&address, words), again(row.times))
}

fn again(times: usize) -> String {
    match times {
        0 | 1 => String::new(),
        n => format!(" (×{n})"),
    }
}

fn provision(law: &Basis, words: &ReportWords) -> String {
    let text = plain(&words.provision(law));
    let url = law.url.as_deref();
    match url.filter(|url| url.starts_with("https://") || url.starts_with("http://")) {
        Some(url) => format!("[{text}]({})", destination(url)),
        None => text,
    }
}

fn table<const N: usize>(
    heads: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
    words: &ReportWords,
) -> String {
    let line = |cells: [String; N]| format!("| {} |\n", cells.join(" | "));
    let mut text = line(heads.map(|key| words.word(key)));
    text.push_str(&line(heads.map(|_| "---".to_string())));
    text.extend(rows.map(line));
    text
}

fn more(all: usize, words: &ReportWords) -> String {
    match all.checked_sub(MOST_ROWS) {
        None | Some(0) => String::new(),
        Some(n) => format!(
            "\n{}\n",
            words.get("more-findings", &[("n", (n as i64).into())])
        ),
    }
}

/// Begin markup, in one dialect or another.
const MARKUP: [char; 8] = ['\\', '`', '*', '_', '[', ']', '|', '~'];
/// Make a link, a mention or a formula with what follows them directly, even where they are escaped.
const JOINING: [char; 9] = ['@', '#', '!', '$', '%', '&', '~', ':', '.'];
/// Shows nothing and keeps two characters from being read as one thing.
const WORD_JOINER: char = '\u{2060}';

/// Words that stay words, on one line.
pub(super) fn plain(text: &str) -> String {
    let line = one_line(&shortened(text, MOST_WORDS));
    let mut out = String::with_capacity(line.len());
    let mut characters = line.chars().filter(|c| !turns(*c)).peekable();
    while let Some(c) = characters.next() {
        let bound = characters.peek().is_some_and(|next| !next.is_whitespace());
        // `www.` is a link by itself, and the joiner behind it a letter of a host.
        if c == '.' && bound {
            out.push(WORD_JOINER);
        }
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '$' => out.push_str("\\$"),
            c if MARKUP.contains(&c) => out.extend(['\\', c]),
            c => out.push(c),
        }
        if JOINING.contains(&c) && bound {
            out.push(WORD_JOINER);
        }
    }
    out
}

/// Turns the direction of the words after it, ours included.
fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// An address or an id to be copied; what could end the code or the cell is percent-encoded.
pub(super) fn code(text: &str) -> String {
    let text = shortened(text, MOST_WORDS);
    let fits = |c: char| {
        c.is_alphanumeric() || c == '…' || (c.is_ascii_graphic() && !"`|<>\\".contains(c))
    };
    match encoded(&text, fits) {
        empty if empty.is_empty() => "–".to_string(),
        text => format!("`{text}`"),
    }
}

/// The address of a link.
fn destination(url: &str) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-._:/?#@!'+,;=%~&".contains(c);
    encoded(url, fits).replace('&', "&amp;")
}

fn encoded(text: &str, fits: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if fits(c) {
            out.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_words() {
        for (evil, written) in [
            ("a | b", "a \\| b"),
            ("<b>", "&lt;b&gt;"),
            ("![x](y)", "!\u{2060}\\[x\\](y)"),
            ("one\ntwo", "one two"),
            ("@all", "@\u{2060}all"),
            (
                "https://a.example",
                "https:\u{2060}//a\u{2060}.\u{2060}example",
            ),
            ("a\u{202e}b", "ab"),
            ("Non, merci.", "Non, merci."),
        ] {
            assert_eq!(plain(evil), written);
        }
    }

    #[test]
    fn addresses_stand_as_code() {
        assert_eq!(
            code("https://a.example/?q=`|<"),
            "`https://a.example/?q=%60%7C%3C`"
        );
        assert_eq!(code(""), "–");
        assert_eq!(
            destination("https://a.example/x)y&z"),
            "https://a.example/x%29y&amp;z"
        );
    }
}
