//! Who may name whom. The table is the architecture; this test keeps the code to it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Each module with the modules it may name. Arrows point down only.
const MAY_NAME: &[(&str, &[&str])] = &[
    // Plain data and words.
    ("artifact", &[]),
    ("target", &[]),
    ("diag", &[]),
    ("lexicon", &[]),
    ("model", &["artifact", "lexicon"]),
    ("leaks", &[]),
    ("identity", &["leaks", "model"]),
    ("finding", &["artifact"]),
    // Pure stages.
    ("extract", &["artifact", "lexicon", "model"]),
    (
        "walk",
        &["artifact", "extract", "identity", "lexicon", "model"],
    ),
    (
        "checks",
        &["artifact", "finding", "lexicon", "model", "target"],
    ),
    (
        "ruleset",
        &[
            "artifact", "checks", "finding", "identity", "lexicon", "model",
        ],
    ),
    (
        "evaluate",
        &[
            "artifact", "checks", "extract", "finding", "model", "ruleset", "target",
        ],
    ),
    (
        "report",
        &[
            "artifact", "evaluate", "finding", "lexicon", "model", "ruleset", "target",
        ],
    ),
    ("evidence", &[]),
    // The world outside.
    ("gate", &["artifact"]),
    ("fetch", &["artifact", "gate"]),
    ("browser", &["artifact", "gate", "leaks", "target"]),
    (
        "capture",
        &[
            "artifact", "browser", "extract", "fetch", "gate", "identity", "leaks", "lexicon",
            "model", "target", "walk",
        ],
    ),
    (
        "crawl",
        &[
            "artifact", "capture", "extract", "fetch", "lexicon", "model", "target",
        ],
    ),
    // Wiring, and people.
    (
        "pipeline",
        &[
            "artifact", "browser", "capture", "checks", "crawl", "evaluate", "evidence", "extract",
            "fetch", "finding", "gate", "model", "report", "ruleset", "target",
        ],
    ),
    (
        "cli",
        &[
            "artifact", "browser", "capture", "diag", "evaluate", "evidence", "finding", "gate",
            "lexicon", "model", "pipeline", "report", "ruleset", "target",
        ],
    ),
];

/// Modules that are functions of their arguments: no files, network, time, randomness, environment.
const PURE: [&str; 14] = [
    "artifact", "target", "lexicon", "model", "leaks", "identity", "finding", "extract", "walk",
    "checks", "ruleset", "evaluate", "evidence", "report",
];

/// What pure modules must not name.
const IO: [&str; 13] = [
    "std::fs",
    "std::net::Tcp",
    "std::net::Udp",
    "std::env",
    "std::process",
    "std::thread",
    "std::time",
    "tokio",
    "reqwest",
    "headless_chrome",
    "hyper",
    "uuid::",
    "tempfile",
];

/// Libraries that one module alone knows.
const ONLY_IN: [(&str, &str); 7] = [
    ("headless_chrome", "browser"),
    ("tokio_tungstenite", "browser"),
    ("reqwest", "fetch"),
    ("hayro_interpret", "capture"),
    ("clap", "cli"),
    ("indicatif", "cli"),
    ("minijinja", "report"),
];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The files of each module, with their code: comments and tests are not part of it.
fn modules() -> BTreeMap<String, Vec<(PathBuf, String)>> {
    fn walk(path: &Path, out: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, out);
            } else if path.extension().is_some_and(|e| e == "rs") {
                out.push(path);
            }
        }
    }
    let mut files = Vec::new();
    walk(&source(), &mut files);
    let mut modules: BTreeMap<String, Vec<(PathBuf, String)>> = BTreeMap::new();
    for file in files {
        let below = file.strip_prefix(source()).unwrap();
        let first = below
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_string_lossy()
            .replace(".rs", "");
        if matches!(first.as_str(), "lib" | "main") {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        modules.entry(first).or_default().push((file, code(&text)));
    }
    modules
}

fn code(text: &str) -> String {
    let before_tests = text.split("#[cfg(test)]").next().unwrap_or_default();
    before_tests
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The modules of the crate that a text names.
fn named(text: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for part in text.split("crate::").skip(1) {
        let inside: String = match part.strip_prefix('{') {
            // `use crate::{a, b};`
            Some(list) => list.split('}').next().unwrap_or_default().to_string(),
            None => part.to_string(),
        };
        let names: Vec<&str> = if part.starts_with('{') {
            inside.split(',').collect()
        } else {
            vec![inside.as_str()]
        };
        for name in names {
            let name: String = name
                .trim()
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect();
            out.insert(name);
        }
    }
    out
}

/// Every breach of the table in these modules.
fn breaches(modules: &BTreeMap<String, Vec<(PathBuf, String)>>) -> Vec<String> {
    let table: BTreeMap<&str, &[&str]> = MAY_NAME.iter().copied().collect();
    let mut out = Vec::new();
    for (module, files) in modules {
        let Some(allowed) = table.get(module.as_str()) else {
            out.push(format!("{module} is not in the table"));
            continue;
        };
        for (file, code) in files {
            let at = file.display();
            for other in named(code) {
                let known = table.contains_key(other.as_str());
                if known && other != *module && !allowed.contains(&other.as_str()) {
                    out.push(format!("{at}: {module} names {other}"));
                }
            }
            if PURE.contains(&module.as_str()) {
                out.extend(
                    IO.iter()
                        .filter(|io| code.contains(*io))
                        .map(|io| format!("{at}: names {io}")),
                );
            }
            for (library, home) in ONLY_IN {
                let uses = code.contains(&format!("{library}::"))
                    || code.contains(&format!("use {library}"));
                if uses && module != home {
                    out.push(format!("{at}: {library} belongs to {home}"));
                }
            }
        }
    }
    out
}

#[test]
fn modules_name_only_what_the_table_allows() {
    let breaches = breaches(&modules());
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn the_table_points_down_only() {
    let mut above: BTreeSet<&str> = BTreeSet::new();
    for (module, allowed) in MAY_NAME {
        for other in *allowed {
            assert!(
                above.contains(other),
                "{module} names {other}, which stands above or beside it"
            );
        }
        above.insert(module);
    }
}

#[test]
fn a_breach_is_found() {
    let with = |module: &str, line: &str| {
        let mut all = modules();
        all.get_mut(module)
            .unwrap()
            .push((PathBuf::from("new.rs"), line.to_string()));
        breaches(&all)
    };
    assert_eq!(with("checks", "use crate::browser::Session;").len(), 1);
    assert_eq!(
        with("extract", "let now = std::time::Instant::now();").len(),
        1
    );
    assert_eq!(with("report", "use crate::{finding, pipeline};").len(), 1);
    assert_eq!(
        with("crawl", "let client = reqwest::Client::new();").len(),
        1
    );
}

#[test]
fn pure_modules_deny_what_clippy_can_see() {
    for module in PURE {
        let file = [
            source().join(module).join("mod.rs"),
            source().join(format!("{module}.rs")),
        ]
        .into_iter()
        .find(|file| file.is_file())
        .unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(
            text.contains("#![deny(clippy::disallowed_methods)]"),
            "{}",
            file.display()
        );
    }
}

#[test]
fn every_file_opens_with_what_it_is_for() {
    for (file, _) in modules().into_values().flatten() {
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.starts_with("//!"), "{}", file.display());
    }
}
