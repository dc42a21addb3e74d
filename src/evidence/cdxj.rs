//! The index of an archive: CDXJ lines, sorted, in blocks of gzip with a list of the blocks beside
//! (the "ZipNum" form that WACZ readers know).
//!
//! It must not know what a record holds.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;
use sha2::{Digest, Sha256};
use url::Url;

use super::encode::hex;

/// Where a record is found, and what it answers.
#[derive(Debug, Clone)]
pub struct Entry {
    pub url: String,
    /// RFC 3339, UTC.
    pub date: String,
    pub mime: String,
    /// HTTP status; `None` for what is no answer of a server.
    pub status: Option<u16>,
    pub digest: String,
    pub offset: u64,
    pub length: u64,
}

/// The two files of an index.
pub struct Index {
    /// `indexes/index.cdx.gz`
    pub blocks: Vec<u8>,
    /// `indexes/index.idx`
    pub list: Vec<u8>,
}

/// Lines in one block.
const BLOCK: usize = 3_000;

/// Sorts the entries and packs them.
pub fn index(entries: &[Entry], archive: &str) -> Index {
    let mut lines: Vec<(String, String)> = entries.iter().map(|e| line(e, archive)).collect();
    lines.sort();
    let mut blocks = Vec::new();
    let meta = json!({ "format": "cdxj-gzip-1.0", "filename": "index.cdx.gz" });
    let mut list = format!("!meta 0 {meta}\n");
    for block in lines.chunks(BLOCK) {
        let text: String = block
            .iter()
            .map(|(key, rest)| format!("{key} {rest}\n"))
            .collect();
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        // Writing to memory does not fail.
        let _ = gzip.write_all(text.as_bytes());
        let packed = gzip.finish().unwrap_or_default();
        let place = json!({
            "offset": blocks.len(),
            "length": packed.len(),
            "digest": format!("sha256:{}", hex(&Sha256::digest(&packed))),
            "filename": "index.cdx.gz",
        });
        if let Some((key, _)) = block.first() {
            list.push_str(&format!("{key} {place}\n"));
        }
        blocks.extend_from_slice(&packed);
    }
    Index {
        blocks,
        list: list.into_bytes(),
    }
}

/// The key of a line, and what follows it.
fn line(entry: &Entry, archive: &str) -> (String, String) {
    let key = format!("{} {}", surt(&entry.url), fourteen(&entry.date));
    let mut said = json!({
        "url": entry.url,
        "digest": entry.digest,
        "mime": entry.mime,
        "offset": entry.offset.to_string(),
        "length": entry.length.to_string(),
        "filename": archive,
    });
    if let Some(status) = entry.status {
        said["status"] = status.to_string().into();
    }
    (key, said.to_string())
}

/// The digits of a time: `20260131235959`.
pub fn fourteen(date: &str) -> String {
    date.chars()
        .take_while(|c| *c != '.')
        .filter(char::is_ascii_digit)
        .take(14)
        .collect()
}

/// An address so that those of one site stand together: `example,www)/path?a=1`. Others stay as they are.
pub fn surt(address: &str) -> String {
    let Ok(url) = Url::parse(address) else {
        return one_word(address);
    };
    let Some(host) = url.host_str().filter(|_| url.scheme().starts_with("http")) else {
        return one_word(address);
    };
    let host = host.to_lowercase();
    let bare = without_www(&host);
    let numeric = matches!(url.host(), Some(url::Host::Ipv4(_) | url::Host::Ipv6(_)));
    let mut key = if numeric {
        bare.to_string()
    } else {
        bare.rsplit('.').collect::<Vec<_>>().join(",")
    };
    if let Some(port) = url.port() {
        key.push_str(&format!(":{port}"));
    }
    key.push(')');
    key.push_str(&url.path().to_lowercase());
    if let Some(query) = url.query().filter(|query| !query.is_empty()) {
        let query = query.to_lowercase();
        let mut parts: Vec<&str> = query.split('&').collect();
        parts.sort_unstable();
        key.push_str(&format!("?{}", parts.join("&")));
    }
    one_word(&key)
}

/// Archives leave `www.`, `www2.` and the like out of their keys.
fn without_www(host: &str) -> &str {
    let Some((first, rest)) = host.split_once('.') else {
        return host;
    };
    let digits = first.strip_prefix("www");
    let serial = digits.is_some_and(|digits| digits.chars().all(|c| c.is_ascii_digit()));
    if serial && rest.contains('.') {
        rest
    } else {
        host
    }
}

/// Blanks separate what stands in a line.
fn one_word(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_whitespace() { '+' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Entry, fourteen, index, surt};
    use flate2::read::MultiGzDecoder;
    use std::io::Read;

    #[test]
    fn addresses_of_one_site_stand_together() {
        assert_eq!(
            surt("https://www.devis.example/A?b=2&a=1"),
            "example,devis)/a?a=1&b=2"
        );
        assert_eq!(surt("http://127.0.0.1:8080/x"), "127.0.0.1:8080)/x");
        assert_eq!(surt("urn:consentry:file:a b"), "urn:consentry:file:a+b");
        assert_eq!(fourteen("2026-01-31T23:59:59.123Z"), "20260131235959");
    }

    #[test]
    fn lines_are_sorted_in_blocks_that_the_list_finds() {
        let entry = |number: usize| Entry {
            url: format!("https://a.example/{:05}", 7_000 - number),
            date: "2026-01-01T00:00:00Z".to_string(),
            mime: "text/html".to_string(),
            status: Some(200),
            digest: "sha256:A".to_string(),
            offset: 0,
            length: 1,
        };
        let entries: Vec<Entry> = (0..7_000).map(entry).collect();
        let index = index(&entries, "data.warc.gz");
        let list = String::from_utf8(index.list).unwrap();
        assert_eq!(list.lines().count(), 4, "{list}");
        let mut text = String::new();
        let mut unpacked = MultiGzDecoder::new(&index.blocks[..]);
        unpacked.read_to_string(&mut text).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 7_000);
        assert!(lines.is_sorted());
    }
}
