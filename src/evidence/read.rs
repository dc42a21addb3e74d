//! Reads the resource records of a pack back: the files of a capture.
//!
//! A pack comes from somebody else: records are bounded in number and size, and what they are called is
//! the caller's to judge.

use std::io::{BufRead, BufReader, Read, Seek};

use flate2::bufread::GzDecoder;
use zip::ZipArchive;

const ARCHIVE: &str = "archive/data.warc.gz";
/// Records of one archive, and bytes of one of them.
const MOST_RECORDS: usize = 500_000;
const LARGEST_RECORD: u64 = 1 << 30;
/// Bytes of the fields of a record.
const LARGEST_HEAD: u64 = 64 << 10;

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
        if let (true, Some(address)) = (head.resource, address) {
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

fn broken(e: &std::io::Error) -> String {
    format!("its archive cannot be read: {e}")
}

/// What the fields of a record say.
#[derive(Default)]
struct Head {
    resource: bool,
    target: Option<String>,
    length: u64,
}

fn head(member: &mut impl BufRead) -> Result<Head, String> {
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
            "warc-type" => head.resource = value == "resource",
            "warc-target-uri" => head.target = Some(value.to_string()),
            "content-length" => head.length = value.parse().unwrap_or_default(),
            _ => {}
        }
    }
}
