//! Labelled real pages, where they are at hand: a folder `shared` beside the project, which is not part
//! of it. Without it the test says so and measures nothing.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn score(arguments: &[&str]) -> Option<Value> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/score.py");
    if !corpus.is_file() {
        eprintln!("skipped: {} is not here", corpus.display());
        return None;
    }
    let output = Command::new("python3")
        .arg(corpus)
        .arg(env!("CARGO_BIN_EXE_consentry"))
        .arg("--json")
        .args(arguments)
        .output()
        .expect("python3");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Some(serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {said}")))
}

fn at_least(score: &Value, what: &[&str], least: f64) {
    let value = what.iter().fold(score, |at, key| &at[*key]);
    assert!(
        value.as_f64().is_some_and(|value| value >= least),
        "{what:?} is {value}, wanted {least}"
    );
}

#[test]
fn rendered_pages_are_read_right() {
    let Some(score) = score(&[]) else { return };
    at_least(&score, &["pages_examined"], 1.0);
    at_least(&score, &["collection_form", "f1"], 0.95);
    at_least(&score, &["box_ticked", "f1"], 0.97);
    at_least(&score, &["marketing_box", "f1"], 0.85);
    at_least(&score, &["consent_invalid", "precision"], 0.90);
}

#[test]
fn plain_markup_is_read_right() {
    let Some(score) = score(&["--static"]) else {
        return;
    };
    at_least(&score, &["pages_examined"], 1.0);
    at_least(&score, &["collection_form", "f1"], 0.93);
}
