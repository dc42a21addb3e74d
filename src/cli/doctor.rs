//! `doctor`: does this machine have what a scan needs, and if not, what to do.

use serde::Serialize;

use crate::browser::{Browser, Chrome, LaunchSettings, find_chrome};
use crate::diag::{Exit, Failure};
use crate::evaluate;
use crate::gate::OwnPorts;
use crate::pipeline;

use super::args::DoctorArgs;

#[derive(Serialize)]
struct Checked {
    what: &'static str,
    /// `ok`, `note` or `problem`.
    state: &'static str,
    found: String,
}

/// `consentry doctor`. Ends with 2 where a scan could not run.
pub fn doctor(args: &DoctorArgs) -> Result<Exit, Failure> {
    let checked = vec![
        browser(args.chrome.as_deref())?,
        sandbox(),
        rules(),
        memory(),
        output(),
    ];
    let broken = checked.iter().any(|row| row.state == "problem");
    if args.json {
        super::print_json(&checked)?;
    } else {
        let mut text = String::new();
        for row in &checked {
            text.push_str(&format!(
                "{:<8} {:<15} {}\n",
                row.state, row.what, row.found
            ));
        }
        let end = if broken {
            "A scan cannot run yet: see the problems above."
        } else {
            "Everything a scan needs is here. Try: consentry demo"
        };
        super::print(&format!("{text}{end}\n"))?;
    }
    Ok(if broken {
        Exit::CouldNotRun
    } else {
        Exit::Clean
    })
}

fn browser(given: Option<&str>) -> Result<Checked, Failure> {
    let what = "browser";
    let path = std::env::var("PATH").ok();
    let chrome = match find_chrome(given, path.as_deref()) {
        Ok(chrome) => chrome,
        Err(e) => return Ok(problem(what, e.to_string())),
    };
    let place = match &chrome {
        Chrome::Program(path, _) => path.display().to_string(),
        Chrome::Remote(address) => address.clone(),
    };
    let settings = LaunchSettings {
        chrome,
        sandbox: pipeline::sandbox_works(),
        own_ports: OwnPorts::default(),
    };
    let launched = super::runtime()?.block_on(Browser::launch(&settings));
    Ok(match launched {
        Ok(browser) => ok(
            what,
            format!("{} at {place}, starts and answers", browser.product),
        ),
        Err(e) => problem(what, format!("{place}: {e}")),
    })
}

fn sandbox() -> Checked {
    match pipeline::no_sandbox_reason() {
        None => ok("sandbox", "Chrome's own sandbox is on".to_string()),
        Some(why) => Checked {
            what: "sandbox",
            state: "note",
            found: format!("Chrome's own sandbox is off, because {why}; reports say so"),
        },
    }
}

fn rules() -> Checked {
    match pipeline::load_rules() {
        Err(e) => problem("rules", e.to_string()),
        Ok(ruleset) => {
            let captures = pipeline::embedded_captures();
            let results: Vec<_> = ruleset
                .rules
                .iter()
                .flat_map(|rule| evaluate::run_examples(rule, &ruleset, &captures))
                .collect();
            let held = results.iter().filter(|result| result.holds()).count();
            let found = format!(
                "{} rules, {} packs ({}), {held} of {} examples hold",
                ruleset.rules.len(),
                ruleset.packs.len(),
                ruleset.packs.keys().cloned().collect::<Vec<_>>().join(", "),
                results.len(),
            );
            if held == results.len() {
                ok("rules", found)
            } else {
                problem("rules", found)
            }
        }
    }
}

/// Chrome takes about half a gibibyte for two pages at once.
fn memory() -> Checked {
    let available = std::fs::read_to_string("/proc/meminfo")
        .ok()
        .and_then(|text| {
            let line = text
                .lines()
                .find(|line| line.starts_with("MemAvailable:"))?;
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        });
    match available {
        Some(kib) if kib < 700_000 => Checked {
            what: "memory",
            state: "note",
            found: format!("{} MiB available; scan with --jobs 1", kib / 1024),
        },
        Some(kib) => ok("memory", format!("{} MiB available", kib / 1024)),
        None => ok("memory", "not known on this system".to_string()),
    }
}

fn output() -> Checked {
    let here = std::env::current_dir();
    let probe = here.as_ref().ok().map(tempfile::tempfile_in);
    match probe {
        Some(Ok(_)) => ok("output folder", "reports/ can be written here".to_string()),
        _ => Checked {
            what: "output folder",
            state: "note",
            found: "nothing can be written here; choose a folder with --out".to_string(),
        },
    }
}

fn ok(what: &'static str, found: String) -> Checked {
    Checked {
        what,
        state: "ok",
        found,
    }
}

fn problem(what: &'static str, found: String) -> Checked {
    Checked {
        what,
        state: "problem",
        found,
    }
}
