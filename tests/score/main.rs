//! How right the answers are on labelled pages, and that no figure falls below its floor in
//! `docs/accuracy.toml`: the project's own fixtures always; 67 real pages where a folder `shared` beside
//! the project holds them. `make accuracy` writes the figures to `docs/accuracy.md`.

#[path = "../common/mod.rs"]
mod common;
mod document;
mod scoring;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use scoring::{Corpus, PROPERTIES, Score, Tally, score};
use serde::Deserialize;
use serde_json::Value;

/// `docs/accuracy.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub held_out: BTreeSet<String>,
    fixtures: Floors,
    real: Floors,
}

/// By property, for both ways of reading a page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Floors {
    chrome: BTreeMap<String, Floor>,
    #[serde(rename = "static")]
    plain: BTreeMap<String, Floor>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Floor {
    precision: Option<f64>,
    recall: Option<f64>,
    f1: Option<f64>,
    accuracy: Option<f64>,
    /// At most.
    abstained: Option<f64>,
}

impl Floor {
    /// Each figure that has a bar: its name, what it is, and the bar.
    pub fn figures(&self, tally: &Tally) -> Vec<(&'static str, Option<f64>, f64)> {
        let all = [
            ("precision", tally.precision(), self.precision),
            ("recall", tally.recall(), self.recall),
            ("f1", tally.f1(), self.f1),
            ("accuracy", tally.accuracy(), self.accuracy),
            ("abstained", tally.abstained(), self.abstained),
        ];
        all.into_iter()
            .filter_map(|(name, figure, bar)| Some((name, figure, bar?)))
            .collect()
    }
}

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn settings() -> Settings {
    toml::from_str(&fs::read_to_string(project("docs/accuracy.toml")).unwrap()).unwrap()
}

fn fixtures() -> Corpus {
    Corpus::open(&project("fixtures/labels.jsonl"), &project("fixtures"), "1")
}

/// The real pages, which are not part of the project. What they link was not saved with them.
fn real() -> Option<Corpus> {
    let folder = project("../shared/corpus");
    let labels = folder.join("labels.jsonl");
    if !labels.is_file() {
        eprintln!("skipped: {} is not here", labels.display());
        return None;
    }
    Some(Corpus::open(&labels, &folder.join("pages"), "0"))
}

/// The arguments that make a scan read markup without a browser.
const STATIC: [&str; 1] = ["--static"];

/// What falls below its floor, each with the misses that made it fall.
fn below(score: &Score, floors: &BTreeMap<String, Floor>) -> Vec<String> {
    let mut below = Vec::new();
    for (property, floor) in floors {
        assert!(
            PROPERTIES.contains(&property.as_str()),
            "{property} is not measured"
        );
        for (name, figure, bar) in floor.figures(&score.of(property)) {
            let holds = figure.is_some_and(|figure| match name {
                "abstained" => figure <= bar,
                _ => figure >= bar,
            });
            if !holds {
                let figure = figure.map_or("not measured".to_string(), |f| format!("{f:.3}"));
                let misses = score.misses_of(property);
                let misses: String = misses.iter().map(|miss| format!("\n  {miss}")).collect();
                below.push(format!(
                    "{property}: {name} is {figure}, its floor {bar}{misses}"
                ));
            }
        }
    }
    below
}

fn holds(corpus: &Corpus, arguments: &[&str], floors: &BTreeMap<String, Floor>) {
    let report: Value = corpus.scan(arguments);
    let score = score(&corpus.pages, &report);
    assert!(
        score.unexamined.is_empty(),
        "not examined: {:?}",
        score.unexamined
    );
    let below = below(&score, floors);
    assert!(below.is_empty(), "{}", below.join("\n"));
}

#[test]
fn own_pages_rendered_are_read_right() {
    holds(&fixtures(), &[], &settings().fixtures.chrome);
}

#[test]
fn own_pages_as_markup_are_read_right() {
    holds(&fixtures(), &STATIC, &settings().fixtures.plain);
}

#[test]
fn real_pages_rendered_are_read_right() {
    if let Some(corpus) = real() {
        holds(&corpus, &[], &settings().real.chrome);
    }
}

#[test]
fn real_pages_as_markup_are_read_right() {
    if let Some(corpus) = real() {
        holds(&corpus, &STATIC, &settings().real.plain);
    }
}

#[test]
#[ignore = "writes docs/accuracy.md: make accuracy"]
fn the_document_is_written() {
    let real = real().expect("the document is about the real pages too, and they are not here");
    let settings = settings();
    let text = document::text(
        &document::Set::new(&fixtures(), &settings.fixtures),
        &document::Set::new(&real, &settings.real),
        &settings,
    );
    fs::write(project("docs/accuracy.md"), text).unwrap();
}
