//! Every rule of the project, every example, found by walking `rules/`.

use std::collections::BTreeMap;
use std::path::Path;

use consentry::evaluate::run_examples;
use consentry::finding::Outcome;
use consentry::ruleset::{RuleSource, Ruleset};

fn sources() -> Vec<RuleSource> {
    fn walk(folder: &Path, below: &str, out: &mut Vec<RuleSource>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("{below}{}", path.file_name().unwrap().to_string_lossy());
            if path.is_dir() {
                walk(&path, &format!("{name}/"), out);
            } else {
                out.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut out = Vec::new();
    walk(
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/rules")),
        "",
        &mut out,
    );
    out
}

#[test]
fn every_example_gives_its_outcome() {
    let ruleset = Ruleset::load(&sources()).unwrap_or_else(|e| panic!("{e}"));
    let mut wrong = Vec::new();
    for rule in &ruleset.rules {
        for result in run_examples(rule, &ruleset) {
            if !result.holds() {
                wrong.push(format!(
                    "{}: {}: wanted {:?} {:?}, got {:?} {:?}: {:?}",
                    result.rule,
                    result.name,
                    result.wanted,
                    result.wanted_severity,
                    result.got,
                    result.got_severity,
                    result.messages
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_enough_examples_and_law() {
    let ruleset = Ruleset::load(&sources()).unwrap_or_else(|e| panic!("{e}"));
    for rule in &ruleset.rules {
        let mut counts: BTreeMap<Outcome, usize> = BTreeMap::new();
        for example in &rule.examples {
            *counts.entry(example.outcome).or_default() += 1;
        }
        let count = |outcome| counts.get(&outcome).copied().unwrap_or_default();
        assert!(
            count(Outcome::Failed) >= 2,
            "{}: two failed examples",
            rule.id
        );
        assert!(
            count(Outcome::Passed) >= 2,
            "{}: two passed examples",
            rule.id
        );
        assert!(
            count(Outcome::Inapplicable) >= 1,
            "{}: one inapplicable example",
            rule.id
        );
        assert!(
            rule.bindings.contains_key("eu"),
            "{}: bound to EU law",
            rule.id
        );
        for text in [&rule.title, &rule.why, &rule.remedy, &rule.message.failed] {
            assert!(
                text.contains_key("fr"),
                "{}: a French text is missing",
                rule.id
            );
        }
    }
}
