//! Packed bytes: gzip, zlib and raw deflate, opened up to a bound.

use std::io::Read;

use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use super::Layer;
use super::runs::is_pure_text;

/// The method of gzip members, after two magic bytes (RFC 1952).
const DEFLATE: u8 = 8;

/// What came out of packed bytes.
#[derive(Debug)]
pub struct Opened {
    pub bytes: Vec<u8>,
    /// How many packed bytes were read.
    pub read: usize,
    /// There was more than the bounds allowed.
    pub cut: bool,
}

/// How zlib streams begin that programs make: window and method, and the level as a check (RFC 1950).
const ZLIB: [[u8; 2]; 4] = [[0x78, 0x01], [0x78, 0x5e], [0x78, 0x9c], [0x78, 0xda]];

/// Where packed bytes may start, and how they are packed: raw deflate has no mark of its own and is tried
/// at the given starts only.
pub fn candidates(bytes: &[u8], starts: &[usize]) -> Vec<(usize, Layer)> {
    let pairs = bytes.windows(2).enumerate();
    let mut out: Vec<(usize, Layer)> = pairs
        .filter_map(|(at, pair)| match pair {
            [0x1f, 0x8b] if bytes.get(at + 2) == Some(&DEFLATE) => Some((at, Layer::Gzip)),
            [0x78, _] if ZLIB.iter().any(|begin| begin == pair) && !is_picture(&bytes[..at]) => {
                Some((at, Layer::Zlib))
            }
            _ => None,
        })
        .collect();
    for &start in starts {
        let rest = bytes.get(start..).unwrap_or_default();
        // RFC 1951: the kind of the first block is one of three.
        let may_be = rest.first().is_some_and(|first| first >> 1 & 3 != 3);
        if may_be && !is_pure_text(rest) {
            out.push((start, Layer::Deflate));
        }
    }
    out
}

/// PNG pictures pack their points in zlib streams: they say nothing, and are many.
fn is_picture(before: &[u8]) -> bool {
    before.ends_with(b"IDAT")
}

/// Opens packed bytes as far as they go, within bounds on what is read and on what is given: a broken
/// end does not hide what came before it.
pub fn opened(packed: &[u8], layer: Layer, most_read: usize, most_given: usize) -> Opened {
    let offered = &packed[..packed.len().min(most_read)];
    let mut rest = offered;
    let (bytes, more) = match layer {
        Layer::Gzip => read(MultiGzDecoder::new(&mut rest), most_given),
        Layer::Zlib => read(ZlibDecoder::new(&mut rest), most_given),
        _ => read(DeflateDecoder::new(&mut rest), most_given),
    };
    let read = offered.len() - rest.len();
    let starved = rest.is_empty() && offered.len() < packed.len();
    Opened {
        bytes,
        read,
        cut: more || starved,
    }
}

fn read(from: impl Read, most: usize) -> (Vec<u8>, bool) {
    let mut bytes = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    // What was read before an error stays in the buffer.
    let _ = from.take(limit).read_to_end(&mut bytes);
    let more = bytes.len() > most;
    bytes.truncate(most);
    (bytes, more)
}
