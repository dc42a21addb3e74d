//! Where Chrome is: the given path, `CHROME`, PATH, the usual places.

use std::path::{Path, PathBuf};

/// A browser that can be launched or connected to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chrome {
    Program(PathBuf, ChromeKind),
    /// A running browser's WebSocket address.
    Remote(String),
}

/// Which build it is: the shell starts faster, full Chrome looks more like a visitor's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChromeKind {
    HeadlessShell,
    Full,
}

/// Why there is no browser, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChromeError {
    #[error(
        "no Chrome or Chromium was found. Install one (Debian, Ubuntu: apt-get install chromium-headless-shell, or chromium), or name it with --chrome PATH or CHROME=PATH; --static works without a browser"
    )]
    None,
    #[error("there is no program at {0} (from --chrome or CHROME)")]
    NotThere(String),
    #[error("Chrome did not start: {0}")]
    Launch(String),
    #[error("Chrome does not answer: {0}")]
    Connect(String),
}

/// Names in the order of preference: the shell is the better engine for throughput.
const NAMES: [&str; 9] = [
    "chromium-headless-shell",
    "chrome-headless-shell",
    "headless_shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
];

/// Places outside PATH.
const PLACES: [&str; 6] = [
    "/usr/bin",
    "/usr/local/bin",
    "/usr/lib/chromium",
    "/snap/bin",
    "/opt/google/chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// Finds a browser. `given` comes from `--chrome` or the `CHROME` variable, `path` is PATH.
///
/// # Errors
/// Where there is none, what to install.
pub fn find_chrome(given: Option<&str>, path: Option<&str>) -> Result<Chrome, ChromeError> {
    if let Some(given) = given.filter(|given| !given.is_empty()) {
        if given.starts_with("ws://") || given.starts_with("wss://") {
            return Ok(Chrome::Remote(given.to_string()));
        }
        let direct = PathBuf::from(given);
        let found = if direct.is_file() {
            Some(direct)
        } else {
            in_path(given, path)
        };
        return found
            .map(program)
            .ok_or_else(|| ChromeError::NotThere(given.to_string()));
    }
    let by_name = NAMES.iter().find_map(|name| in_path(name, path));
    let by_place = || {
        NAMES.iter().find_map(|name| {
            PLACES
                .iter()
                .map(|place| Path::new(place).join(name))
                .find(|candidate| candidate.is_file())
        })
    };
    let whole = || {
        PLACES
            .iter()
            .map(PathBuf::from)
            .find(|candidate| candidate.is_file())
    };
    by_name
        .or_else(by_place)
        .or_else(whole)
        .map(program)
        .ok_or(ChromeError::None)
}

fn program(path: PathBuf) -> Chrome {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    let kind = if name.contains("shell") {
        ChromeKind::HeadlessShell
    } else {
        ChromeKind::Full
    };
    Chrome::Program(path, kind)
}

fn in_path(name: &str, path: Option<&str>) -> Option<PathBuf> {
    if name.contains('/') {
        return None;
    }
    std::env::split_paths(path?)
        .map(|folder| folder.join(name))
        .find(|candidate| candidate.is_file())
}
