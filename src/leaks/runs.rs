//! Runs of base64 and of hexadecimal, each of which stands for other bytes.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::unwrap::{Unwrapped, View, hex};

/// Runs shorter than these say nothing: nine bytes in base64, five in hexadecimal.
const LEAST_BASE64: usize = 12;
const LEAST_HEX: usize = 10;
/// Packed bytes take at least this many.
const LEAST_PACKED: usize = 24;

/// What runs gave: texts, in which more may be encoded, and bytes that are none.
#[derive(Debug, Default)]
pub struct Runs {
    pub texts: Unwrapped,
    pub other: Unwrapped,
}

/// Every run of base64, read from each of its first four characters: what stands before it may be
/// letters too.
pub fn base64_runs(view: &View, bit: u8) -> Runs {
    let config = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let engine = GeneralPurpose::new(&STANDARD, config);
    let is_base64 =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
    let mut out = Runs::default();
    let mut standard = Vec::new();
    each_run(view, LEAST_BASE64, is_base64, |run, mark| {
        standard.clear();
        standard.extend(run.iter().map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            byte => *byte,
        }));
        for shift in 0..4 {
            let rest = standard.get(shift..).unwrap_or_default();
            // One character alone holds no byte.
            let whole = rest.len() - usize::from(rest.len() % 4 == 1);
            if let Ok(bytes) = engine.decode(&rest[..whole]) {
                out.add(&bytes, mark | bit, shift == 0);
            }
        }
    });
    out
}

/// Every run of hexadecimal digits, read from each of its first two.
pub fn hex_runs(view: &View, bit: u8) -> Runs {
    let mut out = Runs::default();
    each_run(
        view,
        LEAST_HEX,
        |byte| byte.is_ascii_hexdigit(),
        |run, mark| {
            for shift in 0..2 {
                let pairs = run.get(shift..).unwrap_or_default().chunks_exact(2);
                let bytes: Vec<u8> = pairs
                    .filter_map(|pair| u8::try_from(hex(pair, 2)?).ok())
                    .collect();
                out.add(&bytes, mark | bit, shift == 0);
            }
        },
    );
    out
}

impl Runs {
    fn add(&mut self, bytes: &[u8], mark: u8, first: bool) {
        let out = if is_text(bytes) {
            &mut self.texts
        } else {
            &mut self.other
        };
        if first && bytes.len() >= LEAST_PACKED {
            out.starts.push(out.bytes.len());
        }
        out.push(bytes, mark);
        // Two runs do not make a value together.
        out.push(&[0], mark);
    }
}

/// Each longest run of bytes of a kind that the last layer had part in, with its marks.
fn each_run(view: &View, least: usize, kind: impl Fn(u8) -> bool, mut run: impl FnMut(&[u8], u8)) {
    let mut start = 0;
    while start < view.bytes.len() {
        let rest = &view.bytes[start..];
        let length = rest.iter().take_while(|byte| kind(**byte)).count();
        if length >= least && view.is_new(start, start + length) {
            run(&rest[..length], view.marks_of(start, start + length));
        }
        start += length + 1;
    }
}

/// How many bytes of a run tell what the rest is.
const SAMPLE: usize = 1024;
/// How many bytes tell that these are not packed: of packed ones, more than half are not printable.
const SHORT_SAMPLE: usize = 96;

/// Whether bytes are mostly text: seven of ten printable. Of chance bytes, four of ten are.
fn is_text(bytes: &[u8]) -> bool {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    printable(sample) * 10 >= sample.len() * 7
}

/// Whether bytes are text and nothing else, so that they cannot be packed bytes.
pub fn is_pure_text(bytes: &[u8]) -> bool {
    let sample = &bytes[..bytes.len().min(SHORT_SAMPLE)];
    // The sample may cut the last character.
    printable(sample) + 4 > sample.len()
}

/// How many bytes are printable characters.
fn printable(bytes: &[u8]) -> usize {
    let characters = bytes.utf8_chunks().flat_map(|chunk| chunk.valid().chars());
    characters
        .filter(|c| !c.is_control() || c.is_whitespace())
        .map(char::len_utf8)
        .sum()
}
