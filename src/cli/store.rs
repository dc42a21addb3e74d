//! `evidence hold`, `release` and `prune`: how long packs of a store are kept.

use serde::Serialize;

use crate::diag::{Exit, Failure};
use crate::evidence::Key;
use crate::evidence::chain::{LONGEST_WORDS, Period, What, Why};
use crate::pipeline::{self, Outcome, Store, StoreError, Words};

use super::args::{HoldArgs, PruneArgs, StoreArgs};
use super::config::Config;
use super::evidence::read_key;
use super::settings;
use super::summary::printable;

/// A store that a command was pointed at, and who signs its links.
struct Given {
    store: Store,
    key: Option<Key>,
    config: Config,
}

fn given(args: &StoreArgs) -> Result<Given, Failure> {
    let config = settings::load_config(args.config.as_ref())?;
    let root = args.store.as_deref().or(config.store.dir.as_deref());
    let root = root.ok_or_else(|| {
        Failure::with_help(
            "no store was given",
            "add --store DIR, or set dir under [store] in consentry.toml",
        )
    })?;
    let store = Store::new(root);
    // A store that is not there is told before a key is asked for its passphrase.
    store.chain().map_err(unusable)?;
    let key = args.key.as_deref().map(read_key).transpose()?;
    Ok(Given { store, key, config })
}

/// A store that does not do what was asked, for people.
pub fn unusable(e: StoreError) -> Failure {
    let help = match &e {
        StoreError::Io(..) => {
            "give the folder that was given to `consentry scan --store`; check disk and permissions"
        }
        StoreError::Refused(_) => "`consentry verify --store DIR` says what is in the store",
    };
    Failure::with_help(format!("the store: {e}"), help)
}

/// A person's words, as a link may hold them.
///
/// # Errors
/// Where they are empty, too long or more than a line.
pub fn words(name: &str, text: &str) -> Result<String, Failure> {
    let short = text.chars().count() <= LONGEST_WORDS;
    match short && !text.trim().is_empty() && !text.contains(char::is_control) {
        true => Ok(text.trim().to_string()),
        false => Err(Failure::with_help(
            format!("{name} is no line of text"),
            format!("write one line of at most {LONGEST_WORDS} characters"),
        )),
    }
}

/// `consentry evidence hold` and `release`.
pub fn hold(what: What, args: &HoldArgs) -> Result<Exit, Failure> {
    let words = Words {
        reason: Some(words("--reason", &args.reason)?),
        by: Some(words("--by", &args.by)?),
    };
    let given = given(&args.store)?;
    let pack = pipeline::named(&args.pack).map_err(|e| {
        Failure::with_help(
            format!("no pack and no SHA-256: {e}"),
            "give a pack of the store, or the SHA-256 that `consentry verify` shows",
        )
    })?;
    let holds = pipeline::hold(&given.store, what, &pack, words, given.key.as_ref());
    let said = match holds.map_err(unusable)? {
        0 => "is under no legal hold any more".to_string(),
        1 => "is under legal hold".to_string(),
        more => format!("is under {more} legal holds"),
    };
    super::print(&format!("{pack} {said}\n"))?;
    Ok(Exit::Clean)
}

/// What `prune --json` prints for one pack.
#[derive(Serialize)]
struct Said<'a> {
    pack: &'a str,
    sealed_at: &'a str,
    deleted: bool,
    why: String,
}

/// `consentry evidence prune`.
pub fn prune(args: &PruneArgs) -> Result<Exit, Failure> {
    let reason = args.reason.as_deref();
    let reason = reason.map(|text| words("--reason", text)).transpose()?;
    let given = given(&args.store)?;
    let period = args
        .older_than
        .as_ref()
        .or(given.config.store.keep.as_ref());
    let period = period.ok_or_else(|| {
        Failure::with_help(
            "nobody said how long packs are kept",
            "add --older-than 3y, or set keep under [store] in consentry.toml",
        )
    })?;
    let period: Period = period.parse().map_err(Failure::new)?;
    let outcomes = match args.dry_run {
        true => pipeline::would_prune(&given.store, period),
        false => pipeline::prune(&given.store, period, reason, given.key.as_ref()),
    };
    let outcomes = outcomes.map_err(unusable)?;
    if args.json {
        super::print_json(&Vec::from_iter(
            outcomes.iter().map(|one| said(one, args.dry_run)),
        ))?;
    } else {
        super::print(&text(&outcomes, args.dry_run))?;
    }
    Ok(match outcomes.iter().any(|one| one.failed.is_some()) {
        true => Exit::CouldNotRun,
        false => Exit::Clean,
    })
}

fn said(outcome: &Outcome, dry_run: bool) -> Said<'_> {
    let held = |hold: &Words| {
        let word = |text: &Option<String>| printable(text.as_deref().unwrap_or("?"));
        format!("by {}: {}", word(&hold.by), word(&hold.reason))
    };
    let why = match (outcome.why, &outcome.failed) {
        (_, Some(why)) => format!("it cannot be deleted: {why}"),
        (Why::Due, _) => "its time is over".to_string(),
        (Why::NotYet, _) => "its time is not over".to_string(),
        (Why::Held, _) => {
            let holds: Vec<String> = outcome.holds.iter().map(held).collect();
            format!("under legal hold {}", holds.join("; "))
        }
        (Why::NoTime, _) => "its link tells no time".to_string(),
    };
    Said {
        pack: &outcome.pack,
        sealed_at: &outcome.sealed_at,
        deleted: outcome.why == Why::Due && outcome.failed.is_none() && !dry_run,
        why,
    }
}

fn text(outcomes: &[Outcome], dry_run: bool) -> String {
    let line = |outcome: &Outcome| {
        let said = said(outcome, dry_run);
        let done = match (said.deleted, outcome.why) {
            (true, _) => "deleted",
            (false, Why::Due) if dry_run => "would go",
            (false, _) => "kept",
        };
        let sealed = printable(said.sealed_at);
        format!("{done:<9} {} sealed {sealed}: {}\n", said.pack, said.why)
    };
    match outcomes.is_empty() {
        true => "The store holds no pack.\n".to_string(),
        false => outcomes.iter().map(line).collect(),
    }
}
