//! Writes a copy of a pack from which parts were removed. The pack itself is never touched, and nothing is
//! overwritten; where the pack is in a store, its chain names the copy before it is there.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter};
use std::path::Path;

use crate::capture::now;
use crate::evidence::chain::What;
use crate::evidence::redact::{self, Ask, Part, RedactError, Redaction};
use crate::evidence::{self, Key, Signer, hex};

use super::beside::beside;
use super::digest::digest_of;
use super::keeping::Words;
use super::store::{Store, event};

/// What was written.
pub struct Copied {
    /// SHA-256 of the copy.
    pub sha256: String,
    pub redaction: Redaction,
    /// Whether the chain of the store names it.
    pub linked: bool,
}

fn io(path: &Path) -> impl Fn(std::io::Error) -> RedactError {
    let name = path.display().to_string();
    move |e| RedactError::Io(std::io::Error::new(e.kind(), format!("{name}: {e}")))
}

fn open(pack: &Path) -> Result<BufReader<File>, RedactError> {
    File::open(pack).map(BufReader::new).map_err(io(pack))
}

/// The parts of a pack that can be removed.
///
/// # Errors
/// Where it cannot be read, or is none that a copy can be made of.
pub fn parts(pack: &Path) -> Result<Vec<Part>, RedactError> {
    redact::parts(open(pack)?)
}

/// Writes the copy, without the parts that fit the patterns.
///
/// # Errors
/// Where the pack is not what was sealed, a pattern fits nothing, or the copy cannot be written.
pub fn redact(
    pack: &Path,
    out: &Path,
    patterns: &[String],
    words: Words,
    key: Option<&Key>,
    store: Option<&Store>,
) -> Result<Copied, RedactError> {
    if fs::symlink_metadata(out).is_ok() {
        let why = format!("{} is there already", out.display());
        return Err(RedactError::Io(std::io::Error::new(
            std::io::ErrorKind::AlreadyExists,
            why,
        )));
    }
    let verified = evidence::verify(open(pack)?);
    if let Some(check) = verified.broken() {
        let why = format!(
            "it is not what was sealed: {}: {}",
            check.what, check.detail
        );
        return Err(RedactError::Pack(why));
    }
    let plan = redact::plan(open(pack)?, patterns)?;
    let ask = Ask {
        at: now(),
        software: concat!("consentry ", env!("CARGO_PKG_VERSION")).to_string(),
        full: hex(&digest_of(pack).map_err(io(pack))?),
        reason: words.reason.clone(),
        by: words.by.clone(),
        signer: key.map(|key| Signer { key }),
    };
    let partial = beside(out, ".partial");
    let made = write(pack, &partial, plan, ask)
        .and_then(|redaction| link(&partial, redaction, words, key, store))
        .and_then(|copied| place(&partial, out).map_err(io(out)).map(|()| copied));
    // Half a copy must not look like one; that it cannot be removed changes nothing.
    let _ = fs::remove_file(&partial);
    made
}

fn write(pack: &Path, to: &Path, plan: redact::Plan, ask: Ask) -> Result<Redaction, RedactError> {
    let file = File::create(to).map_err(io(to))?;
    let (out, redaction) = redact::redact(open(pack)?, BufWriter::new(file), plan, ask)?;
    let file = out.into_inner().map_err(|e| io(to)(e.into_error()))?;
    file.sync_all().map_err(io(to))?;
    Ok(redaction)
}

/// Names the copy in the chain, where the full pack is in the store.
fn link(
    copy: &Path,
    redaction: Redaction,
    words: Words,
    key: Option<&Key>,
    store: Option<&Store>,
) -> Result<Copied, RedactError> {
    let sha256 = hex(&digest_of(copy).map_err(io(copy))?);
    let refused =
        |e: super::store::StoreError| RedactError::Io(std::io::Error::other(e.to_string()));
    let mut linked = false;
    if let Some(store) = store {
        let mut writing = store.lock().map_err(refused)?;
        if writing.chain.kept(&redaction.full.sha256).is_some() {
            let mut event = event(What::Redacted, &redaction.full.sha256);
            event.copy = Some(sha256.clone());
            (event.reason, event.by) = (words.reason, words.by);
            writing.append(event, key).map_err(refused)?;
            linked = true;
        }
    }
    Ok(Copied {
        sha256,
        redaction,
        linked,
    })
}

/// Moves a file to a place that is free: a link fails where something came there meanwhile.
fn place(from: &Path, to: &Path) -> std::io::Result<()> {
    match fs::hard_link(from, to) {
        Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists && !to.exists() => {
            fs::rename(from, to)
        }
        linked => linked,
    }
}
