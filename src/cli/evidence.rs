//! `evidence` and `key`: what is done with packs after a scan, and the key that signs them.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use p256::elliptic_curve::rand_core::OsRng;

use crate::diag::{Exit, Failure};
use crate::evidence::chain::What;
use crate::evidence::{Key, KeyError, fingerprint};
use crate::pipeline;

use super::args::{EvidenceCommand, KeyCommand, TimestampArgs};
use super::recover::recover;
use super::{network, redact, store};

/// Where the passphrase of a key comes from: never the command line, which other programs can read.
const PASSPHRASE: &str = "CONSENTRY_KEY_PASSPHRASE";

/// `consentry evidence`.
pub fn evidence(command: &EvidenceCommand) -> Result<Exit, Failure> {
    match command {
        EvidenceCommand::Timestamp(args) => timestamp(args),
        EvidenceCommand::Recover(args) => recover(args),
        EvidenceCommand::Hold(args) => store::hold(What::Held, args),
        EvidenceCommand::Release(args) => store::hold(What::Released, args),
        EvidenceCommand::Redact(args) => redact::redact(args),
        EvidenceCommand::Prune(args) => store::prune(args),
    }
}

/// Asks every authority about every pack; what one does not answer keeps nobody up.
fn timestamp(args: &TimestampArgs) -> Result<Exit, Failure> {
    let private = network::private_network(args.allow_private_network.as_deref(), None)?;
    let runtime = super::runtime()?;
    let mut exit = Exit::Clean;
    for pack in &args.packs {
        for authority in &args.authority {
            let stamped = pipeline::timestamp(pack, authority, private.clone());
            match runtime.block_on(stamped) {
                Ok(stamp) => super::print(&format!(
                    "{}: {} by {}\n",
                    pack.display(),
                    stamp.at,
                    stamp.authority
                ))?,
                Err(why) => {
                    super::complain(&format!("{}: no time stamp: {why}", pack.display()));
                    exit = Exit::Incomplete;
                }
            }
        }
    }
    Ok(exit)
}

/// `consentry key`.
pub fn key(command: &KeyCommand) -> Result<Exit, Failure> {
    match command {
        KeyCommand::New { file } => new_key(file),
        KeyCommand::Show { file } => show_key(file),
    }
}

fn new_key(path: &Path) -> Result<Exit, Failure> {
    let key = Key::new(&mut OsRng);
    let passphrase = passphrase();
    let pem = key
        .to_pem(passphrase.as_deref(), &mut OsRng)
        .map_err(|e| Failure::new(e.to_string()))?;
    let unwritable = |e: std::io::Error| match e.kind() {
        std::io::ErrorKind::AlreadyExists => Failure::with_help(
            format!("{} exists already", path.display()),
            "choose another name; a key that signed packs must not be lost",
        ),
        _ => Failure::new(format!("{} cannot be written: {e}", path.display())),
    };
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(unwritable)?;
    file.write_all(pem.as_bytes()).map_err(unwritable)?;
    let protected = match passphrase {
        Some(_) => String::new(),
        None => format!("It has no passphrase; set {PASSPHRASE} to give it one.\n"),
    };
    super::print(&format!(
        "A signing key is in {}. Keep it and a copy of it.\n{protected}{}",
        path.display(),
        public(&key)?
    ))?;
    Ok(Exit::Clean)
}

fn show_key(path: &Path) -> Result<Exit, Failure> {
    super::print(&public(&read_key(path)?)?)?;
    Ok(Exit::Clean)
}

/// What others need to check signatures.
fn public(key: &Key) -> Result<String, Failure> {
    let unwritable = |e: KeyError| Failure::new(e.to_string());
    let der = key.public().map_err(unwritable)?;
    let pem = key.public_pem().map_err(unwritable)?;
    let print = fingerprint(&der);
    Ok(format!(
        "Its fingerprint (SHA-256 of the public key): {print}\n{pem}"
    ))
}

/// Reads a key; its passphrase comes from the environment.
///
/// # Errors
/// Where it cannot be read or opened.
pub fn read_key(path: &Path) -> Result<Key, Failure> {
    let name = path.display();
    let text = std::fs::read_to_string(path).map_err(|e| {
        Failure::with_help(
            format!("the key {name} cannot be read: {e}"),
            "make one with `consentry key new FILE`",
        )
    })?;
    Key::from_pem(&text, passphrase().as_deref()).map_err(|e| {
        let help = match e {
            KeyError::PassphraseMissing | KeyError::PassphraseWrong => {
                format!("put the passphrase into {PASSPHRASE}")
            }
            _ => "give a key that `consentry key new` or openssl made".to_string(),
        };
        Failure::with_help(format!("the key {name}: {e}"), help)
    })
}

fn passphrase() -> Option<String> {
    std::env::var(PASSPHRASE)
        .ok()
        .filter(|words| !words.is_empty())
}
