//! `evidence redact`: a copy of a pack to hand over.

use crate::diag::{Exit, Failure};
use crate::evidence::redact::{Part, RedactError};
use crate::pipeline::{self, Store, Words};

use super::args::RedactArgs;
use super::evidence::read_key;
use super::settings;
use super::store::words;
use super::summary::printable;

/// `consentry evidence redact`.
pub fn redact(args: &RedactArgs) -> Result<Exit, Failure> {
    let Some(out) = args.out.as_ref().filter(|_| !args.list) else {
        let parts = pipeline::parts(&args.pack).map_err(|e| failure(args, &e))?;
        match args.json {
            true => super::print_json(&parts)?,
            false => super::print(&listed(&parts))?,
        }
        return Ok(Exit::Clean);
    };
    let optional =
        |name, text: &Option<String>| text.as_deref().map(|t| words(name, t)).transpose();
    let words = Words {
        reason: optional("--reason", &args.reason)?,
        by: optional("--by", &args.by)?,
    };
    let config = settings::load_config(args.store.config.as_ref())?;
    let given = args.store.store.as_deref().or(config.store.dir.as_deref());
    let store = given.map(Store::new).or_else(|| Store::of(&args.pack));
    let key = args.store.key.as_deref().map(read_key).transpose()?;
    let made = pipeline::redact(
        &args.pack,
        out,
        &args.remove,
        words,
        key.as_ref(),
        store.as_ref(),
    );
    let copied = made.map_err(|e| failure(args, &e))?;
    if store.is_some() && !copied.linked {
        super::complain("note: the pack is not in the store; its chain does not name the copy");
    }
    match args.json {
        true => super::print_json(&copied.redaction)?,
        false => super::print(&format!(
            "{}\n  SHA-256 of the copy: {}\n  of the pack: {}\n  removed:\n{}",
            out.display(),
            copied.sha256,
            copied.redaction.full.sha256,
            listed(&copied.redaction.removed)
        ))?,
    }
    Ok(Exit::Clean)
}

/// One part a line: what it is, its bytes, its name.
fn listed(parts: &[Part]) -> String {
    let line = |part: &Part| {
        let kind = part.kind.as_deref().unwrap_or("file");
        format!(
            "{:<9} {:>10}  {}\n",
            printable(kind),
            part.bytes,
            printable(part.name())
        )
    };
    parts.iter().map(line).collect()
}

fn failure(args: &RedactArgs, e: &RedactError) -> Failure {
    let name = args.pack.display();
    match e {
        RedactError::NoMatch(_) => Failure::with_help(
            format!("{name}: {e}; nothing was written"),
            format!(
                "`consentry evidence redact {name} --list` prints the names; * stands for anything"
            ),
        ),
        RedactError::Pack(_) => Failure::with_help(
            format!("{name}: {e}"),
            "give the evidence.wacz that a scan wrote",
        ),
        RedactError::Io(_) => Failure::with_help(
            format!("the copy cannot be made: {e}"),
            "choose a free name with --out; the pack is as it was",
        ),
    }
}
