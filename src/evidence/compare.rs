//! Compares a copy from which parts were removed with the full pack, record by record as they stand.

use std::io::{Read, Seek};

use zip::ZipArchive;

use super::copy::HEADS;
use super::pack::PACKAGE;
use super::read::ARCHIVE;
use super::records::{Member, members};
use super::redaction::{Part, Redaction};
use super::verify::{Check, Holds, Verified, verify};

/// Compares a copy with the full pack, whose file has a hash: record by record, as they stand.
pub fn compare(
    verified: &mut Verified,
    copy: impl Read + Seek,
    mut full: impl Read + Seek,
    full_sha256: &str,
) {
    let told = match &verified.redaction {
        None => Err("it is no copy from which parts were removed".to_string()),
        Some(redaction) if redaction.full.sha256 != full_sha256 => Err(format!(
            "the copy is of another pack, {}",
            redaction.full.sha256
        )),
        Some(redaction) => alike(redaction, copy, &mut full),
    };
    verified.checks.retain(|check| check.what != HEADS);
    let (holds, detail) = match told {
        Ok(detail) => (Holds::Yes, detail),
        Err(why) => (Holds::No, why),
    };
    verified.checks.push(Check {
        what: "full",
        holds,
        detail,
    });
}

fn alike(
    redaction: &Redaction,
    copy: impl Read + Seek,
    mut full: impl Read + Seek,
) -> Result<String, String> {
    let whole = verify(&mut full);
    if whole.hash.as_ref() != Some(&redaction.full.package) {
        return Err(format!("the {PACKAGE} of the full pack has another hash"));
    }
    if let Some(check) = whole.broken() {
        return Err(format!(
            "the full pack itself does not hold: {}",
            check.detail
        ));
    }
    let (full, copy) = (archive(full)?, archive(copy)?);
    let mut stay = copy.iter().peekable();
    let mut gone = Vec::new();
    for member in &full {
        if stay.next_if(|here| here.raw == member.raw).is_none() {
            let part = Part::record(member);
            gone.push(part.ok_or("what the archive says of itself is missing")?);
        }
    }
    if let Some(member) = stay.next() {
        let name = member.target.as_deref().unwrap_or("a record");
        return Err(format!(
            "{name} is not in the full pack as it stands in the copy"
        ));
    }
    let said = redaction.removed.iter().filter(|part| part.path.is_none());
    match said.eq(gone.iter()) {
        true => Ok(format!(
            "each of the {} records stands in the full pack as it does here, and the {} others are named",
            copy.len(),
            gone.len()
        )),
        false => Err("what was removed is not what the copy says".to_string()),
    }
}

fn archive(pack: impl Read + Seek) -> Result<Vec<Member>, String> {
    let mut zip = ZipArchive::new(pack).map_err(|e| e.to_string())?;
    let archive = zip.by_name(ARCHIVE).map_err(|e| e.to_string())?;
    members(archive)
}
