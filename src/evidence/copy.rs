//! Checks a copy from which parts were removed: what stays against the full pack's own list and index, which
//! the copy carries with their signature, and what is missing against what it says was removed.
//!
//! A copy comes from somebody else: nothing of it is believed that no list of the full pack names.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use flate2::read::MultiGzDecoder;
use serde_json::Value;
use sha2::{Digest, Sha256};
use zip::ZipArchive;

use super::cdxj::fourteen;
use super::encode::hex;
use super::pack::{INDEX, PACKAGE, PAGES};
use super::read::ARCHIVE;
use super::records::{Member, members};
use super::redaction::{ORIGINAL, ORIGINALS, Part, REDACTION, Redaction};
use super::signed::signed;
use super::verify::{Holds, Listed, Verified, listed, text};
use super::warc::{self, Kind, one_line};

/// Bytes of an index unpacked.
const LARGEST_INDEX: u64 = 512 << 20;
/// Names that are shown to people; programs are shown all of them.
const MOST_SHOWN: usize = 50;
/// The check that only the full pack can answer.
pub const HEADS: &str = "original_heads";

/// What a copy carries of the full pack.
struct Carried {
    redaction: Redaction,
    package: Vec<u8>,
    digest: Vec<u8>,
    /// The full pack's list.
    listed: Listed,
    index: Vec<u8>,
    pages: Vec<u8>,
}

/// Checks what makes a copy one.
pub fn check<R: Read + Seek>(zip: &mut ZipArchive<R>, here: &Listed, found: &mut Verified) {
    let carried = match carried(zip) {
        Ok(carried) => carried,
        Err(why) => return found.add("copy", Holds::No, why),
    };
    found.add("copy", Holds::Yes, about(&carried.redaction));
    let original = signed(&carried.package, &carried.digest);
    for (what, said) in [
        ("original_package", original.package),
        ("original_signature", original.signature),
    ] {
        if let Some((holds, detail)) = said {
            found.add(what, holds, detail);
        }
    }
    let mut tell = |what, told: Result<String, (String, String)>| match told {
        Ok(detail) => found.add(what, Holds::Yes, detail),
        Err((name, why)) => {
            found.add(what, Holds::No, format!("{name}: {why}"));
            found.first_difference.get_or_insert(name);
        }
    };
    tell("original_files", files(here, &carried));
    tell("original_records", records(zip, &carried));
    tell("original_pages", pages(zip, &carried));
    let detail = "requests, notes, and the heads of answers are in no list of the full pack; \
                  whether they are its own takes --full";
    found.add(HEADS, Holds::CannotTell, detail);
    found.redaction = Some(carried.redaction);
}

fn carried<R: Read + Seek>(zip: &mut ZipArchive<R>) -> Result<Carried, String> {
    let redaction = text(zip, REDACTION)?;
    let redaction: Redaction =
        serde_json::from_slice(&redaction).map_err(|e| format!("{REDACTION}: {e}"))?;
    let [package, digest, index, pages] = ORIGINALS.map(|(place, _)| text(zip, place));
    let (package, digest, index, pages) = (package?, digest?, index?, pages?);
    let hash = format!("sha256:{}", hex(&Sha256::digest(&package)));
    if hash != redaction.full.package {
        return Err(format!(
            "{ORIGINAL}{PACKAGE} has {hash}, and {REDACTION} names another"
        ));
    }
    let listed = listed(&package).map_err(|why| format!("of the full pack: {why}"))?;
    for (name, bytes) in [(INDEX, &index), (PAGES, &pages)] {
        let hash = format!("sha256:{}", hex(&Sha256::digest(bytes)));
        if listed.get(name).is_none_or(|(known, _)| *known != hash) {
            return Err(format!("the full pack's list names another {name}"));
        }
    }
    Ok(Carried {
        redaction,
        package,
        digest,
        listed,
        index,
        pages,
    })
}

/// What was removed, for people.
fn about(redaction: &Redaction) -> String {
    let mut names: Vec<&str> = redaction.removed.iter().map(Part::name).collect();
    names.dedup();
    let more = match names.len().saturating_sub(MOST_SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    names.truncate(MOST_SHOWN);
    let by = redaction.by.as_ref().map(|by| format!(" by {by}"));
    let reason = redaction
        .reason
        .as_ref()
        .map(|reason| format!(" ({reason})"));
    format!(
        "a copy from which parts were removed, {}{}{}, of the pack {}; removed: {}{more}",
        redaction.at,
        by.unwrap_or_default(),
        reason.unwrap_or_default(),
        redaction.full.sha256,
        names.join(", "),
    )
}

type Told = Result<String, (String, String)>;

fn wrong<T>(name: &str, why: &str) -> Result<T, (String, String)> {
    Err((name.to_string(), why.to_string()))
}

/// Whether a path is one that every copy has of its own.
fn made_anew(path: &str) -> bool {
    let originals = ORIGINALS.iter().any(|(place, _)| *place == path);
    originals || [ARCHIVE, INDEX, "indexes/index.idx", PAGES, REDACTION].contains(&path)
}

/// Each file that stays is the full pack's, and each that does not is named.
fn files(here: &Listed, carried: &Carried) -> Told {
    let removed: BTreeMap<&str, &Part> = carried
        .redaction
        .removed
        .iter()
        .filter_map(|part| Some((part.path.as_deref()?, part)))
        .collect();
    let mut stay = 0;
    for (path, about) in here.iter().filter(|(path, _)| !made_anew(path)) {
        match carried.listed.get(path) {
            None => return wrong(path, "it is none of the full pack"),
            Some(original) if original != about => {
                return wrong(path, "it is not as the full pack lists it");
            }
            Some(_) => stay += 1,
        }
    }
    for (path, (hash, _)) in carried.listed.iter().filter(|(path, _)| !made_anew(path)) {
        let named = removed.get(path.as_str());
        match (here.contains_key(path), named) {
            (true, None) => {}
            (true, Some(_)) => return wrong(path, "it is said to be removed, and is there"),
            (false, None) => return wrong(path, "it is missing, and not said to be removed"),
            (false, Some(part)) if format!("sha256:{}", part.sha256) != *hash => {
                return wrong(path, "what was removed had another hash");
            }
            (false, Some(_)) => {}
        }
    }
    if let Some(path) = removed
        .keys()
        .find(|path| !carried.listed.contains_key(**path))
    {
        return wrong(
            path,
            "it is said to be removed, and the full pack has none such",
        );
    }
    Ok(format!(
        "each of the {stay} files has the hash that the full pack's list gives"
    ))
}

/// What an index names of a record.
#[derive(Debug, PartialEq, Eq)]
struct Line {
    url: String,
    time: String,
    digest: String,
    offset: u64,
    /// Of the gzip member.
    length: u64,
}

/// Each record that stays is in the full pack's index, in its order, and each that does not is named.
fn records<R: Read + Seek>(zip: &mut ZipArchive<R>, carried: &Carried) -> Told {
    let lines = lines(&carried.index).map_err(|why| (INDEX.to_string(), why))?;
    let here = zip
        .by_name(ARCHIVE)
        .map_err(|e| (ARCHIVE.to_string(), e.to_string()))?;
    let here = members(here).map_err(|why| (ARCHIVE.to_string(), why))?;
    let mut stay = here
        .iter()
        .filter(|member| warc::indexed(member.kind))
        .peekable();
    let gone = carried.redaction.removed.iter();
    let kind = |part: &&Part| {
        part.kind
            .as_deref()
            .and_then(Kind::of)
            .is_some_and(warc::indexed)
    };
    let mut gone = gone.filter(kind).peekable();
    let mut count = 0;
    for line in &lines {
        if stay.next_if(|member| same(line, member)).is_some() {
            count += 1;
        } else if gone.next_if(|part| named(line, part)).is_none() {
            return wrong(
                &line.url,
                "it is missing or changed, and not said to be removed",
            );
        }
    }
    if let Some(member) = stay.next() {
        let name = member.target.as_deref().unwrap_or(ARCHIVE);
        return wrong(name, "it is not in the full pack's index");
    }
    match gone.next() {
        Some(part) => wrong(
            part.name(),
            "it is said to be removed, and the full pack has none such",
        ),
        None => Ok(format!(
            "each of the {count} answers and files of the archive has the digest of the full pack's index"
        )),
    }
}

fn same(line: &Line, member: &Member) -> bool {
    member.target.as_deref() == Some(&line.url)
        && fourteen(&member.date) == line.time
        && warc::digest_name(&member.digest) == line.digest
        && member.length == line.length
}

fn named(line: &Line, part: &Part) -> bool {
    let date = part.date.as_deref().unwrap_or_default();
    let digest = (0..part.sha256.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(part.sha256.get(at..at + 2)?, 16).ok());
    let digest: Option<Vec<u8>> = digest.collect();
    part.target.as_deref() == Some(&line.url)
        && fourteen(date) == line.time
        && digest.is_some_and(|digest| warc::digest_name(&digest) == line.digest)
}

/// The lines of an index, in the order of the archive.
fn lines(index: &[u8]) -> Result<Vec<Line>, String> {
    let mut text = String::new();
    let mut unpacked = MultiGzDecoder::new(index).take(LARGEST_INDEX);
    unpacked
        .read_to_string(&mut text)
        .map_err(|e| format!("it cannot be unpacked: {e}"))?;
    let line = |line: &str| {
        let mut parts = line.splitn(3, ' ');
        let (_, time, said) = (parts.next()?, parts.next()?, parts.next()?);
        let said: Value = serde_json::from_str(said).ok()?;
        let number = |name: &str| said[name].as_str()?.parse().ok();
        Some(Line {
            url: one_line(said["url"].as_str()?).trim().to_string(),
            time: time.to_string(),
            digest: said["digest"].as_str()?.to_string(),
            offset: number("offset")?,
            length: number("length")?,
        })
    };
    let lines: Option<Vec<Line>> = text.lines().map(line).collect();
    let mut lines = lines.ok_or("it has lines that are none of an index")?;
    lines.sort_by_key(|line| line.offset);
    Ok(lines)
}

/// The list of pages is the full pack's, or leaves some out.
fn pages<R: Read + Seek>(zip: &mut ZipArchive<R>, carried: &Carried) -> Told {
    let here = text(zip, PAGES).map_err(|why| (PAGES.to_string(), why))?;
    let split = |bytes: &[u8]| -> Vec<Vec<u8>> {
        bytes.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect()
    };
    let mut full = split(&carried.pages).into_iter();
    match split(&here)
        .into_iter()
        .all(|line| full.any(|one| one == line))
    {
        true => Ok("the list of pages says nothing that the full pack's does not".to_string()),
        false => wrong(PAGES, "it says what the full pack's does not"),
    }
}
