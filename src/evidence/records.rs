//! Reads an archive record by record, with the hashes and places that an index names.
//!
//! The archive comes from somebody else: each member must hold one record and nothing else, and all of it is
//! bounded. It must not know what a page or a form is.

use std::io::{BufRead, BufReader, Read};

use flate2::bufread::GzDecoder;
use sha2::{Digest, Sha256};

use super::cdxj::Entry;
use super::read::{LARGEST_HEAD, LARGEST_RECORD, MOST_RECORDS, broken, head};
use super::warc::{self, Kind};

/// Bytes that the addresses of all records may take together.
const MOST_NAMES: usize = 256 << 20;

/// One record of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub kind: Kind,
    pub target: Option<String>,
    /// RFC 3339, UTC.
    pub date: String,
    /// The media type and status that an index names.
    pub mime: String,
    pub status: Option<u16>,
    /// SHA-256 of what the record holds: of an answer, without its head.
    pub digest: [u8; 32],
    pub bytes: u64,
    /// Where its gzip member stands in the archive.
    pub offset: u64,
    pub length: u64,
    /// SHA-256 of the gzip member as it stands.
    pub raw: [u8; 32],
}

impl Member {
    /// The entry of an index for it, at a place; `None` for what no index names.
    pub fn entry(&self, offset: u64) -> Option<Entry> {
        let named = warc::indexed(self.kind);
        Some(Entry {
            url: self.target.clone().filter(|_| named)?,
            date: self.date.clone(),
            mime: self.mime.clone(),
            status: self.status,
            digest: warc::digest_name(&self.digest),
            offset,
            length: self.length,
        })
    }
}

/// Every record of an archive, in order.
///
/// # Errors
/// Where it is broken or too large.
pub fn members(archive: impl Read) -> Result<Vec<Member>, String> {
    let mut archive = Counted {
        inner: BufReader::new(archive),
        count: 0,
        hash: Sha256::new(),
    };
    let mut members = Vec::new();
    let mut names = 0;
    loop {
        if archive.fill_buf().map_err(|e| broken(&e))?.is_empty() {
            return Ok(members);
        }
        let offset = archive.count;
        let mut member = one(&mut archive)?;
        member.offset = offset;
        member.length = archive.count - offset;
        member.raw = std::mem::take(&mut archive.hash).finalize().into();
        names +=
            member.target.as_ref().map_or(0, String::len) + member.date.len() + member.mime.len();
        if members.len() >= MOST_RECORDS || names > MOST_NAMES {
            return Err(format!(
                "it holds more than {MOST_RECORDS} records, or their names are too long"
            ));
        }
        members.push(member);
    }
}

fn one(archive: &mut impl BufRead) -> Result<Member, String> {
    let mut text = BufReader::new(GzDecoder::new(archive));
    let head = head(&mut text)?;
    let kind = Kind::of(&head.kind)
        .ok_or_else(|| format!("it holds a record of another kind: {:?}", head.kind))?;
    let name = head.target.as_deref().unwrap_or("a record");
    if head.length > LARGEST_RECORD {
        return Err(format!("{name} is too large"));
    }
    let mut block = (&mut text).take(head.length);
    let http = match kind {
        Kind::Response => http_head(&mut block)?,
        _ => String::new(),
    };
    let (digest, bytes) = hashed(&mut block)?;
    if block.limit() > 0 {
        return Err(format!("{name} is cut short"));
    }
    let mut end = Vec::new();
    text.take(5).read_to_end(&mut end).map_err(|e| broken(&e))?;
    if end != b"\r\n\r\n" {
        return Err(format!("something else stands behind {name}"));
    }
    Ok(Member {
        kind,
        mime: warc::mime(kind, &head.content_type, &http),
        status: warc::status(kind, &http),
        target: head.target,
        date: head.date,
        digest,
        bytes,
        offset: 0,
        length: 0,
        raw: [0; 32],
    })
}

/// The head of an answer, with its blank line.
fn http_head(block: &mut impl BufRead) -> Result<String, String> {
    let mut head = Vec::new();
    let mut lines = block.take(LARGEST_HEAD);
    loop {
        let before = head.len();
        lines.read_until(b'\n', &mut head).map_err(|e| broken(&e))?;
        match &head[before..] {
            b"\r\n" | b"\n" => return Ok(String::from_utf8_lossy(&head).into_owned()),
            line if line.ends_with(b"\n") => {}
            _ => return Err("an answer in its archive has no end to its head".to_string()),
        }
    }
}

fn hashed(block: &mut impl Read) -> Result<([u8; 32], u64), String> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut bytes = 0;
    loop {
        match block.read(&mut buffer).map_err(|e| broken(&e))? {
            0 => return Ok((hash.finalize().into(), bytes)),
            read => {
                hash.update(&buffer[..read]);
                bytes += read as u64;
            }
        }
    }
}

/// Counts and hashes what is consumed, so that the end of a gzip member is known to the byte.
struct Counted<R> {
    inner: R,
    count: u64,
    hash: Sha256,
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        // What is buffered is given again without reading.
        if let Ok(buffered) = self.inner.fill_buf() {
            self.hash.update(&buffered[..amount.min(buffered.len())]);
        }
        self.count += amount as u64;
        self.inner.consume(amount);
    }
}
