//! Errors for people, and the exit codes they end with.
//!
//! Messages are fragments that fit "error: …"; a second line says what to do. Nothing here prints.

use std::fmt;

/// How the program ends. The numbers are the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Nothing failed at or above the threshold.
    Clean = 0,
    /// Something did.
    Failed = 1,
    /// Wrong usage or configuration, no Chrome, output that cannot be written.
    CouldNotRun = 2,
    /// Nothing failed, but a target could not be assessed or had no form.
    Incomplete = 3,
    Interrupted = 130,
}

impl Exit {
    pub fn code(self) -> u8 {
        self as u8
    }

    /// How a command ends that did one thing after another: what could not run, then what failed, then
    /// what is incomplete.
    pub fn gravest(exits: impl IntoIterator<Item = Exit>) -> Exit {
        let grave = |exit: &Exit| match exit {
            Exit::Clean => 0,
            Exit::Incomplete => 1,
            Exit::Failed => 2,
            Exit::CouldNotRun => 3,
            Exit::Interrupted => 4,
        };
        exits.into_iter().max_by_key(grave).unwrap_or(Exit::Clean)
    }
}

/// Something expected went wrong and the program cannot run.
#[derive(Debug)]
pub struct Failure {
    pub message: String,
    pub help: Option<String>,
}

impl Failure {
    pub fn new(message: impl Into<String>) -> Self {
        Failure {
            message: message.into(),
            help: None,
        }
    }

    pub fn with_help(message: impl Into<String>, help: impl Into<String>) -> Self {
        Failure {
            message: message.into(),
            help: Some(help.into()),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.message)?;
        if let Some(help) = &self.help {
            write!(f, "\n  what to do: {help}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}
