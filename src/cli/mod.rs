//! The command line: reads what was typed, calls the stages, and tells people and programs how it went.
//!
//! Results go to standard output, everything else to standard error. It must not decide what a page
//! means nor how it is captured.

mod args;
mod config;
mod demo;
mod doctor;
mod evidence;
mod faces;
mod judge;
mod network;
mod paper;
mod progress;
mod recover;
mod redact;
mod reference;
mod rules;
mod scan;
mod seal;
mod settings;
mod stamps;
mod store;
mod summary;
mod verify;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;

use crate::capture::pdf;
use crate::diag::{Exit, Failure};

use args::{Cli, Command, TalkArgs};

/// Runs the program on the process's arguments.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match cli.command {
        Command::Scan(args) => scan::scan(&args),
        Command::Capture(args) => scan::capture(&args),
        Command::Judge(args) => judge::judge(&args),
        Command::Verify(args) => verify::verify(&args),
        Command::Evidence(command) => evidence::evidence(&command),
        Command::Key(command) => evidence::key(&command),
        Command::Demo(args) => demo::demo(&args),
        Command::Rules(command) => rules::rules(&command),
        Command::Doctor(args) => doctor::doctor(&args),
        Command::Init(args) => reference::init(&args),
        Command::Schema => reference::schema(),
        Command::Completions { shell } => reference::completions(shell),
        Command::Man => reference::man(),
        Command::ReadPdf => read_pdf(),
    };
    let exit = result.unwrap_or_else(|failure| {
        complain(&failure.to_string());
        Exit::CouldNotRun
    });
    ExitCode::from(exit.code())
}

/// Reads one PDF for a scan that runs in another process of this program.
fn read_pdf() -> Result<Exit, Failure> {
    pdf::serve(std::io::stdin().lock(), std::io::stdout().lock())
        .map_err(|e| Failure::new(format!("the scan is gone: {e}")))?;
    Ok(Exit::Clean)
}

/// Sets up what `-v` shows.
fn set_up_log(talk: &TalkArgs) {
    let level = match (talk.quiet, talk.verbose) {
        (true, _) => "error",
        (_, 0) => "warn",
        (_, 1) => "consentry=info,warn",
        (_, 2) => "consentry=debug,info",
        _ => "trace",
    };
    let filter = EnvFilter::try_from_env("CONSENTRY_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    // Only the first call counts; a command that runs another has set it up already.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none())
        .without_time()
        .with_target(false)
        .try_init();
}

/// Writes to standard output; a reader that went away (`| head`) is no error.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::new(format!(
            "standard output cannot be written: {e}"
        ))),
        _ => Ok(()),
    }
}

/// Prints a value as JSON.
fn print_json(value: &impl serde::Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|e| Failure::new(format!("the result cannot be written as JSON: {e}")))?;
    print(&format!("{text}\n"))
}

/// Writes a line for people to standard error.
fn complain(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// The locale of the environment, as POSIX orders its variables.
fn locale() -> String {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty())
        .unwrap_or_default()
}

/// The asynchronous machine that captures run on.
fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Runtime::new()
        .map_err(|e| Failure::new(format!("the program cannot start its threads: {e}")))
}
