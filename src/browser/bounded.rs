//! Keeps messages of Chrome that are too large out of the memory.
//!
//! A WebSocket library that meets a message above its limit ends the connection, and with it every other
//! visit. This stands below it: it passes the bytes on frame by frame, skips a frame that is too large
//! unread, and puts a refusal of that one call in its place. It knows frames (RFC 6455, 5.2) and where a
//! message's id stands, and nothing else.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A connection whose incoming frames are bounded.
pub struct Bounded<S> {
    inner: S,
    limit: u64,
    state: State,
    /// Bytes that were read and not looked at yet.
    raw: Box<[u8]>,
    next: usize,
    end: usize,
    /// Bytes that go on before anything else.
    ready: Vec<u8>,
    passed: usize,
}

enum State {
    /// The answer to the handshake, with its last four bytes.
    Handshake([u8; 4]),
    /// The head of a frame, as far as it has come.
    Head(Vec<u8>),
    /// A frame's content that goes on, bytes left of it.
    Content(u64),
    /// One that does not: its length, bytes left, and how it begins.
    Skipped(u64, u64, Vec<u8>),
}

const READ: usize = 64 << 10;
/// Enough of a message to find its id, which Chrome writes first.
const BEGINNING: usize = 64;

impl<S> Bounded<S> {
    pub fn new(inner: S, limit: u64) -> Self {
        Bounded {
            inner,
            limit,
            state: State::Handshake([0; 4]),
            raw: vec![0; READ].into(),
            next: 0,
            end: 0,
            ready: Vec::new(),
            passed: 0,
        }
    }

    /// Looks at what was read; gives back what goes on as it is.
    fn step(&mut self, room: usize) -> std::ops::Range<usize> {
        let there = self.next..self.end;
        match &mut self.state {
            State::Handshake(last) => {
                let byte = self.raw[there.start];
                *last = [last[1], last[2], last[3], byte];
                if last == b"\r\n\r\n" {
                    self.state = State::Head(Vec::new());
                }
                self.next += 1;
                self.ready.push(byte);
                0..0
            }
            State::Head(head) => {
                head.push(self.raw[there.start]);
                self.next += 1;
                if let Some(length) = length(head) {
                    if length > self.limit {
                        self.state = State::Skipped(length, length, Vec::new());
                    } else {
                        self.ready.append(head);
                        self.state = State::content(length);
                    }
                }
                0..0
            }
            State::Content(left) => {
                let taken = there.len().min(room).min(*left as usize);
                *left -= taken as u64;
                if *left == 0 {
                    self.state = State::Head(Vec::new());
                }
                self.next += taken;
                there.start..there.start + taken
            }
            State::Skipped(length, left, beginning) => {
                let taken = there
                    .len()
                    .min(usize::try_from(*left).unwrap_or(usize::MAX));
                let kept = taken.min(BEGINNING - beginning.len());
                beginning.extend(&self.raw[there.start..there.start + kept]);
                *left -= taken as u64;
                self.next += taken;
                if *left == 0 {
                    // An event that is too large is left out.
                    let refusal = id(beginning).map(|id| refusal(id, *length));
                    self.ready.extend(refusal.unwrap_or_default());
                    self.state = State::Head(Vec::new());
                }
                0..0
            }
        }
    }
}

impl State {
    fn content(length: u64) -> State {
        if length == 0 {
            State::Head(Vec::new())
        } else {
            State::Content(length)
        }
    }
}

/// The length of a frame's content, once its head is whole.
fn length(head: &[u8]) -> Option<u64> {
    let short = head.get(1)? & 0x7f;
    let masked = if head[1] & 0x80 == 0 { 0 } else { 4 };
    let further = match short {
        126 => 2,
        127 => 8,
        _ => 0,
    };
    (head.len() == 2 + further + masked).then_some(())?;
    if further == 0 {
        return Some(u64::from(short));
    }
    let bytes = head[2..2 + further].iter();
    Some(bytes.fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}

/// The id in `{"id":7,…`.
fn id(beginning: &[u8]) -> Option<u64> {
    let digits = std::str::from_utf8(beginning)
        .ok()?
        .strip_prefix("{\"id\":")?;
    digits.split_once([',', '}'])?.0.parse().ok()
}

/// A frame that refuses a call.
fn refusal(id: u64, length: u64) -> Vec<u8> {
    let text =
        format!("{{\"id\":{id},\"error\":{{\"message\":\"{length} bytes are too large\"}}}}");
    // It is shorter than 126 bytes whatever the numbers are.
    let mut frame = vec![0x81, text.len() as u8];
    frame.extend(text.bytes());
    frame
}

impl<S: AsyncRead + Unpin> AsyncRead for Bounded<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        to: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let own = &mut *self;
        if to.remaining() == 0 {
            return Poll::Ready(Ok(()));
        }
        loop {
            if own.next == own.end {
                // What there is goes on before more is waited for.
                if own.passed < own.ready.len() {
                    break;
                }
                let mut read = ReadBuf::new(&mut own.raw);
                ready!(Pin::new(&mut own.inner).poll_read(context, &mut read))?;
                (own.next, own.end) = (0, read.filled().len());
                if own.end == 0 {
                    return Poll::Ready(Ok(()));
                }
            }
            if own.passed < own.ready.len() && matches!(own.state, State::Content(_)) {
                break;
            }
            let on = own.step(to.remaining());
            if !on.is_empty() {
                to.put_slice(&own.raw[on]);
                return Poll::Ready(Ok(()));
            }
        }
        let taken = (own.ready.len() - own.passed).min(to.remaining());
        to.put_slice(&own.ready[own.passed..own.passed + taken]);
        own.passed += taken;
        if own.passed == own.ready.len() {
            own.ready.clear();
            own.passed = 0;
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Bounded<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;

    use super::Bounded;

    fn frame(content: &str) -> Vec<u8> {
        let length = content.len();
        let mut frame = vec![0x81];
        match length {
            0..126 => frame.push(length as u8),
            126..65_536 => {
                frame.push(126);
                frame.extend((length as u16).to_be_bytes());
            }
            _ => {
                frame.push(127);
                frame.extend((length as u64).to_be_bytes());
            }
        }
        frame.extend(content.bytes());
        frame
    }

    #[test]
    fn what_is_too_large_is_refused_and_the_rest_goes_on() {
        let handshake = b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\r\n";
        let large = |start: &str, length: usize| format!("{start}{}", "x".repeat(length));
        let answer = large("{\"id\":12,\"result\":\"", 100_000);
        let parts = [
            frame("{\"id\":1,\"result\":{}}"),
            frame(&answer),
            frame(&large("{\"method\":\"Page.event\",\"params\":\"", 90_000)),
            frame(""),
            frame(&large("{\"id\":13,\"result\":\"", 300)),
        ];
        let sent = [&handshake[..], &parts.concat()].concat();
        let told = format!(
            "{{\"id\":12,\"error\":{{\"message\":\"{} bytes are too large\"}}}}",
            answer.len()
        );
        let wanted = [
            &handshake[..],
            &parts[0],
            &frame(&told),
            &parts[3],
            &parts[4],
        ]
        .concat();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        for most in [1, 7, 4_096] {
            let mut got: Vec<u8> = Vec::new();
            runtime.block_on(async {
                let mut bounded = Bounded::new(&sent[..], 1_000);
                let mut buffer = vec![0; most];
                loop {
                    match bounded.read(&mut buffer).await.unwrap() {
                        0 => break,
                        read => got.extend(&buffer[..read]),
                    }
                }
            });
            assert_eq!(got, wanted, "read by {most}");
        }
    }
}
