//! `init`, `schema`, `completions`, `man`: what users and their tools read about the program.

use std::path::Path;

use clap::CommandFactory;

use crate::diag::{Exit, Failure};
use crate::report::Report;

use super::args::{Cli, InitArgs};
use super::config::{FILE, TEMPLATE};

/// `consentry init`.
pub fn init(args: &InitArgs) -> Result<Exit, Failure> {
    if Path::new(FILE).exists() && !args.overwrite {
        return Err(Failure::with_help(
            format!("{FILE} exists already"),
            "edit it, or replace it with --overwrite",
        ));
    }
    std::fs::write(FILE, TEMPLATE)
        .map_err(|e| Failure::new(format!("{FILE} cannot be written here: {e}")))?;
    super::print(&format!(
        "{FILE} written; every key in it shows its default\n"
    ))?;
    Ok(Exit::Clean)
}

/// `consentry schema`.
pub fn schema() -> Result<Exit, Failure> {
    super::print_json(&Report::schema())?;
    Ok(Exit::Clean)
}

/// `consentry completions SHELL`.
pub fn completions(shell: clap_complete::Shell) -> Result<Exit, Failure> {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "consentry", &mut out);
    super::print(&String::from_utf8_lossy(&out))?;
    Ok(Exit::Clean)
}

/// `consentry man`.
pub fn man() -> Result<Exit, Failure> {
    let mut out = Vec::new();
    clap_mangen::Man::new(Cli::command())
        .render(&mut out)
        .map_err(|e| Failure::new(format!("the manual page cannot be written: {e}")))?;
    super::print(&String::from_utf8_lossy(&out))?;
    Ok(Exit::Clean)
}
