//! The needles: every spelling of every value, and its hashes and encodings, compiled for one pass.
//!
//! What can be decoded is decoded by the search; here stand the forms that decoding does not reach:
//! hashes, and base64 in whatever stands around it.

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::spellings::{self, Bounds};
use super::{Encoding, Field};

/// Base64 of fewer characters than this may be chance.
const LEAST_BASE64: usize = 8;

/// What one pattern stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Meaning {
    pub field: Field,
    pub encoding: Encoding,
    pub bounds: Bounds,
    /// The bytes of a hash themselves, which people write in hexadecimal or base64.
    pub bare: bool,
}

/// The identifying values of a person, ready to be looked for.
pub struct Needles {
    /// Spellings, and hashes in hexadecimal: the case of letters says nothing.
    loose: Table,
    /// Base64, and the bytes of hashes.
    exact: Table,
}

struct Table {
    automaton: Option<AhoCorasick>,
    meanings: Vec<Meaning>,
    /// There were more patterns than can be compiled: nothing found says nothing.
    broken: bool,
}

impl Needles {
    /// Compiles the values of a person. A value that identifies nobody (a short first name, a year, a
    /// number of few digits) is left out; a birth date is written `YYYY-MM-DD`.
    pub fn new(identifying: &[(Field, &str)]) -> Needles {
        let mut loose = BTreeSet::new();
        let mut exact = BTreeSet::new();
        for &(field, value) in identifying {
            for (text, bounds) in spellings::plain(field, value) {
                let plain = Meaning {
                    field,
                    encoding: Encoding::Plain,
                    bounds,
                    bare: false,
                };
                loose.extend(
                    spellings::bytes(&text)
                        .into_iter()
                        .map(|bytes| (bytes, plain)),
                );
                // Short names count as whole words only, whose ends base64 does not show.
                if bounds != Bounds::Word {
                    let encoded = Meaning {
                        encoding: Encoding::Base64,
                        bounds: Bounds::Free,
                        ..plain
                    };
                    exact.extend(in_base64(&text).into_iter().map(|bytes| (bytes, encoded)));
                }
            }
            for text in spellings::hashed(field, value) {
                for (encoding, digest) in digests(text.as_bytes()) {
                    let meaning = Meaning {
                        field,
                        encoding,
                        bounds: Bounds::Free,
                        bare: false,
                    };
                    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
                    loose.insert((hex.into_bytes(), meaning));
                    exact.insert((STANDARD_NO_PAD.encode(&digest).into_bytes(), meaning));
                    exact.insert((URL_SAFE_NO_PAD.encode(&digest).into_bytes(), meaning));
                    let bare = Meaning {
                        bare: true,
                        ..meaning
                    };
                    exact.insert((digest, bare));
                }
            }
        }
        Needles {
            loose: Table::new(loose, true),
            exact: Table::new(exact, false),
        }
    }

    /// Whether no value identifies anybody.
    pub fn is_empty(&self) -> bool {
        self.loose.meanings.is_empty()
    }

    /// Whether every needle is looked for.
    pub(super) fn is_whole(&self) -> bool {
        !self.loose.broken && !self.exact.broken
    }

    /// Every needle in the bytes, with its place.
    pub(super) fn each(&self, bytes: &[u8], mut found: impl FnMut(Meaning, usize, usize)) {
        for table in [&self.loose, &self.exact] {
            let Some(automaton) = &table.automaton else {
                continue;
            };
            for hit in automaton.find_overlapping_iter(bytes) {
                let meaning = table.meanings[hit.pattern().as_usize()];
                if apart(bytes, hit.start(), hit.end(), meaning.bounds) {
                    found(meaning, hit.start(), hit.end());
                }
            }
        }
    }
}

impl std::fmt::Debug for Needles {
    /// The values are not shown: they must not reach a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let patterns = self.loose.meanings.len() + self.exact.meanings.len();
        f.debug_struct("Needles")
            .field("patterns", &patterns)
            .finish_non_exhaustive()
    }
}

impl Table {
    fn new(patterns: BTreeSet<(Vec<u8>, Meaning)>, any_case: bool) -> Table {
        let (bytes, meanings): (Vec<Vec<u8>>, Vec<Meaning>) = patterns.into_iter().unzip();
        let compiled = AhoCorasick::builder()
            .ascii_case_insensitive(any_case)
            .build(bytes);
        Table {
            broken: compiled.is_err(),
            automaton: compiled.ok(),
            meanings,
        }
    }
}

/// Whether a needle stands apart from what would make it part of something else.
fn apart(bytes: &[u8], start: usize, end: usize, bounds: Bounds) -> bool {
    let before = start.checked_sub(1).and_then(|at| bytes.get(at));
    let beside = [before, bytes.get(end)];
    match bounds {
        Bounds::Free => true,
        Bounds::Number => !beside.into_iter().flatten().any(u8::is_ascii_digit),
        Bounds::Word => !beside
            .into_iter()
            .flatten()
            .any(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii()),
    }
}

/// A text in base64 as it stands within longer base64: at the three places where it can begin, without
/// the characters that hold bits of its neighbours, in the cases that are usual.
fn in_base64(text: &str) -> BTreeSet<Vec<u8>> {
    let mut out = BTreeSet::new();
    for text in [text.to_string(), text.to_lowercase(), text.to_uppercase()] {
        for bytes in spellings::bytes(&text) {
            for shift in 0..3 {
                let mut shifted = vec![0; shift];
                shifted.extend_from_slice(&bytes);
                // Six bits a character: those that hold none of the bytes before and after.
                let range = (shift * 8).div_ceil(6)..shifted.len() * 8 / 6;
                if range.len() < LEAST_BASE64 {
                    continue;
                }
                for encoded in [
                    STANDARD_NO_PAD.encode(&shifted),
                    URL_SAFE_NO_PAD.encode(&shifted),
                ] {
                    out.extend(encoded.as_bytes().get(range.clone()).map(<[u8]>::to_vec));
                }
            }
        }
    }
    out
}

fn digests(bytes: &[u8]) -> [(Encoding, Vec<u8>); 3] {
    [
        (Encoding::Md5, Md5::digest(bytes).to_vec()),
        (Encoding::Sha1, Sha1::digest(bytes).to_vec()),
        (Encoding::Sha256, Sha256::digest(bytes).to_vec()),
    ]
}
