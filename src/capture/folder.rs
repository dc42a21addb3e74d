//! Where a capture is written: files below one folder, by paths that we alone choose.
//!
//! A page never names a file: paths come from our ids and from hashes.

use std::fs;
use std::io::Write;
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::artifact::FileRecord;

/// An output folder that captures write to. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Folder { root: root.into() }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Writes a file and gives its record. The file is whole or not there: it is written beside and
    /// moved into place.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub fn write(&self, path: &str, bytes: &[u8]) -> std::io::Result<FileRecord> {
        self.write_with(path, |to| to.write_all(bytes))?;
        Ok(FileRecord {
            path: path.to_string(),
            sha256: sha256(bytes),
        })
    }

    /// Writes a file piece by piece; it too is whole or not there.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub fn write_with(
        &self,
        path: &str,
        write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
    ) -> std::io::Result<()> {
        let full = self.root.join(path);
        if let Some(parent) = full.parent() {
            fs::create_dir_all(parent)?;
        }
        let partial = full.with_extension("partial");
        let mut file = fs::File::create(&partial)?;
        write(&mut file)?;
        drop(file);
        fs::rename(&partial, &full)
    }

    /// Writes a file whose path somebody else chose.
    ///
    /// # Errors
    /// Where it would stand outside the folder, or the disk refuses.
    pub fn write_within(&self, path: &str, bytes: &[u8]) -> std::io::Result<()> {
        within(path)?;
        self.write(path, bytes).map(|_| ())
    }

    /// Appends one line to a file.
    ///
    /// # Errors
    /// Where the disk refuses.
    pub fn append_line(&self, path: &str, line: &str) -> std::io::Result<()> {
        let full = self.root.join(path);
        if let Some(parent) = full.parent() {
            fs::create_dir_all(parent)?;
        }
        let mut file = fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(full)?;
        file.write_all(format!("{line}\n").as_bytes())
    }

    /// Reads a file back.
    ///
    /// # Errors
    /// Where it is missing, stands outside the folder, or the disk refuses.
    pub fn read(&self, path: &str) -> std::io::Result<Vec<u8>> {
        within(path)?;
        fs::read(self.root.join(path))
    }
}

/// A folder may come from somebody else: what its records name must stand within it.
fn within(path: &str) -> std::io::Result<()> {
    let inside = Path::new(path)
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    if inside {
        return Ok(());
    }
    let why = "it points outside the folder";
    Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, why))
}

/// SHA-256 in lower-case hex.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
