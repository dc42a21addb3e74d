//! How a scan's pack is sealed: key, rules, time-stamp authorities.

use std::path::{Path, PathBuf};

use url::Url;

use crate::capture::Folder;
use crate::diag::Failure;
use crate::evidence::Key;
use crate::gate::PrivateNetwork;
use crate::pipeline::{self, Store};
use crate::report::Evidence;

use super::args::SealArgs;
use super::config::Config;
use super::evidence::read_key;
use super::scan::unwritable;
use super::store::unusable;

/// What the command line says about sealing.
pub struct Seal {
    key: Option<Key>,
    rules: Option<PathBuf>,
    authorities: Vec<Url>,
    private_network: PrivateNetwork,
    zone: Option<time::UtcOffset>,
    store: Option<Store>,
}

impl Seal {
    /// Reads the key and opens the store before anything is captured: a wrong passphrase shall cost nothing.
    /// The zone of the clock can only be asked while the program has one thread.
    ///
    /// # Errors
    /// Where the key cannot be read, or the store not be written.
    pub fn new(
        args: &SealArgs,
        config: &Config,
        rules: Option<&Path>,
        private_network: &PrivateNetwork,
    ) -> Result<Seal, Failure> {
        let store = args.store.as_deref().or(config.store.dir.as_deref());
        let store = store.map(Store::new);
        if let Some(store) = &store {
            store.prepare().map_err(unusable)?;
        }
        Ok(Seal {
            store,
            key: args.key.as_deref().map(read_key).transpose()?,
            rules: rules.map(Path::to_path_buf),
            authorities: args.timestamp.clone(),
            private_network: private_network.clone(),
            zone: time::UtcOffset::current_local_offset().ok(),
        })
    }

    /// Writes the pack and has it stamped; what was captured is kept where it cannot be written, and the
    /// pack where no authority answers.
    ///
    /// # Errors
    /// Where the pack cannot be written.
    pub fn seal(
        &self,
        out: &Path,
        reports: Vec<String>,
        judged: bool,
    ) -> Result<Evidence, Failure> {
        let rules = match judged {
            true => pipeline::used_rules(self.rules.as_deref()).map_err(|e| unwritable(out, &e))?,
            false => Vec::new(),
        };
        let options = pipeline::SealOptions {
            key: self.key.as_ref(),
            rules,
            reports,
            zone: self.zone,
        };
        let sealed = pipeline::seal(&Folder::new(out), &options).map_err(|e| {
            Failure::with_help(
                format!(
                    "no pack of evidence can be written to {}: {e}",
                    out.display()
                ),
                "what was captured is kept in the folder; `consentry evidence recover` seals it",
            )
        })?;
        let timestamps = self.stamp(&out.join(pipeline::PACK))?;
        Ok(Evidence {
            timestamps,
            ..sealed
        })
    }

    /// Keeps the pack in the store where there is one, and puts its link beside it.
    ///
    /// # Errors
    /// Where it cannot be kept; the pack itself stands.
    pub fn keep(&self, out: &Path) -> Result<(), Failure> {
        let Some(store) = &self.store else {
            return Ok(());
        };
        let pack = out.join(pipeline::PACK);
        let kept = store.keep(&pack, self.key.as_ref());
        kept.map(drop).map_err(|e| {
            Failure::with_help(
                format!("the pack is not in the store: {e}"),
                format!(
                    "{} is whole all the same; make room, then `consentry evidence recover {}` keeps it",
                    pack.display(),
                    out.display()
                ),
            )
        })
    }

    fn stamp(&self, pack: &Path) -> Result<Vec<String>, Failure> {
        let mut stamps = Vec::new();
        if self.authorities.is_empty() {
            return Ok(stamps);
        }
        let runtime = super::runtime()?;
        for authority in &self.authorities {
            let asked = pipeline::timestamp(pack, authority, self.private_network.clone());
            match runtime.block_on(asked) {
                Ok(stamp) => stamps.push(format!("{} {}", stamp.at, stamp.authority)),
                Err(why) => super::complain(&format!(
                    "note: no time stamp yet: {why}; `consentry evidence timestamp` asks again"
                )),
            }
        }
        Ok(stamps)
    }
}
