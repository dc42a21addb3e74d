//! A request as the network sees it: where in it the values stand.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::needles::Needles;
use super::search::Walk;
use super::{Field, Form};

/// A part of a request.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    Host,
    Path,
    Query,
    Fragment,
    /// By its name, in lower case.
    Header(String),
    Body,
}

/// A value that was found, and where.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Placed {
    pub place: Place,
    pub field: Field,
    pub form: Form,
}

/// What a request was found to hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InRequest {
    /// Without repetitions, in the order of the places.
    pub hits: Vec<Placed>,
    /// Everything was read. Where it is false the body is packed in an unknown way or met a bound, and
    /// nothing found says nothing.
    pub complete: bool,
}

/// Encodings of a body that the search opens, as `Content-Encoding` names them (RFC 9110, 8.4.1).
const OPENED: [&str; 4] = ["identity", "gzip", "x-gzip", "deflate"];

impl Needles {
    /// The values that a request holds: in each part of its address, in its headers, in its body.
    pub fn in_request(&self, url: &str, headers: &[(String, String)], body: &[u8]) -> InRequest {
        let mut parts: Vec<(Place, &[u8])> = address(url)
            .into_iter()
            .map(|(place, text)| (place, text.as_bytes()))
            .collect();
        for (name, value) in headers {
            parts.push((Place::Header(name.to_ascii_lowercase()), value.as_bytes()));
        }
        let kind = header(headers, "content-type").unwrap_or_default();
        parts.extend(
            body_parts(kind, body)
                .into_iter()
                .map(|part| (Place::Body, part)),
        );
        let mut walk = Walk::new(self, parts.iter().map(|(_, bytes)| bytes.len()).sum());
        let mut hits: Vec<Placed> = Vec::new();
        for (place, bytes) in parts {
            hits.extend(walk.look(bytes).into_iter().map(|hit| Placed {
                place: place.clone(),
                field: hit.field,
                form: hit.form,
            }));
        }
        hits.sort();
        hits.dedup();
        let packed = header(headers, "content-encoding").unwrap_or_default();
        let known =
            |name: &str| name.is_empty() || OPENED.iter().any(|o| o.eq_ignore_ascii_case(name));
        let readable = body.is_empty() || packed.split(',').all(|name| known(name.trim()));
        InRequest {
            hits,
            complete: walk.complete && readable,
        }
    }
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = headers
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.as_str())
}

/// The parts of an address as they are written: a parser would change them, or refuse some.
fn address(url: &str) -> [(Place, &str); 4] {
    let (rest, fragment) = url.split_once('#').unwrap_or((url, ""));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let after_scheme = rest.split_once("://").map_or(rest, |(_, after)| after);
    let host_ends = after_scheme.find(['/', '\\']).unwrap_or(after_scheme.len());
    let (host, path) = after_scheme.split_at(host_ends);
    [
        (Place::Host, host),
        (Place::Path, path),
        (Place::Query, query),
        (Place::Fragment, fragment),
    ]
}

/// A body in parts: the fields and files of `multipart/form-data` each on their own, so that packed files
/// are opened (RFC 7578); any other body whole.
fn body_parts<'a>(kind: &str, body: &'a [u8]) -> Vec<&'a [u8]> {
    let Some(delimiter) = boundary(kind).map(|boundary| format!("--{boundary}")) else {
        return vec![body];
    };
    let mut parts = Vec::new();
    for part in split(body, delimiter.as_bytes()) {
        let head = find(part, b"\r\n\r\n").map_or(part.len(), |at| at + 4);
        parts.extend([&part[..head], &part[head..]]);
    }
    parts
}

/// RFC 2046, 5.1.1.
const LONGEST_BOUNDARY: usize = 70;

fn boundary(kind: &str) -> Option<&str> {
    let mut parameters = kind.split(';').map(str::trim);
    let media = parameters.next()?;
    if !media.get(..10)?.eq_ignore_ascii_case("multipart/") {
        return None;
    }
    let boundary = parameters.find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("boundary")
            .then(|| value.trim().trim_matches('"'))
    })?;
    (1..=LONGEST_BOUNDARY)
        .contains(&boundary.len())
        .then_some(boundary)
}

fn split<'a>(mut bytes: &'a [u8], by: &[u8]) -> Vec<&'a [u8]> {
    let mut out = Vec::new();
    while let Some(at) = find(bytes, by) {
        out.push(&bytes[..at]);
        bytes = &bytes[at + by.len()..];
    }
    out.push(bytes);
    out
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}
