//! Prepares the output folder: refuses one with something in it, or removes what an earlier scan of
//! ours wrote there.

use std::fs;
use std::path::{Component, Path, PathBuf};

/// Why an output folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    #[error(
        "the output folder {0} is not empty; choose another, or add --overwrite to replace an earlier scan there"
    )]
    NotEmpty(String),
    #[error(
        "the output folder {0} holds no report.json of an earlier scan, so --overwrite cannot tell what to remove; choose another folder"
    )]
    NotOurs(String),
    #[error("{0} is not a folder")]
    NotAFolder(String),
    #[error("the output folder {0} cannot be written: {1}")]
    Unwritable(String, std::io::Error),
    #[error("another consentry works on the folder {0}; wait until it is done")]
    InUse(String),
}

/// A folder that nobody else works on until this is dropped, or the process ends.
#[derive(Debug)]
pub struct Occupied(#[expect(dead_code, reason = "the lock goes with it")] fs::File);

/// Takes a folder for this process.
///
/// # Errors
/// Where another process does.
pub fn occupy(folder: &Path) -> Result<Occupied, OutputError> {
    let name = folder.display().to_string();
    let unreadable = |e| OutputError::Unwritable(name.clone(), e);
    let opened = fs::File::open(folder).map_err(unreadable)?;
    match opened.try_lock() {
        Ok(()) => Ok(Occupied(opened)),
        Err(fs::TryLockError::WouldBlock) => Err(OutputError::InUse(name)),
        // File systems without locks have nobody to tell apart.
        Err(fs::TryLockError::Error(_)) => Ok(Occupied(opened)),
    }
}

/// Says before any work whether the folder can be used.
///
/// # Errors
/// Why it cannot be used, and what to do.
pub fn check(folder: &Path, overwrite: bool) -> Result<(), OutputError> {
    let name = folder.display().to_string();
    if !folder.exists() {
        return Ok(());
    }
    if !folder.is_dir() {
        return Err(OutputError::NotAFolder(name));
    }
    let mut entries = fs::read_dir(folder).map_err(|e| OutputError::Unwritable(name.clone(), e))?;
    if entries.next().is_none() {
        return Ok(());
    }
    if !overwrite {
        return Err(OutputError::NotEmpty(name));
    }
    earlier_files(folder).map(|_| ())
}

/// Makes the folder ready. Called when everything else is, so that an earlier scan is not lost to one
/// that cannot start.
///
/// # Errors
/// As [`check`], and where the disk refuses.
pub fn prepare(folder: &Path, overwrite: bool) -> Result<(), OutputError> {
    check(folder, overwrite)?;
    let name = folder.display().to_string();
    let unwritable = |e| OutputError::Unwritable(name.clone(), e);
    fs::create_dir_all(folder).map_err(unwritable)?;
    // Found out now rather than after the first page.
    let probe = folder.join(".consentry-probe");
    fs::write(&probe, b"").map_err(unwritable)?;
    fs::remove_file(&probe).map_err(unwritable)?;
    if fs::read_dir(folder).map_err(unwritable)?.next().is_some() {
        remove_earlier(folder)?;
    }
    fs::create_dir_all(folder).map_err(unwritable)
}

/// Removes the files that the earlier report and the later judgements beside it list, and folders left
/// empty; nothing else.
fn remove_earlier(folder: &Path) -> Result<(), OutputError> {
    let name = folder.display().to_string();
    let later = fs::read_dir(folder.join("judgements"))
        .into_iter()
        .flatten();
    let later: Vec<_> = later.flatten().map(|entry| entry.path()).collect();
    for judgement in later
        .iter()
        .filter(|path| path.join("report.json").is_file())
    {
        remove(judgement, &earlier_files(judgement)?, &name)?;
    }
    let _ = fs::remove_dir(folder.join("judgements"));
    remove(folder, &earlier_files(folder)?, &name)
}

fn remove(folder: &Path, files: &[PathBuf], name: &str) -> Result<(), OutputError> {
    for path in files {
        let full = folder.join(path);
        if full.is_file() {
            fs::remove_file(&full).map_err(|e| OutputError::Unwritable(name.to_string(), e))?;
        }
        for up in path.ancestors().skip(1) {
            // Fails where something else is left in it, as it should.
            let _ = fs::remove_dir(folder.join(up));
        }
    }
    Ok(())
}

/// The files that a report lists; each stands below its folder.
fn earlier_files(folder: &Path) -> Result<Vec<PathBuf>, OutputError> {
    let not_ours = || OutputError::NotOurs(folder.display().to_string());
    let text = fs::read(folder.join("report.json")).map_err(|_| not_ours())?;
    let report: serde_json::Value = serde_json::from_slice(&text).map_err(|_| not_ours())?;
    let ours = report
        .pointer("/tool/name")
        .and_then(serde_json::Value::as_str);
    if ours != Some(env!("CARGO_PKG_NAME")) {
        return Err(not_ours());
    }
    let files = report
        .get("files")
        .and_then(serde_json::Value::as_array)
        .ok_or_else(not_ours)?;
    files
        .iter()
        .map(|file| {
            let path = PathBuf::from(file.as_str().unwrap_or_default());
            // A list that points outside the folder is not one of ours.
            let inside = path
                .components()
                .all(|part| matches!(part, Component::Normal(_)));
            (inside && path.components().next().is_some())
                .then_some(path)
                .ok_or_else(not_ours)
        })
        .collect()
}
