//! The reference page of a rule, in Markdown: what it asks, why, the law per jurisdiction, its examples.
//!
//! Written from the rule file alone, so that page and rule cannot differ.

use std::fmt::Write;

use crate::finding::Severity;
use crate::ruleset::{Binding, Rule, Ruleset, Status, SubjectKind, Text, in_language};

/// The page of one rule, English first and French below it.
pub fn rule_page(rule: &Rule) -> String {
    let mut out = format!("# {}\n\n", rule.id);
    let subject = match rule.subject {
        SubjectKind::Form => "each collection form",
        SubjectKind::Control => "each control of a collection form",
    };
    let _ = writeln!(
        out,
        "{} · {} · asked of {subject}{}\n",
        rule.code,
        rule.severity.as_str(),
        match rule.status {
            Status::Stable => "",
            Status::Experimental => " · what it asks is not captured yet: it answers `cant_tell`",
            Status::Retired => " · retired",
        }
    );
    for language in ["en", "fr"] {
        words(&mut out, rule, language);
    }
    law(&mut out, rule);
    decision(&mut out, rule);
    out.push_str("## Examples\n\n| outcome | example |\n| --- | --- |\n");
    for example in &rule.examples {
        let severity = example.severity.map(|s| format!(" ({})", s.as_str()));
        let _ = writeln!(
            out,
            "| {}{} | {} |",
            example.outcome.as_str(),
            severity.unwrap_or_default(),
            cell(&example.name)
        );
    }
    out
}

/// The table of all rules.
pub fn rule_index(ruleset: &Ruleset) -> String {
    let mut out = String::from(
        "# Rules\n\nWritten by `consentry rules pages docs/rules` from the rule files; do not edit.\n\n\
         | code | rule | severity | packs | title |\n| --- | --- | --- | --- | --- |\n",
    );
    for rule in &ruleset.rules {
        let packs: Vec<&str> = rule.bindings.keys().map(String::as_str).collect();
        let _ = writeln!(
            out,
            "| {} | [{}]({}.md) | {} | {} | {} |",
            rule.code,
            rule.id,
            rule.id,
            rule.severity.as_str(),
            packs.join(", "),
            cell(in_language(&rule.title, "en"))
        );
    }
    out
}

fn words(out: &mut String, rule: &Rule, language: &str) {
    let (why, remedy, gaps) = match language {
        "fr" => ("Pourquoi", "Que changer", "Limites connues"),
        _ => ("Why", "What to change", "Known gaps"),
    };
    let text = |text: &Text| in_language(text, language).to_string();
    let _ = writeln!(out, "**{}**\n", text(&rule.title));
    let _ = writeln!(out, "- {why}: {}", text(&rule.why));
    let _ = writeln!(out, "- {remedy}: {}", text(&rule.remedy));
    if !rule.known_gaps.is_empty() {
        let known: Vec<String> = rule.known_gaps.iter().map(text).collect();
        let _ = writeln!(out, "- {gaps}: {}", known.join(" "));
    }
    out.push('\n');
}

fn law(out: &mut String, rule: &Rule) {
    out.push_str("## Law\n\n| pack | severity | instrument | provision | in force |\n| --- | --- | --- | --- | --- |\n");
    for (pack, binding) in &rule.bindings {
        for row in &binding.basis {
            let title = cell(in_language(&row.instrument.title, "en"));
            let instrument = match &row.instrument.url {
                Some(url) => format!("[{title}]({url})"),
                None => title,
            };
            let source = row.source.as_ref();
            let source = source.map(|source| format!(" ({})", cell(source)));
            let from = row.instrument.from.as_deref();
            let until = row.instrument.until.as_deref();
            let force = match (from, until) {
                (None, None) => String::new(),
                (from, None) => format!("from {}", from.unwrap_or_default()),
                (from, until) => format!("{} to {}", from.unwrap_or("–"), until.unwrap_or("–")),
            };
            let _ = writeln!(
                out,
                "| {pack} | {} | {instrument}{} | {} | {force} |",
                severity(rule, binding, row.severity).as_str(),
                source.unwrap_or_default(),
                cell(in_language(&row.provision, "en"))
            );
        }
    }
    out.push('\n');
}

fn severity(rule: &Rule, binding: &Binding, row: Option<Severity>) -> Severity {
    row.or(binding.severity).unwrap_or(rule.severity)
}

fn decision(out: &mut String, rule: &Rule) {
    out.push_str("## Decided by\n\n");
    let lists = [
        ("applies when", &rule.when),
        ("all of", &rule.all),
        ("any of", &rule.any),
        ("none of", &rule.none),
    ];
    for (name, conditions) in lists {
        if !conditions.is_empty() {
            let checks: Vec<String> = conditions
                .iter()
                .map(|c| format!("`{}`", c.check))
                .collect();
            let _ = writeln!(out, "- {name}: {}", checks.join(", "));
        }
    }
    if !rule.items.is_empty() {
        out.push_str("\n| item | severity | |\n| --- | --- | --- |\n");
        for item in &rule.items {
            let _ = writeln!(
                out,
                "| {} | {} | {} |",
                item.id,
                item.severity.unwrap_or(rule.severity).as_str(),
                cell(in_language(&item.title, "en"))
            );
        }
    }
    out.push('\n');
}

/// A text in one cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
