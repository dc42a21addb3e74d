//! Takes one layer of escapes off bytes: those of addresses, JSON and HTML, where only some bytes change.
//!
//! Every byte remembers by its marks which layers it came through, so that a value in the middle of
//! a decoded text that needed no decoding itself is told as plain.

/// Bytes at some depth.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    pub bytes: &'a [u8],
    /// For each byte the layers it came through, a bit each from the outermost; empty where no layer was
    /// taken off yet.
    pub marks: &'a [u8],
    /// The bit of the last layer taken off; 0 where there is none.
    pub last: u8,
}

impl View<'_> {
    /// The layers of a range together.
    pub fn marks_of(&self, start: usize, end: usize) -> u8 {
        let marks = self.marks.get(start..end).unwrap_or_default();
        marks.iter().fold(0, |all, mark| all | mark)
    }

    /// Whether the last layer had part in a range: without it, the range was seen before.
    pub fn is_new(&self, start: usize, end: usize) -> bool {
        self.last == 0 || self.marks_of(start, end) & self.last != 0
    }
}

/// What a layer gave.
#[derive(Debug, Default)]
pub struct Unwrapped {
    pub bytes: Vec<u8>,
    pub marks: Vec<u8>,
    /// Where each run starts, for those that may be packed bytes.
    pub starts: Vec<usize>,
}

impl Unwrapped {
    pub fn push(&mut self, bytes: &[u8], mark: u8) {
        self.bytes.extend_from_slice(bytes);
        self.marks.resize(self.bytes.len(), mark);
    }

    /// What a layer leaves as it is.
    fn copy(&mut self, view: &View, start: usize, end: usize) {
        let bytes = view.bytes.get(start..end).unwrap_or_default();
        self.bytes.extend_from_slice(bytes);
        match view.marks.get(start..end) {
            Some(marks) => self.marks.extend_from_slice(marks),
            None => self.marks.resize(self.bytes.len(), 0),
        }
    }
}

/// An encoded character at the start of the bytes: how many bytes it takes, and what it stands for.
type Unit<'a> = (usize, Meant<'a>);

enum Meant<'a> {
    Byte(u8),
    Char(char),
    Text(&'a str),
}

/// Percent-encoding as addresses and forms have it: `%40`, `+` for a space, JavaScript's old `%u00E9`.
pub fn url_decoded(view: &View, bit: u8, again: bool) -> Option<Unwrapped> {
    rewritten(view, bit, again, |rest| match rest {
        [b'+', ..] => Some((1, Meant::Byte(b' '))),
        [b'%', b'u', digits @ ..] => Some((6, Meant::Char(char::from_u32(hex(digits, 4)?)?))),
        [b'%', digits @ ..] => Some((3, Meant::Byte(u8::try_from(hex(digits, 2)?).ok()?))),
        _ => None,
    })
}

/// Escapes of JSON and JavaScript strings, and the entities of HTML.
pub fn unescaped(view: &View, bit: u8, again: bool) -> Option<Unwrapped> {
    rewritten(view, bit, again, |rest| match rest {
        [b'\\', rest @ ..] => backslash(rest),
        [b'&', rest @ ..] => entity(rest),
        _ => None,
    })
}

/// Replaces each unit; nothing where there is none. `again` says that the layer just taken off was of
/// the same kind: units that it had no part in were replaced then.
fn rewritten(
    view: &View,
    bit: u8,
    again: bool,
    unit: impl Fn(&[u8]) -> Option<Unit>,
) -> Option<Unwrapped> {
    let mut out = Unwrapped::default();
    let (mut copied, mut at, mut new) = (0, 0, false);
    while let Some(rest) = view.bytes.get(at..) {
        let opens = |byte: &u8| matches!(byte, b'%' | b'+' | b'\\' | b'&');
        let Some(skipped) = rest.iter().position(opens) else {
            break;
        };
        at += skipped;
        let Some((taken, meant)) = unit(&view.bytes[at..]) else {
            at += 1;
            continue;
        };
        out.copy(view, copied, at);
        let mark = view.marks_of(at, at + taken) | bit;
        new |= !again || view.is_new(at, at + taken);
        match meant {
            Meant::Byte(byte) => out.push(&[byte], mark),
            Meant::Char(c) => out.push(c.encode_utf8(&mut [0; 4]).as_bytes(), mark),
            Meant::Text(text) => out.push(text.as_bytes(), mark),
        }
        at += taken;
        copied = at;
    }
    if !new {
        return None;
    }
    out.starts.push(0);
    out.copy(view, copied, view.bytes.len());
    Some(out)
}

fn backslash(rest: &[u8]) -> Option<Unit<'static>> {
    let (&kind, digits) = rest.split_first()?;
    let (taken, c) = match kind {
        b'u' if digits.first() == Some(&b'{') => {
            let length = digits.iter().take(8).position(|byte| *byte == b'}')?;
            let code = hex(digits.get(1..length)?, length - 1)?;
            (length + 3, char::from_u32(code)?)
        }
        b'u' => {
            let high = hex(digits, 4)?;
            match (char::from_u32(high), digits.get(4..)) {
                (Some(c), _) => (6, c),
                // Two halves of a character outside the first plane.
                (None, Some([b'\\', b'u', low @ ..])) => {
                    let low = hex(low, 4)?
                        .checked_sub(0xDC00)
                        .filter(|low| *low < 0x400)?;
                    let high = high.checked_sub(0xD800).filter(|high| *high < 0x400)?;
                    (12, char::from_u32(0x10000 + (high << 10) + low)?)
                }
                _ => return None,
            }
        }
        b'x' => (4, char::from_u32(hex(digits, 2)?)?),
        b'n' | b'r' | b't' | b'b' | b'f' => (2, ' '),
        b'/' | b'"' | b'\'' | b'\\' => (2, char::from(kind)),
        _ => return None,
    };
    Some((taken, Meant::Char(c)))
}

/// HTML's named entities are at most this long.
const LONGEST_ENTITY: usize = 34;

fn entity(rest: &[u8]) -> Option<Unit<'_>> {
    let length = rest
        .iter()
        .take(LONGEST_ENTITY)
        .position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(&rest[..length]).ok()?;
    let meant = match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            Meant::Char(char::from_u32(code)?)
        }
        None => Meant::Text(quick_xml::escape::resolve_html5_entity(name)?),
    };
    Some((length + 2, meant))
}

/// The number that the first hexadecimal digits make.
pub fn hex(bytes: &[u8], digits: usize) -> Option<u32> {
    let mut all = 0_u32;
    for byte in bytes.get(..digits)? {
        all = all.checked_mul(16)? + char::from(*byte).to_digit(16)?;
    }
    (digits > 0).then_some(all)
}
