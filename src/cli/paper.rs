//! `--format pdf`: whether there is a browser to print with, and what is said where it does not print.

use std::collections::BTreeSet;

use crate::diag::{Exit, Failure};
use crate::pipeline::{Printer, Written};
use crate::report::Format;

use super::scan::interruption;

/// The browser that prints, where a PDF is asked for. Asked before anything is captured.
///
/// # Errors
/// Where there is none.
pub fn printer(
    formats: &BTreeSet<Format>,
    chrome: Option<&str>,
    markup_only: bool,
) -> Result<Option<Printer>, Failure> {
    if !formats.contains(&Format::Pdf) {
        return Ok(None);
    }
    if markup_only {
        return Err(Failure::with_help(
            "--format pdf needs Chrome, which prints the file, and --static goes without it",
            "scan without --format pdf; `consentry judge DIR --format pdf` prints where there is Chrome",
        ));
    }
    let path = std::env::var("PATH").ok();
    Printer::find(chrome, path.as_deref())
        .map(Some)
        .map_err(|e| {
            Failure::with_help(
                format!("--format pdf needs Chrome, which prints the file: {e}"),
                "`consentry doctor` checks what a scan needs",
            )
        })
}

/// Prints a report that is written.
///
/// # Errors
/// Where it does not print; everything else stands as it was written.
pub fn print(printer: Option<&Printer>, written: &mut Written) -> Result<(), Failure> {
    let Some(printer) = printer else {
        return Ok(());
    };
    let runtime = super::runtime()?;
    let printed = runtime.block_on(async {
        tokio::select! {
            printed = printer.print(written) => Some(printed),
            () = interruption() => None,
        }
    });
    // Interrupted: Chrome is gone with what was awaited, and so must be the program.
    let Some(printed) = printed else {
        std::process::exit(i32::from(Exit::Interrupted.code()));
    };
    let folder = written.folder.display();
    printed.map_err(|e| {
        Failure::with_help(
            format!("the report could not be printed to report.pdf: {e}"),
            format!(
                "everything else is written; `consentry judge {folder} --format pdf` tries again"
            ),
        )
    })
}
