//! Reads the resource records of a pack back: the files of a capture.
//!
//! A pack comes from somebody else: records are bounded in number and size, and what they are called is
//! the caller's to judge.

use std::io::{BufRead, BufReader, Read, Seek};

use flate2::bufread::GzDecoder;
use zip::ZipArchive;

use super::pack::PACKAGE;

pub const ARCHIVE: &str = "archive/data.warc.gz";
/// Records of one archive, and bytes of one of them.
pub const MOST_RECORDS: usize = 500_000;
pub const LARGEST_RECORD: u64 = 1 << 30;
/// Bytes of the fields of a record.
pub const LARGEST_HEAD: u64 = 64 << 10;

/// Takes one resource: its address, and its bytes.
type Take<'a> = dyn FnMut(&str, &[u8]) -> Result<(), String> + 'a;

/// Hands over each resource whose address begins with a prefix: the rest of the address, and its bytes.
///
/// # Errors
/// Where the pack is none or broken, or the caller says so.
pub fn resources(pack: impl Read + Seek, prefix: &str, take: &mut Take) -> Result<(), String> {
    let mut zip = ZipArchive::new(pack).map_err(|e| format!("it is no pack: {e}"))?;
    let archive = zip
        .by_name(ARCHIVE)
        .map_err(|e| format!("it holds no archive: {e}"))?;
    let mut archive = BufReader::new(archive);
    for _ in 0..MOST_RECORDS {
        let more = archive.fill_buf().map_err(|e| broken(&e))?;
        if more.is_empty() {
            return Ok(());
        }
        let mut member = BufReader::new(GzDecoder::new(&mut archive));
        let head = head(&mut member)?;
        let address = head.target.as_deref().and_then(|t| t.strip_prefix(prefix));
        if let (true, Some(address)) = (head.kind == "resource", address) {
            if head.length > LARGEST_RECORD {
                return Err(format!("{address} is too large"));
            }
            let mut bytes = Vec::new();
            let mut body = (&mut member).take(head.length);
            body.read_to_end(&mut bytes).map_err(|e| broken(&e))?;
            if bytes.len() as u64 != head.length {
                return Err(format!("{address} is cut short"));
            }
            take(address, &bytes)?;
        }
        // To the end of the member, where the next one begins.
        std::io::copy(&mut member, &mut std::io::sink()).map_err(|e| broken(&e))?;
    }
    Err(format!("it holds more than {MOST_RECORDS} records"))
}

/// When a pack was made, by its own word; `None` where it says nothing that looks like a time.
pub fn created(pack: impl Read + Seek) -> Option<String> {
    let mut zip = ZipArchive::new(pack).ok()?;
    let package = super::verify::text(&mut zip, PACKAGE).ok()?;
    let package: serde_json::Value = serde_json::from_slice(&package).ok()?;
    let created = package["created"].as_str()?;
    let like_a_time = |b: u8| b.is_ascii_digit() || b"-:.+TZ".contains(&b);
    (created.len() <= 40 && created.bytes().all(like_a_time)).then(|| created.to_string())
}

pub fn broken(e: &std::io::Error) -> String {
    format!("its archive cannot be read: {e}")
}

/// What the fields of a record say.
#[derive(Debug, Default)]
pub struct Head {
    pub kind: String,
    pub target: Option<String>,
    pub date: String,
    pub content_type: String,
    pub length: u64,
}

/// Reads the fields of a record.
///
/// # Errors
/// Where they have no end.
pub fn head(member: &mut impl BufRead) -> Result<Head, String> {
    let mut head = Head::default();
    let mut fields = member.take(LARGEST_HEAD);
    let mut line = String::new();
    loop {
        line.clear();
        let read = fields.read_line(&mut line).map_err(|e| broken(&e))?;
        if read == 0 {
            return Err("a record of its archive has no end to its fields".to_string());
        }
        let text = line.trim_end();
        if text.is_empty() {
            return Ok(head);
        }
        let Some((name, value)) = text.split_once(':') else {
            continue;
        };
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "warc-type" => head.kind = value.to_string(),
            "warc-date" => head.date = value.to_string(),
            "content-type" => head.content_type = value.to_string(),
            "warc-target-uri" => head.target = Some(value.to_string()),
            "content-length" => head.length = value.parse().unwrap_or_default(),
            _ => {}
        }
    }
}
