//! PDF files that a page links to: their text, read in a process of its own.
//!
//! A PDF can be built to fill the memory, to never end, or to break its reader. So this program is
//! started once more for each file, under limits of memory and time, gets the file through a pipe and
//! gives back markup (`consentry read-pdf`). Whatever happens to it, the scan goes on.

mod layout;
mod text;

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, setrlimit};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;

use crate::artifact::Told;

/// What this program is called with to read a file.
pub const COMMAND: &str = "read-pdf";

/// Larger files are not read, in bytes.
pub const LARGEST: usize = 16 << 20;
/// What reading one file may take: seconds of processor, bytes of address space.
const PROCESSOR: u64 = 20;
const MEMORY: u64 = 1 << 30;
/// Bytes that the reader may answer with.
const LARGEST_ANSWER: u64 = 16 << 20;

/// The text of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PdfText {
    /// Paragraphs, headings, lists and tables, as far as their places on the pages tell.
    pub markup: String,
    /// Why a part of the text is missing.
    pub left_out: Option<Told>,
}

/// Why a file gave no text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Unreadable {
    #[error("the PDF is protected by a password")]
    Protected,
    #[error("the PDF holds no text that can be read, only pictures of it or nothing")]
    NoText,
    #[error("the PDF is damaged or no PDF")]
    Damaged,
    #[error("the PDF is larger than {} MB", LARGEST >> 20)]
    TooLarge,
    #[error("reading the PDF took too much time or memory, or broke its reader")]
    Broke,
}

impl Unreadable {
    /// The same for records and reports.
    pub fn told(&self) -> Told {
        match self {
            Unreadable::Protected => Told::of("pdf-protected"),
            Unreadable::NoText => Told::of("pdf-no-text"),
            Unreadable::Damaged => Told::of("pdf-damaged"),
            Unreadable::TooLarge => Told::of("pdf-too-large").number("megabytes", LARGEST >> 20),
            Unreadable::Broke => Told::of("pdf-broke"),
        }
    }
}

/// Whether an answer is a PDF, by its type or by how it begins.
pub fn is_pdf(content_type: Option<&str>, body: &[u8]) -> bool {
    let declared = content_type
        .and_then(|kind| kind.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/pdf"));
    declared || body.starts_with(b"%PDF-")
}

/// Reads files in processes of their own.
#[derive(Debug, Clone)]
pub struct PdfReader {
    /// This program.
    pub program: PathBuf,
    /// What reading one file may take by the clock.
    pub time: Duration,
}

impl PdfReader {
    /// The text of a file. The same bytes give the same text.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn read(&self, file: &[u8]) -> Result<PdfText, Unreadable> {
        if file.len() > LARGEST {
            return Err(Unreadable::TooLarge);
        }
        match tokio::time::timeout(self.time, self.ask(file)).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(e)) => {
                tracing::warn!("the reader of PDF files: {e}");
                Err(Unreadable::Broke)
            }
            Err(_) => Err(Unreadable::Broke),
        }
    }

    async fn ask(&self, file: &[u8]) -> std::io::Result<Result<PdfText, Unreadable>> {
        let mut child = Command::new(&self.program)
            .arg(COMMAND)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let (Some(mut to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
            return Ok(Err(Unreadable::Broke));
        };
        let send = async {
            // A reader that is gone says so by what it does not answer.
            let _ = to.write_all(file).await;
            drop(to);
        };
        let mut answer = Vec::new();
        let mut from = from.take(LARGEST_ANSWER);
        let (read, ()) = tokio::join!(from.read_to_end(&mut answer), send);
        read?;
        Ok(serde_json::from_slice(&answer).unwrap_or(Err(Unreadable::Broke)))
    }
}

/// The other side of [`PdfReader`]: reads one file from `from` and answers on `to`, under limits that
/// hold for this whole process.
///
/// # Errors
/// Where the pipes break.
pub fn serve(from: impl Read, mut to: impl Write) -> std::io::Result<()> {
    limit(Resource::As, MEMORY);
    limit(Resource::Cpu, PROCESSOR);
    limit(Resource::Core, 0);
    let mut file = Vec::new();
    from.take(LARGEST as u64 + 1).read_to_end(&mut file)?;
    let answer = if file.len() > LARGEST {
        Err(Unreadable::TooLarge)
    } else {
        read(file)
    };
    to.write_all(&serde_json::to_vec(&answer)?)
}

/// Reads a file within this process: for the process that does nothing else, and for tests.
///
/// # Errors
/// Why there is no text.
pub fn read(file: Vec<u8>) -> Result<PdfText, Unreadable> {
    text::read(file)
}

fn limit(resource: Resource, most: u64) {
    let both = Rlimit {
        current: Some(most),
        maximum: Some(most),
    };
    // A system that does not let itself be limited still has the parent's clock.
    let _ = setrlimit(resource, both);
}
