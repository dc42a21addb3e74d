//! A rules folder of one file that anybody may have written: loading it tells what is wrong, and its
//! examples run without a panic.
#![no_main]

use consentry::evaluate::{Captures, run_examples};
use consentry::pipeline::layered_rules;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for path in ["core/own.toml", "eu/own.toml", "eu/pack.toml", "words.toml", "entities.toml", "identity.toml"] {
        if let Ok(ruleset) = layered_rules(vec![(path.to_string(), text.to_string())]) {
            for rule in ruleset.rules.iter().filter(|rule| rule.id == "own") {
                run_examples(rule, &ruleset, &Captures::new());
            }
        }
    }
});
