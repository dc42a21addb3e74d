//! Builds a pack: a WACZ 1.1.1 file with one WARC archive, its index, its list of pages, and the files of
//! the judgement. Each file's hash stands in `datapackage.json`, whose own hash is what is signed.
//!
//! It must not know what a page or a form is, and it reads nothing: bytes come in, bytes go out.

use std::io::{Read, Seek, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::cdxj::{self, Entry};
use super::encode::hex;
use super::key::Key;
use super::warc::{self, Record};

/// The version of the format (specs.webrecorder.net/wacz/1.1.1).
pub const WACZ_VERSION: &str = "1.1.1";
/// The version of the specification for signing (specs.webrecorder.net/wacz-auth/0.1.0).
pub const SIGNING_VERSION: &str = "0.1.0";
pub const PACKAGE: &str = "datapackage.json";
pub const DIGEST: &str = "datapackage-digest.json";
const ARCHIVE: &str = "data.warc.gz";
pub const INDEX: &str = "indexes/index.cdx.gz";
pub const PAGES: &str = "pages/pages.jsonl";

/// What a pack says about itself.
#[derive(Debug, Clone)]
pub struct Meta {
    /// The scan's id: the records' ids come from it.
    pub seed: String,
    pub title: String,
    /// UTC to the second, `2026-01-31T23:59:59Z`: the form that readers of WACZ compare.
    pub created: String,
    pub software: String,
}

/// A page that readers open from the list.
#[derive(Debug, Clone)]
pub struct Page {
    pub id: String,
    pub url: String,
    /// RFC 3339, UTC.
    pub date: String,
    pub title: String,
}

/// A pack being written. The archive comes first, then the files, then the seal.
pub struct Pack<W: Write + Seek> {
    zip: ZipWriter<W>,
    meta: Meta,
    resources: Vec<Value>,
    archive: Sha256,
    offset: u64,
    number: u64,
    entries: Vec<Entry>,
}

/// Who vouches for a pack, and what was signed.
#[derive(Debug, Clone)]
pub struct Sealed {
    /// `sha256:` and the hash of `datapackage.json`.
    pub hash: String,
    /// DER; `None` for a pack that nobody signed.
    pub signature: Option<Vec<u8>>,
}

/// Who signs.
pub struct Signer<'a> {
    pub key: &'a Key,
}

impl<W: Write + Seek> Pack<W> {
    /// Begins the archive.
    ///
    /// # Errors
    /// Where nothing can be written.
    pub fn begin(out: W, meta: Meta) -> std::io::Result<Self> {
        let mut pack = Pack::empty(out, meta)?;
        pack.about()?;
        Ok(pack)
    }

    /// Begins an archive that says nothing of itself yet: that of a copy says what the full one does.
    ///
    /// # Errors
    /// Where nothing can be written.
    pub fn empty(out: W, meta: Meta) -> std::io::Result<Self> {
        let mut pack = Pack {
            zip: ZipWriter::new(out),
            meta,
            resources: Vec::new(),
            archive: Sha256::new(),
            offset: 0,
            number: 0,
            entries: Vec::new(),
        };
        let options = pack.options(CompressionMethod::Stored).large_file(true);
        pack.zip.start_file(format!("archive/{ARCHIVE}"), options)?;
        Ok(pack)
    }

    /// The first record of an archive.
    fn about(&mut self) -> std::io::Result<()> {
        let info = format!(
            "software: {}\r\nformat: WARC File Format 1.1\r\nconformsTo: \
             http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n",
            self.meta.software
        );
        let created = self.meta.created.clone();
        self.record(&Record {
            kind: warc::Kind::Warcinfo,
            date: &created,
            target: None,
            content_type: "application/warc-fields",
            fields: vec![("WARC-Filename", ARCHIVE.to_string())],
            head: String::new(),
            body: info.as_bytes(),
        })
        .map(drop)
    }

    fn options(&self, method: CompressionMethod) -> SimpleFileOptions {
        SimpleFileOptions::default()
            .compression_method(method)
            .last_modified_time(zip_time(&self.meta.created))
    }

    /// Adds a record to the archive, and gives its id.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn record(&mut self, record: &Record) -> std::io::Result<String> {
        self.number += 1;
        let member = warc::member(record, &self.meta.seed, self.number);
        let length = member.bytes.len() as u64;
        let target = record.target.filter(|_| warc::indexed(record.kind));
        let entry = target.map(|target| Entry {
            url: target.to_string(),
            date: record.date.to_string(),
            mime: warc::mime(record.kind, record.content_type, &record.head),
            status: warc::status(record.kind, &record.head),
            digest: member.digest,
            offset: self.offset,
            length,
        });
        self.member(&mut &member.bytes[..], length, entry)?;
        Ok(member.id)
    }

    /// Where the next record begins.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Adds a gzip member as it stands, with its entry in the index.
    ///
    /// # Errors
    /// Where it cannot be read or written.
    pub fn member(
        &mut self,
        from: &mut dyn Read,
        length: u64,
        entry: Option<Entry>,
    ) -> std::io::Result<()> {
        let mut from = from.take(length);
        let mut buffer = vec![0; 1 << 16];
        while from.limit() > 0 {
            let read = match from.read(&mut buffer)? {
                0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
                read => read,
            };
            self.zip.write_all(&buffer[..read])?;
            self.archive.update(&buffer[..read]);
        }
        self.offset += length;
        self.entries.extend(entry);
        Ok(())
    }

    /// Ends the archive: its index and the list of pages.
    ///
    /// # Errors
    /// Where they cannot be written.
    pub fn end_archive(&mut self, pages: &[Page]) -> std::io::Result<()> {
        let head = json!({ "format": "json-pages-1.0", "id": "pages", "title": "All Pages" });
        let mut text = format!("{head}\n");
        for page in pages {
            let line = json!({
                "id": page.id, "url": page.url, "ts": page.date, "title": page.title,
            });
            text.push_str(&format!("{line}\n"));
        }
        self.end_archive_with(text.as_bytes())
    }

    /// The same with a list of pages as it stands.
    ///
    /// # Errors
    /// Where they cannot be written.
    pub fn end_archive_with(&mut self, pages: &[u8]) -> std::io::Result<()> {
        let hash = hex(&std::mem::take(&mut self.archive).finalize());
        self.list(&format!("archive/{ARCHIVE}"), &hash, self.offset);
        let index = cdxj::index(&self.entries, ARCHIVE);
        self.entries = Vec::new();
        self.stored(INDEX, &index.blocks)?;
        self.file("indexes/index.idx", &index.list)?;
        self.file(PAGES, pages)
    }

    /// Adds a file. Its path has two parts, `folder/name`: checkers of the format know no deeper ones.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn file(&mut self, path: &str, bytes: &[u8]) -> std::io::Result<()> {
        self.add(path, bytes, CompressionMethod::Deflated)
    }

    /// The same for what is packed already.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn stored(&mut self, path: &str, bytes: &[u8]) -> std::io::Result<()> {
        self.add(path, bytes, CompressionMethod::Stored)
    }

    fn add(&mut self, path: &str, bytes: &[u8], method: CompressionMethod) -> std::io::Result<()> {
        let options = self.options(method);
        self.zip.start_file(path, options)?;
        self.zip.write_all(bytes)?;
        self.list(path, &hex(&Sha256::digest(bytes)), bytes.len() as u64);
        Ok(())
    }

    fn list(&mut self, path: &str, hash: &str, bytes: u64) {
        let name: String = path
            .to_lowercase()
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() || c == '.' {
                    c
                } else {
                    '-'
                }
            })
            .collect();
        let mut resource = json!({
            "name": name, "path": path, "hash": format!("sha256:{hash}"), "bytes": bytes,
        });
        if path.ends_with(".json") {
            // Checkers of data packages guess what a file is by its name, and take `report.json` for one
            // of theirs.
            resource["type"] = "json".into();
        }
        self.resources.push(resource);
    }

    /// Writes the list of files and its digest, signed where there is a key, and ends the pack.
    ///
    /// # Errors
    /// Where it cannot be written, or the key cannot be encoded.
    pub fn seal(mut self, signer: Option<&Signer>) -> std::io::Result<(W, Sealed)> {
        let package = json!({
            "profile": "data-package",
            "wacz_version": WACZ_VERSION,
            "software": self.meta.software,
            "title": self.meta.title,
            "created": self.meta.created,
            "resources": self.resources,
        });
        let package = serde_json::to_vec_pretty(&package)?;
        let hash = format!("sha256:{}", hex(&Sha256::digest(&package)));
        let mut digest = json!({ "path": PACKAGE, "hash": hash });
        let mut signature = None;
        if let Some(signer) = signer {
            let signed = signer.key.sign(hash.as_bytes());
            let public = signer.key.public().map_err(std::io::Error::other)?;
            digest["signedData"] = json!({
                "hash": hash,
                "created": self.meta.created,
                "software": self.meta.software,
                "version": SIGNING_VERSION,
                "signature": BASE64.encode(&signed),
                "publicKey": BASE64.encode(&public),
            });
            signature = Some(signed);
        }
        let options = self.options(CompressionMethod::Deflated);
        for (name, bytes) in [
            (PACKAGE, package),
            (DIGEST, serde_json::to_vec_pretty(&digest)?),
        ] {
            self.zip.start_file(name, options)?;
            self.zip.write_all(&bytes)?;
        }
        Ok((self.zip.finish()?, Sealed { hash, signature }))
    }
}

/// The time of the pack in ZIP's own form; files have no other.
fn zip_time(created: &str) -> DateTime {
    let number = |from: usize, to: usize| created.get(from..to).and_then(|n| n.parse().ok());
    let parts = (|| {
        let year: u16 = created.get(0..4)?.parse().ok()?;
        Some((
            year,
            number(5, 7)?,
            number(8, 10)?,
            number(11, 13)?,
            number(14, 16)?,
            number(17, 19)?,
        ))
    })();
    parts
        .and_then(|(year, month, day, hour, minute, second)| {
            DateTime::from_date_and_time(year, month, day, hour, minute, second).ok()
        })
        .unwrap_or_default()
}
