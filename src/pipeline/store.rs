//! A store of packs: a folder that keeps packs by their hash, and the chain that says what happened to each.
//!
//! What a chain is, `evidence::chain` knows; here are the files, the lock on them and what a killed process
//! leaves behind. The chain's own file is the lock. A pack comes into the store in three steps: beside its
//! place, its link, its place; the next one who writes finishes what was cut off between the last two.

use std::fs::{self, File};
use std::io::{BufReader, Read, Seek};
use std::path::{Path, PathBuf};

use crate::capture::now;
use crate::evidence::chain::{Chain, Event, Found, Link, What, is_hash};
use crate::evidence::{self, Key, hex};

use super::beside::{LINK_END, beside, end_of, link_beside, link_place, put_link};
use super::digest::digest_of;
use super::stamp::stamps_of;
use super::writing::Writing;

const FOLDER: &str = "evidence";
const CHAIN: &str = "chain.jsonl";
const PACK_END: &str = ".wacz";
pub(super) const PARTIAL_END: &str = ".wacz.partial";
/// Bytes of a chain, files of a store.
const LARGEST_CHAIN: u64 = 512 << 20;
const MOST_FILES: usize = 4_000_000;

/// A store, by its folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Store {
    pub(super) folder: PathBuf,
}

/// Why a store does not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("{0}: {1}")]
    Io(String, std::io::Error),
    #[error("{0}")]
    Refused(String),
}

pub(super) fn io(path: &Path) -> impl Fn(std::io::Error) -> StoreError {
    let name = path.display().to_string();
    move |e| StoreError::Io(name.clone(), e)
}

impl Store {
    /// The store in a folder.
    pub fn new(root: &Path) -> Store {
        Store {
            folder: root.join(FOLDER),
        }
    }

    /// The store in which a file lies, where it lies in one.
    pub fn of(pack: &Path) -> Option<Store> {
        let pack = pack.canonicalize().ok()?;
        let folder = pack
            .parent()
            .filter(|f| f.file_name() == Some(FOLDER.as_ref()))?;
        let kept = pack_of(&pack.file_name()?.to_string_lossy(), PACK_END).is_some();
        let store = Store {
            folder: folder.to_path_buf(),
        };
        (kept || store.file().is_file()).then_some(store)
    }

    pub(super) fn file(&self) -> PathBuf {
        self.folder.join(CHAIN)
    }

    /// Where a pack is kept.
    pub fn place(&self, pack: &str) -> PathBuf {
        self.folder.join(format!("{pack}{PACK_END}"))
    }

    /// Makes the store where there is none yet, and says whether it can be written to.
    ///
    /// # Errors
    /// Where it cannot.
    pub fn prepare(&self) -> Result<(), StoreError> {
        fs::create_dir_all(&self.folder).map_err(io(&self.folder))?;
        let file = self.file();
        let opened = File::options().create(true).append(true).open(&file);
        opened.map(drop).map_err(io(&file))
    }

    /// Reads the chain.
    ///
    /// # Errors
    /// Where there is none, or it cannot be read.
    pub fn chain(&self) -> Result<Chain, StoreError> {
        let path = self.file();
        let mut file = File::open(&path).map_err(io(&path))?;
        // Nobody writes while it is read; a store on a read-only disk has nobody who does.
        let _ = file.lock_shared();
        read(&mut file).map_err(io(&path))
    }

    /// The same to check it: a store whose chain is gone is a broken one.
    ///
    /// # Errors
    /// Where there is no store, or it cannot be read.
    pub fn chain_to_check(&self) -> Result<Chain, StoreError> {
        match self.chain() {
            Err(StoreError::Io(_, e))
                if e.kind() == std::io::ErrorKind::NotFound && self.folder.is_dir() =>
            {
                let mut none = Chain::read(b"");
                none.broken = Some(format!("{CHAIN} is not there"));
                Ok(none)
            }
            read => read,
        }
    }

    /// Hashes what lies in the store.
    ///
    /// # Errors
    /// Where the folder cannot be read. A pack that cannot be read is told with the others.
    pub fn found(&self, chain: &Chain) -> Result<Found, StoreError> {
        let mut found = Found::default();
        for name in self.names()? {
            let path = self.folder.join(&name);
            if let Some(pack) = pack_of(&name, PACK_END) {
                found.packs.insert(pack.to_string(), hash(&path));
            }
            if let Some(pack) = pack_of(&name, PARTIAL_END)
                && chain.kept(pack).is_some()
                && !self.place(pack).exists()
            {
                found.packs.insert(pack.to_string(), hash(&path));
            }
            if let Some(name) = name.strip_suffix(LINK_END)
                && let Some(pack) = pack_of(name, PACK_END)
            {
                let link = link_beside(&self.place(pack)).unwrap_or_default();
                found.links.insert(pack.to_string(), link);
            }
        }
        Ok(found)
    }

    pub(super) fn names(&self) -> Result<Vec<String>, StoreError> {
        let entries = fs::read_dir(&self.folder).map_err(io(&self.folder))?;
        let mut names = Vec::new();
        for entry in entries.take(MOST_FILES) {
            let name = entry.map_err(io(&self.folder))?.file_name();
            names.extend(name.into_string().ok());
        }
        Ok(names)
    }

    /// Waits until nobody else writes, mends what a killed process left, and reads the chain.
    ///
    /// # Errors
    /// Where the store is none or cannot be written.
    pub fn lock(&self) -> Result<Writing, StoreError> {
        Writing::begin(self)
    }

    /// Keeps a pack with what lies beside it: hard-linked where that works, else copied. Its link is put beside
    /// the kept pack and beside the given one.
    ///
    /// # Errors
    /// Where it cannot be kept; then no link says so.
    pub fn keep(&self, pack: &Path, key: Option<&Key>) -> Result<Link, StoreError> {
        self.prepare()?;
        let mut writing = self.lock()?;
        let pack = &pack.canonicalize().map_err(io(pack))?;
        let sha256 = hex(&digest_of(pack).map_err(io(pack))?);
        let place = self.place(&sha256);
        let known = writing.chain.kept(&sha256).map(|kept| kept.sealed.clone());
        if !place.exists() {
            self.stage(pack, &sha256)?;
        }
        let link = match known {
            Some(link) => link,
            None => {
                let file = File::open(pack).map_err(io(pack))?;
                let mut event = event(What::Sealed, &sha256);
                event.created = evidence::created(BufReader::new(file));
                writing.append(event, key)?
            }
        };
        writing.finish()?;
        for stamp in stamps_of(pack) {
            if let Some(end) = end_of(pack, &stamp) {
                let to = beside(&place, &end);
                fs::copy(&stamp, &to).map_err(io(&to))?;
            }
        }
        for pack in [&place, pack] {
            put_link(pack, &link).map_err(io(&link_place(pack)))?;
        }
        Ok(link)
    }

    fn stage(&self, pack: &Path, sha256: &str) -> Result<(), StoreError> {
        let partial = &self.folder.join(format!("{sha256}{PARTIAL_END}"));
        if partial.exists() {
            fs::remove_file(partial).map_err(io(partial))?;
        }
        if fs::hard_link(pack, partial).is_err() {
            fs::copy(pack, partial).map_err(io(partial))?;
            let file = File::open(partial).map_err(io(partial))?;
            file.sync_all().map_err(io(partial))?;
        }
        match digest_of(partial).map_err(io(partial))? {
            hash if hex(&hash) == sha256 => Ok(()),
            _ => {
                let why = format!("{} changed while it was kept", pack.display());
                Err(StoreError::Refused(why))
            }
        }
    }
}

/// A link of now.
pub fn event(what: What, pack: &str) -> Event {
    Event {
        at: now(),
        what,
        pack: pack.to_string(),
        created: None,
        copy: None,
        reason: None,
        by: None,
    }
}

pub(super) fn read(file: &mut File) -> std::io::Result<Chain> {
    let mut text = Vec::new();
    file.rewind()?;
    file.take(LARGEST_CHAIN + 1).read_to_end(&mut text)?;
    match text.len() as u64 > LARGEST_CHAIN {
        true => Err(std::io::Error::other("the chain is too large")),
        false => Ok(Chain::read(&text)),
    }
}

pub(super) fn pack_of<'a>(name: &'a str, end: &str) -> Option<&'a str> {
    name.strip_suffix(end).filter(|hash| is_hash(hash))
}

pub(super) fn hash(path: &Path) -> Result<[u8; 32], String> {
    let plain = fs::symlink_metadata(path).is_ok_and(|about| about.is_file());
    match plain {
        true => digest_of(path).map_err(|e| e.to_string()),
        false => Err("it is no file".to_string()),
    }
}

pub(super) fn sync(folder: &Path) -> Result<(), StoreError> {
    let opened = File::open(folder).map_err(io(folder))?;
    opened.sync_all().map_err(io(folder))
}
