//! The search: looks at bytes, takes a layer off in every way there is, and looks again.
//!
//! Bounds hold whatever the bytes are: the layers on top of each other, the bytes that all of them give
//! together in proportion to the input, those that inflating gives in all, and the tries of inflating.

use std::collections::{BTreeSet, HashSet};

use sha2::{Digest, Sha256};

use super::needles::{Meaning, Needles};
use super::runs::{base64_runs, hex_runs};
use super::unwrap::{Unwrapped, View, unescaped, url_decoded};
use super::{Encoding, Form, Hit, Layer, inflate};

/// How many layers are taken off.
pub const DEPTH: usize = 4;
/// Bytes that all layers together may give for each byte of the input, and besides.
const GIVEN_PER_BYTE: usize = 32;
const GIVEN_BESIDES: usize = 16 << 20;
/// Bytes that inflating may give in one search: bombs are cut here.
const INFLATED: usize = 4 << 20;
/// Bytes that inflating may read for each byte of the input, and besides; a try costs some as well.
const READ_PER_BYTE: usize = 8;
const READ_BESIDES: usize = 4 << 20;
const TRY: usize = 1024;

/// What a search found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// Without repetitions, in order.
    pub hits: Vec<Hit>,
    /// Bytes looked at, over all layers.
    pub steps: u64,
    /// Everything was looked at. Where it is false a bound was met, and nothing found says nothing.
    pub complete: bool,
}

impl Needles {
    /// The values found in bytes, each form once.
    pub fn find(&self, bytes: &[u8]) -> Vec<Hit> {
        self.search(bytes).hits
    }

    /// The values found in bytes, with what the search cost and whether it met a bound.
    pub fn search(&self, bytes: &[u8]) -> Search {
        let mut walk = Walk::new(self, bytes.len());
        let hits = walk.look(bytes).into_iter().collect();
        Search {
            hits,
            steps: walk.steps,
            complete: walk.complete,
        }
    }
}

/// One search under way: its bounds hold over all that it looks at.
pub(super) struct Walk<'n> {
    needles: &'n Needles,
    hits: BTreeSet<Hit>,
    path: Vec<Layer>,
    /// Hashes of what was looked at: different layers in different order give the same bytes.
    seen: HashSet<[u8; 32]>,
    given: usize,
    inflated: usize,
    packed: usize,
    pub steps: u64,
    pub complete: bool,
}

impl<'n> Walk<'n> {
    /// A walk over an input of so many bytes in all.
    pub fn new(needles: &'n Needles, input: usize) -> Self {
        Walk {
            needles,
            hits: BTreeSet::new(),
            path: Vec::new(),
            seen: HashSet::new(),
            given: input
                .saturating_mul(GIVEN_PER_BYTE)
                .saturating_add(GIVEN_BESIDES),
            inflated: INFLATED,
            packed: input
                .saturating_mul(READ_PER_BYTE)
                .saturating_add(READ_BESIDES),
            steps: 0,
            complete: needles.is_whole(),
        }
    }

    /// Looks at a part of the input, and gives what stands there.
    pub fn look(&mut self, bytes: &[u8]) -> BTreeSet<Hit> {
        let view = View {
            bytes,
            marks: &[],
            last: 0,
        };
        self.visit(&view, &[0], true);
        std::mem::take(&mut self.hits)
    }

    fn visit(&mut self, view: &View, starts: &[usize], deep: bool) {
        self.step(view.bytes.len() * 2);
        let needles = self.needles;
        needles.each(view.bytes, |meaning, start, end| {
            let form = form(meaning, &self.path, view.marks_of(start, end));
            self.hits.insert(Hit {
                field: meaning.field,
                form,
            });
        });
        if self.path.len() >= DEPTH {
            return;
        }
        let bit = 1 << self.path.len();
        self.inflate(view, starts, bit);
        if !deep {
            return;
        }
        self.step(view.bytes.len() * 4);
        let outer = self.path.last().copied();
        let after = |layer| outer == Some(layer);
        for (layer, decoded) in [
            (
                Layer::UrlEncoded,
                url_decoded(view, bit, after(Layer::UrlEncoded)),
            ),
            (Layer::Escaped, unescaped(view, bit, after(Layer::Escaped))),
        ] {
            if let Some(decoded) = decoded {
                self.enter(layer, &decoded, bit, true);
            }
        }
        for (layer, runs) in [
            (Layer::Base64, base64_runs(view, bit)),
            (Layer::Hex, hex_runs(view, bit)),
        ] {
            self.enter(layer, &runs.texts, bit, true);
            self.enter(layer, &runs.other, bit, false);
        }
    }

    /// Looks at what a layer gave, within bounds.
    fn enter(&mut self, layer: Layer, unwrapped: &Unwrapped, bit: u8, deep: bool) {
        let Unwrapped {
            bytes,
            marks,
            starts,
        } = unwrapped;
        if bytes.is_empty() || (deep && !self.is_new(bytes)) {
            return;
        }
        let Some(left) = self.given.checked_sub(bytes.len()) else {
            self.complete = false;
            return;
        };
        self.given = left;
        self.path.push(layer);
        self.visit(
            &View {
                bytes,
                marks,
                last: bit,
            },
            starts,
            deep,
        );
        self.path.pop();
    }

    fn inflate(&mut self, view: &View, starts: &[usize], bit: u8) {
        self.step(view.bytes.len());
        for (at, layer) in inflate::candidates(view.bytes, starts) {
            let Some(left) = self.packed.checked_sub(TRY) else {
                self.complete = false;
                return;
            };
            let opened = inflate::opened(&view.bytes[at..], layer, left, self.inflated);
            self.step(TRY + opened.read + opened.bytes.len());
            self.packed = left - opened.read;
            self.inflated -= opened.bytes.len();
            self.complete &= !opened.cut;
            let mark = view.marks_of(at, at + opened.read) | bit;
            let unwrapped = Unwrapped {
                marks: vec![mark; opened.bytes.len()],
                bytes: opened.bytes,
                starts: vec![0],
            };
            self.enter(layer, &unwrapped, bit, true);
        }
    }

    fn is_new(&mut self, bytes: &[u8]) -> bool {
        self.step(bytes.len());
        self.seen.insert(Sha256::digest(bytes).into())
    }

    fn step(&mut self, bytes: usize) {
        self.steps = self
            .steps
            .saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
    }
}

/// The form of a needle: of the layers on the way those that it came through.
fn form(meaning: Meaning, path: &[Layer], marks: u8) -> Form {
    let passed = path
        .iter()
        .enumerate()
        .filter(|(at, _)| marks & (1 << at) != 0);
    let mut inside: Vec<Layer> = passed.map(|(_, layer)| *layer).collect();
    let mut encoding = meaning.encoding;
    let last = inside.last().copied();
    if encoding == Encoding::Plain
        && let Some(last) = last.and_then(Layer::encoding)
    {
        encoding = last;
        inside.pop();
    }
    if meaning.bare && matches!(last, Some(Layer::Hex | Layer::Base64)) {
        inside.pop();
    }
    Form { encoding, inside }
}
