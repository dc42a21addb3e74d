//! `rules list`, `rules explain`, `rules test`.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use serde::Serialize;

use crate::diag::{Exit, Failure};
use crate::evaluate::{self, ExampleResult};
use crate::finding::Outcome;
use crate::lexicon::Lexicon;
use crate::pipeline;
use crate::report;
use crate::ruleset::{Rule, Ruleset, in_language};

use super::args::{Language, RulesCommand};
use super::settings::{self, language_of};

/// `consentry rules …`.
pub fn rules(command: &RulesCommand) -> Result<Exit, Failure> {
    match command {
        RulesCommand::List { rules, json, lang } => list(rules.as_deref(), *json, language(*lang)),
        RulesCommand::Explain {
            id,
            rules,
            json,
            lang,
        } => explain(id, rules.as_deref(), *json, language(*lang)),
        RulesCommand::Pages { folder } => pages(folder),
        RulesCommand::Test { folder, json } => test(folder.as_deref(), *json),
    }
}

fn language(given: Option<Language>) -> &'static str {
    given.unwrap_or_else(|| language_of(&super::locale())).tag()
}

#[derive(Serialize)]
struct ListedRule<'a> {
    id: &'a str,
    code: &'a str,
    severity: &'a str,
    title: &'a str,
    jurisdictions: Vec<&'a str>,
    examples: usize,
}

fn list(own: Option<&Path>, json: bool, language: &str) -> Result<Exit, Failure> {
    let ruleset = super::scan::rules(own)?;
    let listed: Vec<ListedRule> = ruleset
        .rules
        .iter()
        .map(|rule| ListedRule {
            id: &rule.id,
            code: &rule.code,
            severity: rule.severity.as_str(),
            title: in_language(&rule.title, language),
            jurisdictions: rule.bindings.keys().map(String::as_str).collect(),
            examples: rule.examples.len(),
        })
        .collect();
    if json {
        super::print_json(&listed)?;
        return Ok(Exit::Clean);
    }
    let widest = listed
        .iter()
        .map(|rule| rule.id.len())
        .max()
        .unwrap_or_default();
    let mut text = String::new();
    for rule in &listed {
        text.push_str(&format!(
            "{:<7} {:<widest$}  {:<7}  {:<5}  {}\n",
            rule.code,
            rule.id,
            rule.severity,
            rule.jurisdictions.join(","),
            rule.title,
        ));
    }
    super::print(&text)?;
    Ok(Exit::Clean)
}

#[derive(Serialize)]
struct ExplainedRule<'a> {
    id: &'a str,
    code: &'a str,
    subject: &'a str,
    title: &'a str,
    why: &'a str,
    remedy: &'a str,
    known_gaps: Vec<&'a str>,
    severity: &'a str,
    law: BTreeMap<&'a str, ExplainedLaw<'a>>,
    checks: BTreeMap<&'a str, Vec<&'a str>>,
    items: Vec<&'a str>,
    examples: Vec<ExplainedExample<'a>>,
}

#[derive(Serialize)]
struct ExplainedLaw<'a> {
    severity: &'a str,
    provisions: Vec<ExplainedProvision<'a>>,
}

#[derive(Serialize)]
struct ExplainedProvision<'a> {
    instrument: &'a str,
    provision: &'a str,
    url: Option<&'a str>,
    in_force_from: Option<&'a str>,
    /// Where it was read, for what no official text confirmed.
    source: Option<&'a str>,
}

#[derive(Serialize)]
struct ExplainedExample<'a> {
    name: &'a str,
    outcome: &'a str,
}

fn explain(id: &str, own: Option<&Path>, json: bool, language: &str) -> Result<Exit, Failure> {
    let ruleset = super::scan::rules(own)?;
    let ids = settings::rule_ids(id, &ruleset)?;
    let rules = ids.iter().filter_map(|id| ruleset.rule(id));
    for rule in rules {
        let explained = explained(rule, language);
        if json {
            super::print_json(&explained)?;
        } else {
            super::print(&explained.to_text())?;
        }
    }
    Ok(Exit::Clean)
}

fn explained<'a>(rule: &'a Rule, language: &str) -> ExplainedRule<'a> {
    let names = |conditions: &'a [crate::ruleset::Condition]| -> Vec<&'a str> {
        conditions.iter().map(|condition| condition.check).collect()
    };
    let checks = [
        ("when", names(&rule.when)),
        ("all", names(&rule.all)),
        ("any", names(&rule.any)),
        ("none", names(&rule.none)),
    ];
    ExplainedRule {
        id: &rule.id,
        code: &rule.code,
        subject: match rule.subject {
            crate::ruleset::SubjectKind::Form => "form",
            crate::ruleset::SubjectKind::Control => "control",
        },
        title: in_language(&rule.title, language),
        why: in_language(&rule.why, language),
        remedy: in_language(&rule.remedy, language),
        known_gaps: rule
            .known_gaps
            .iter()
            .map(|gap| in_language(gap, language))
            .collect(),
        severity: rule.severity.as_str(),
        law: rule
            .bindings
            .iter()
            .map(|(jurisdiction, binding)| {
                let law = ExplainedLaw {
                    severity: binding.severity.unwrap_or(rule.severity).as_str(),
                    provisions: binding
                        .basis
                        .iter()
                        .map(|row| ExplainedProvision {
                            instrument: in_language(&row.instrument.title, language),
                            provision: in_language(&row.provision, language),
                            url: row.instrument.url.as_deref(),
                            in_force_from: row.instrument.from.as_deref(),
                            source: row.source.as_deref(),
                        })
                        .collect(),
                };
                (jurisdiction.as_str(), law)
            })
            .collect(),
        checks: checks
            .into_iter()
            .filter(|(_, names)| !names.is_empty())
            .collect(),
        items: rule
            .items
            .iter()
            .map(|item| in_language(&item.title, language))
            .collect(),
        examples: rule
            .examples
            .iter()
            .map(|example| ExplainedExample {
                name: &example.name,
                outcome: example.outcome.as_str(),
            })
            .collect(),
    }
}

impl ExplainedRule<'_> {
    fn to_text(&self) -> String {
        let mut text = format!(
            "{} ({}), {}\n{}\n\n",
            self.id, self.code, self.severity, self.title
        );
        text.push_str(&format!(
            "Why\n  {}\n\nWhat to change\n  {}\n\nLaw\n",
            self.why, self.remedy
        ));
        for (jurisdiction, law) in &self.law {
            for row in &law.provisions {
                let from = row
                    .in_force_from
                    .map(|from| format!(", from {from}"))
                    .unwrap_or_default();
                text.push_str(&format!(
                    "  {jurisdiction} ({}): {}, {}{from}\n",
                    law.severity, row.instrument, row.provision
                ));
                if let Some(url) = row.url {
                    text.push_str(&format!("     {url}\n"));
                }
                if let Some(source) = row.source {
                    text.push_str(&format!("     source: {source}\n"));
                }
            }
        }
        text.push_str(&format!("\nDecided per {} by\n", self.subject));
        for (group, checks) in &self.checks {
            text.push_str(&format!("  {group}: {}\n", checks.join(", ")));
        }
        for item in &self.items {
            text.push_str(&format!("  item: {item}\n"));
        }
        text.push_str("\nExamples\n");
        for example in &self.examples {
            text.push_str(&format!("  {:<12} {}\n", example.outcome, example.name));
        }
        if !self.known_gaps.is_empty() {
            text.push_str("\nKnown gaps\n");
            for gap in &self.known_gaps {
                text.push_str(&format!("  {gap}\n"));
            }
        }
        text
    }
}

/// Writes the reference pages.
fn pages(folder: &Path) -> Result<Exit, Failure> {
    let ruleset = super::scan::rules(None)?;
    let failed =
        |e: std::io::Error| Failure::new(format!("{} cannot be written: {e}", folder.display()));
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut wanted: BTreeMap<String, String> = ruleset
        .rules
        .iter()
        .map(|rule| (format!("{}.md", rule.id), report::rule_page(rule)))
        .collect();
    wanted.insert("README.md".to_string(), report::rule_index(&ruleset));
    for entry in std::fs::read_dir(folder).map_err(failed)?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let ours = std::fs::read_to_string(entry.path()).is_ok_and(|t| t.starts_with("# "));
        if name.ends_with(".md") && !wanted.contains_key(&name) && ours {
            std::fs::remove_file(entry.path()).map_err(failed)?;
        }
    }
    for (name, text) in &wanted {
        std::fs::write(folder.join(name), text).map_err(failed)?;
    }
    super::print(&format!("{} pages in {}\n", wanted.len(), folder.display()))?;
    Ok(Exit::Clean)
}

#[derive(Serialize)]
struct Tested {
    /// The rule, or `lexicon/<language>`.
    rule: String,
    file: String,
    /// The line at which an example begins; `null` for a sample of a lexicon.
    line: Option<usize>,
    example: String,
    expected: Outcome,
    got: Outcome,
    holds: bool,
    messages: Vec<String>,
}

fn test(folder: Option<&Path>, json: bool) -> Result<Exit, Failure> {
    let began = Instant::now();
    let (ruleset, own) = load(folder)?;
    let captures = match folder {
        None => pipeline::embedded_captures(),
        Some(folder) => pipeline::layered_captures(folder).map_err(|e| {
            let captures = folder.join("captures");
            Failure::new(format!("{} cannot be read: {e}", captures.display()))
        })?,
    };
    let mut tested: Vec<Tested> = ruleset
        .rules
        .iter()
        .filter(|rule| own.as_ref().is_none_or(|own| own.tests_rule(&rule.id)))
        .flat_map(|rule| evaluate::run_examples(rule, &ruleset, &captures))
        .map(self::tested)
        .collect();
    let lexicons = ruleset.lexicons.iter();
    let lexicons = lexicons.filter(|l| own.as_ref().is_none_or(|own| own.has_lexicon(&l.language)));
    tested.extend(lexicons.flat_map(samples));
    let broken: Vec<&Tested> = tested.iter().filter(|result| !result.holds).collect();
    if json {
        super::print_json(&tested)?;
    } else {
        let mut text: String = broken.iter().map(|result| result.to_text(folder)).collect();
        text.push_str(&format!(
            "{} examples and samples, {} as expected, {} not ({:.1} s)\n",
            tested.len(),
            tested.len() - broken.len(),
            broken.len(),
            began.elapsed().as_secs_f64()
        ));
        super::print(&text)?;
    }
    Ok(if broken.is_empty() {
        Exit::Clean
    } else {
        Exit::Failed
    })
}

impl Tested {
    /// Where it stands, what was expected, and what came.
    fn to_text(&self, folder: Option<&Path>) -> String {
        let file = match folder {
            Some(folder) if folder.join(&self.file).is_file() => {
                folder.join(&self.file).display().to_string()
            }
            _ => self.file.clone(),
        };
        let line = self.line.map(|line| format!(":{line}")).unwrap_or_default();
        let mut text = format!(
            "{file}{line}: {} “{}”: expected {}, got {}\n",
            self.rule,
            self.example,
            self.expected.as_str(),
            self.got.as_str(),
        );
        for message in self.messages.iter().filter(|message| !message.is_empty()) {
            text.push_str(&format!("    {message}\n"));
        }
        text
    }
}

fn tested(result: ExampleResult) -> Tested {
    let mut messages = Vec::new();
    if let (Some(wanted), Some(got)) = (result.wanted_severity, result.got_severity)
        && wanted != got
    {
        let (wanted, got) = (wanted.as_str(), got.as_str());
        messages.push(format!("expected severity {wanted}, got {got}"));
    }
    if !result.not_missing.is_empty() {
        let items = result.not_missing.join(", ");
        messages.push(format!("should be missing and is not: {items}"));
    }
    let holds = result.holds();
    messages.extend(result.messages);
    Tested {
        rule: result.rule,
        file: result.file,
        line: Some(result.line),
        example: result.name,
        expected: result.wanted,
        got: result.got,
        holds,
        messages,
    }
}

/// The samples of a lexicon, each as an example that passes where it means what it says.
fn samples(lexicon: &Lexicon) -> Vec<Tested> {
    let wrong = lexicon.wrong_samples();
    let samples = lexicon.samples.iter();
    samples
        .map(|sample| {
            let wrong = wrong.iter().find(|wrong| wrong.text == sample.text);
            let messages = wrong.map_or_else(Vec::new, |wrong| {
                let lacks = wrong.lacks.iter().map(|sense| format!("has not {sense}"));
                let has = wrong.has.iter().map(|sense| format!("has {sense}"));
                lacks.chain(has).collect()
            });
            Tested {
                rule: format!("lexicon/{}", lexicon.language),
                file: format!("lexicon/{}.toml", lexicon.language),
                line: None,
                example: sample.text.clone(),
                expected: Outcome::Passed,
                got: match wrong {
                    None => Outcome::Passed,
                    Some(_) => Outcome::Failed,
                },
                holds: wrong.is_none(),
                messages,
            }
        })
        .collect()
}

/// The files of a user's folder.
struct Own {
    paths: Vec<String>,
}

impl Own {
    /// Whether a rule is to be tested: it is the user's, or words that every rule reads are.
    fn tests_rule(&self, id: &str) -> bool {
        let shared = |path: &String| path.starts_with("lexicon/") || !path.contains('/');
        let file = format!("{id}.toml");
        let mut paths = self.paths.iter();
        paths.any(|path| shared(path) || path.rsplit('/').next() == Some(file.as_str()))
    }

    fn has_lexicon(&self, language: &str) -> bool {
        let file = format!("lexicon/{language}.toml");
        self.paths.contains(&file)
    }
}

/// The built-in rules, or these with a folder's files over them; then also which files those are.
fn load(folder: Option<&Path>) -> Result<(Ruleset, Option<Own>), Failure> {
    let Some(folder) = folder else {
        return Ok((super::scan::rules(None)?, None));
    };
    let ruleset = super::scan::rules(Some(folder))?;
    let paths = ruleset.own.iter().map(|file| file.path.clone()).collect();
    let own = Own { paths };
    let tests = ruleset.rules.iter().any(|rule| own.tests_rule(&rule.id));
    if !tests {
        return Err(Failure::with_help(
            format!("{} holds no rule and no lexicon", folder.display()),
            "rules are files core/<id>.toml below it, lexicons lexicon/<language>.toml; `consentry rules explain ID` shows a rule",
        ));
    }
    Ok((ruleset, Some(own)))
}
