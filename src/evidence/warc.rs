//! WARC 1.1 records (ISO 28500:2017), each a gzip member of its own, so that readers can open one alone.
//!
//! It must not know what a page or a form is.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use super::encode::{base32, hex};

/// What a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Warcinfo,
    Request,
    Response,
    Resource,
    Metadata,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Warcinfo => "warcinfo",
            Kind::Request => "request",
            Kind::Response => "response",
            Kind::Resource => "resource",
            Kind::Metadata => "metadata",
        }
    }

    /// The kind that a record names.
    pub fn of(name: &str) -> Option<Kind> {
        use Kind::{Metadata, Request, Resource, Response, Warcinfo};
        let all = [Warcinfo, Request, Response, Resource, Metadata];
        all.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Whether an index names records of a kind.
pub fn indexed(kind: Kind) -> bool {
    matches!(kind, Kind::Response | Kind::Resource)
}

/// The media type that an index names: that of the answer, not of its envelope.
pub fn mime(kind: Kind, content_type: &str, head: &str) -> String {
    let mut lines = head.lines();
    let of_answer = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-type").then_some(value)
    });
    let mime = match kind {
        Kind::Response => of_answer.unwrap_or("application/octet-stream"),
        _ => content_type,
    };
    let mime = mime.split(';').next().unwrap_or_default();
    mime.trim().to_string()
}

/// The status that an index names.
pub fn status(kind: Kind, head: &str) -> Option<u16> {
    let line = head.lines().next()?;
    (kind == Kind::Response)
        .then(|| line.split(' ').nth(1)?.parse().ok())
        .flatten()
}

/// A digest as records and indexes write it.
pub fn digest_name(digest: &[u8]) -> String {
    format!("sha256:{}", base32(digest))
}

/// One record before it is written.
#[derive(Debug, Clone)]
pub struct Record<'a> {
    pub kind: Kind,
    /// RFC 3339, UTC.
    pub date: &'a str,
    pub target: Option<&'a str>,
    pub content_type: &'a str,
    /// Further WARC fields: `WARC-IP-Address`, `WARC-Concurrent-To`, …
    pub fields: Vec<(&'static str, String)>,
    /// The head of an HTTP message, with its blank line; empty for what is no message.
    pub head: String,
    pub body: &'a [u8],
}

/// A record as it stands in the archive.
#[derive(Debug, Clone)]
pub struct Member {
    /// A whole gzip member.
    pub bytes: Vec<u8>,
    /// `<urn:uuid:…>`
    pub id: String,
    /// `sha256:` and base32, as the index names it.
    pub digest: String,
}

/// Writes a record. Its id comes from the seed and its number, so that the same capture gives the same
/// archive.
pub fn member(record: &Record, seed: &str, number: u64) -> Member {
    let id = record_id(seed, number);
    let digest = sha256_base32(&[record.body]);
    let mut text = format!(
        "WARC/1.1\r\nWARC-Type: {}\r\nWARC-Record-ID: {id}\r\nWARC-Date: {}\r\n",
        record.kind.as_str(),
        record.date,
    );
    if let Some(target) = record.target {
        text.push_str(&format!("WARC-Target-URI: {}\r\n", one_line(target)));
    }
    for (name, value) in &record.fields {
        text.push_str(&format!("{name}: {}\r\n", one_line(value)));
    }
    if record.kind == Kind::Response {
        text.push_str(&format!("WARC-Payload-Digest: {digest}\r\n"));
    }
    text.push_str(&format!(
        "WARC-Block-Digest: {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n",
        sha256_base32(&[record.head.as_bytes(), record.body]),
        record.content_type,
        record.head.len() + record.body.len(),
    ));
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    let parts = [
        text.as_bytes(),
        record.head.as_bytes(),
        record.body,
        b"\r\n\r\n",
    ];
    for part in parts {
        // Writing to memory does not fail.
        let _ = gzip.write_all(part);
    }
    Member {
        bytes: gzip.finish().unwrap_or_default(),
        id,
        digest,
    }
}

/// A UUID of version 8 (RFC 9562: of one's own making), from a hash.
fn record_id(seed: &str, number: u64) -> String {
    let mut bytes = [0_u8; 16];
    let hash = Sha256::digest(format!("{seed} {number}"));
    bytes.copy_from_slice(&hash[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let text = hex(&bytes);
    format!(
        "<urn:uuid:{}-{}-{}-{}-{}>",
        &text[..8],
        &text[8..12],
        &text[12..16],
        &text[16..20],
        &text[20..]
    )
}

fn sha256_base32(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    digest_name(&hash.finalize())
}

/// A value of a page must not begin another field.
pub fn one_line(value: &str) -> String {
    value
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Kind, Record, member};
    use flate2::read::GzDecoder;
    use std::io::Read;

    fn record<'a>(target: &'a str, body: &'a [u8]) -> Record<'a> {
        Record {
            kind: Kind::Resource,
            date: "2026-01-01T00:00:00Z",
            target: Some(target),
            content_type: "text/plain",
            fields: Vec::new(),
            head: String::new(),
            body,
        }
    }

    #[test]
    fn an_address_begins_no_field_of_its_own() {
        let member = member(&record("urn:a\r\nWARC-Type: request", b"x"), "seed", 1);
        let mut text = String::new();
        let mut unpacked = GzDecoder::new(&member.bytes[..]);
        unpacked.read_to_string(&mut text).unwrap();
        assert_eq!(text.matches("\r\nWARC-Type:").count(), 1, "{text}");
        assert!(text.ends_with("x\r\n\r\n"), "{text}");
    }

    #[test]
    fn the_same_capture_gives_the_same_record() {
        let one = member(&record("urn:a", b"x"), "seed", 1);
        assert_eq!(one.bytes, member(&record("urn:a", b"x"), "seed", 1).bytes);
        assert_ne!(one.id, member(&record("urn:a", b"x"), "seed", 2).id);
    }
}
