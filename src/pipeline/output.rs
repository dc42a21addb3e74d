//! Prepares the output folder: refuses one with something in it, or removes what an earlier scan of
//! ours wrote there.

use std::fs;
use std::path::Path;

/// Why an output folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    #[error("the output folder {0} is not empty; choose another, or add --overwrite to replace an earlier scan there")]
    NotEmpty(String),
    #[error("the output folder {0} holds no report.json of an earlier scan, so --overwrite cannot tell what to remove; choose another folder")]
    NotOurs(String),
    #[error("{0} is not a folder")]
    NotAFolder(String),
    #[error("the output folder {0} cannot be written: {1}")]
    Unwritable(String, std::io::Error),
}

/// Makes the folder ready.
///
/// # Errors
/// Why it cannot be used, and what to do.
pub fn prepare(folder: &Path, overwrite: bool) -> Result<(), OutputError> {
    let name = folder.display().to_string();
    let unwritable = |e| OutputError::Unwritable(name.clone(), e);
    if folder.exists() && !folder.is_dir() {
        return Err(OutputError::NotAFolder(name));
    }
    fs::create_dir_all(folder).map_err(unwritable)?;
    let empty = fs::read_dir(folder).map_err(unwritable)?.next().is_none();
    if !empty {
        if !overwrite {
            return Err(OutputError::NotEmpty(name));
        }
        remove_earlier(folder)?;
    }
    // Found out now rather than after the first page.
    let probe = folder.join(".consentry-probe");
    fs::write(&probe, b"").map_err(unwritable)?;
    fs::remove_file(&probe).map_err(unwritable)
}

/// Removes the files that the earlier report lists, and folders left empty; nothing else.
fn remove_earlier(folder: &Path) -> Result<(), OutputError> {
    let name = folder.display().to_string();
    let not_ours = || OutputError::NotOurs(name.clone());
    let text = fs::read(folder.join("report.json")).map_err(|_| not_ours())?;
    let report: serde_json::Value = serde_json::from_slice(&text).map_err(|_| not_ours())?;
    let files = report
        .get("files")
        .and_then(serde_json::Value::as_array)
        .ok_or_else(not_ours)?;
    for file in files.iter().filter_map(serde_json::Value::as_str) {
        let path = Path::new(file);
        // A list that points outside the folder is not one of ours.
        let inside = path
            .components()
            .all(|part| matches!(part, std::path::Component::Normal(_)));
        if !inside {
            return Err(not_ours());
        }
        let full = folder.join(path);
        if full.is_file() {
            fs::remove_file(&full).map_err(|e| OutputError::Unwritable(name.clone(), e))?;
        }
        for up in path.ancestors().skip(1).filter(|up| !up.as_os_str().is_empty()) {
            // Fails where something else is left in it, as it should.
            let _ = fs::remove_dir(folder.join(up));
        }
    }
    Ok(())
}
