//! Writing to a store: links of its chain, one at a time and whole, and what follows on them.
//!
//! The chain's own file is the lock. What a killed process left is mended before anything else is written.

use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};

use crate::evidence::chain::{Chain, Event, Link, Tail};
use crate::evidence::{Key, hex};

use super::beside::link_place;
use super::stamp::stamps_of;
use super::store::{PARTIAL_END, Store, StoreError, hash, io, pack_of, read, sync};

/// A store that nobody else writes to while this lives.
pub struct Writing {
    store: Store,
    file: File,
    pub chain: Chain,
}

impl Writing {
    /// Waits until nobody else writes, mends what a killed process left, and reads the chain.
    ///
    /// # Errors
    /// Where the store is none or cannot be written.
    pub fn begin(store: &Store) -> Result<Writing, StoreError> {
        let path = store.file();
        let opened = File::options().read(true).write(true).open(&path);
        let mut file = opened.map_err(io(&path))?;
        file.lock().map_err(io(&path))?;
        let mut chain = read(&mut file).map_err(io(&path))?;
        if chain.tail != Tail::Whole {
            mend(&mut file, &chain).map_err(io(&path))?;
            chain = read(&mut file).map_err(io(&path))?;
        }
        let writing = Writing {
            store: store.clone(),
            file,
            chain,
        };
        writing.finish()?;
        Ok(writing)
    }

    /// Writes one link: whole and on the disk when this returns, or not at all.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn append(&mut self, event: Event, key: Option<&Key>) -> Result<Link, StoreError> {
        let path = self.store.file();
        let link = self.chain.next(event, key);
        let link = link.map_err(|e| StoreError::Refused(e.to_string()))?;
        let before = self.file.seek(SeekFrom::End(0)).map_err(io(&path))?;
        let written = self.file.write_all(link.line().as_bytes());
        let written = written.and_then(|()| self.file.sync_all());
        if let Err(e) = written {
            // Half a link is mended by the next one who writes, where this fails too.
            let _ = self.file.set_len(before);
            return Err(io(&path)(e));
        }
        self.chain.add(&link);
        Ok(link)
    }

    /// Moves packs whose link is written to their place.
    ///
    /// # Errors
    /// Where they cannot be moved.
    pub fn finish(&self) -> Result<(), StoreError> {
        for name in self.store.names()? {
            let path = self.store.folder.join(&name);
            if let Some(pack) = pack_of(&name, PARTIAL_END)
                && self.chain.kept(pack).is_some()
                && hash(&path).is_ok_and(|hash| hex(&hash) == pack)
            {
                fs::rename(&path, self.store.place(pack)).map_err(io(&path))?;
            }
        }
        sync(&self.store.folder)
    }

    /// Deletes the files of a pack: what lies beside it first, so that nothing is left that nobody finds.
    ///
    /// # Errors
    /// Where they cannot be deleted.
    pub fn delete(&self, pack: &str) -> Result<(), StoreError> {
        let place = self.store.place(pack);
        let mut files = stamps_of(&place);
        files.extend([link_place(&place), place]);
        for file in files {
            match fs::remove_file(&file) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(io(&file)(e)),
                _ => {}
            }
        }
        sync(&self.store.folder)
    }
}

/// A link that was whole gets its end; a piece of one goes.
fn mend(file: &mut File, chain: &Chain) -> std::io::Result<()> {
    match chain.tail {
        Tail::Whole => return Ok(()),
        Tail::Unended => {
            file.seek(SeekFrom::End(0))?;
            file.write_all(b"\n")?;
        }
        Tail::Torn => file.set_len(chain.whole as u64)?,
    }
    file.sync_all()
}
