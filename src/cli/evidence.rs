//! `verify` and `key`: packs of evidence, and the key that signs them.

use std::fs::File;
use std::io::{BufReader, Write};
use std::path::Path;

use p256::elliptic_curve::rand_core::OsRng;
use serde::Serialize;

use crate::diag::{Exit, Failure};
use crate::evidence::{
    Check, Holds, Key, KeyError, UNSIGNED, Verified, fingerprint, stamp, verify as check,
};
use crate::pipeline;

use super::args::{EvidenceCommand, KeyCommand, TimestampArgs, VerifyArgs};
use super::network;
use super::recover::recover;

/// Where the passphrase of a key comes from: never the command line, which other programs can read.
const PASSPHRASE: &str = "CONSENTRY_KEY_PASSPHRASE";

/// What `verify --json` prints for one pack.
#[derive(Serialize)]
struct Said<'a> {
    pack: String,
    sha256: String,
    holds: bool,
    #[serde(flatten)]
    verified: &'a Verified,
    unsigned: [&'static str; 3],
}

/// `consentry verify`. A pack that cannot be read does not keep the others from it.
pub fn verify(args: &VerifyArgs) -> Result<Exit, Failure> {
    let roots = args.roots.as_deref().map(read_roots).transpose()?;
    let mut exits = Vec::new();
    let mut said = Vec::new();
    for path in &args.packs {
        let sha256 = pipeline::hash_of(path).map_err(|e| {
            Failure::with_help(
                format!("{} cannot be read: {e}", path.display()),
                "give the evidence.wacz that a scan wrote",
            )
        })?;
        let file =
            File::open(path).map_err(|e| Failure::new(format!("{}: {e}", path.display())))?;
        let mut verified = check(BufReader::new(file));
        stamps(path, roots.as_deref().unwrap_or_default(), &mut verified);
        exits.push(match (verified.holds(), verified.open()) {
            (false, _) => Exit::Failed,
            (true, true) => Exit::Incomplete,
            (true, false) => Exit::Clean,
        });
        if args.json {
            said.push(serde_json::to_value(Said {
                pack: path.display().to_string(),
                sha256,
                holds: verified.holds(),
                verified: &verified,
                unsigned: UNSIGNED,
            }));
        } else {
            super::print(&text(path, &sha256, &verified))?;
        }
    }
    if args.json {
        let said: Result<Vec<_>, _> = said.into_iter().collect();
        let said = said.map_err(|e| Failure::new(e.to_string()))?;
        super::print_json(&said)?;
    }
    let order = [Exit::Failed, Exit::Incomplete];
    let worst = order.into_iter().find(|exit| exits.contains(exit));
    Ok(worst.unwrap_or(Exit::Clean))
}

fn read_roots(path: &Path) -> Result<Vec<Vec<u8>>, Failure> {
    let name = path.display();
    let pem = std::fs::read(path).map_err(|e| Failure::new(format!("{name}: {e}")))?;
    stamp::roots(&pem).map_err(|e| {
        let help = "give certificates in PEM, as authorities publish them";
        Failure::with_help(format!("{name}: {e}"), help)
    })
}

/// Checks the answers of authorities beside a pack.
fn stamps(pack: &Path, roots: &[Vec<u8>], verified: &mut Verified) {
    let mut add = |holds, detail: String| {
        verified.checks.push(Check {
            what: "time_stamp",
            holds,
            detail,
        });
    };
    let Ok(hash) = pipeline::pack_hash(pack) else {
        return;
    };
    let stamps = pipeline::stamps_of(pack);
    if stamps.is_empty() {
        let detail = "no authority vouches for the time: it is the machine's own";
        add(Holds::CannotTell, detail.to_string());
    }
    for path in stamps {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let answer = std::fs::read(&path).map_err(|e| e.to_string());
        let checked = answer.and_then(|answer| {
            stamp::check(&answer, &hash, None, roots).map_err(|e| e.to_string())
        });
        match checked {
            Err(why) => add(Holds::No, format!("{name}: {why}")),
            Ok(stamp) => {
                let by = format!("{name}: {} by {}", stamp.at, stamp.authority);
                match stamp.trusted {
                    Some(true) => add(Holds::Yes, by),
                    Some(false) => add(
                        Holds::No,
                        format!("{by}, whose certificate leads to none of the given roots"),
                    ),
                    None => add(
                        Holds::CannotTell,
                        format!("{by}; whether to trust it takes --roots"),
                    ),
                }
            }
        }
    }
}

/// `consentry evidence`.
pub fn evidence(command: &EvidenceCommand) -> Result<Exit, Failure> {
    match command {
        EvidenceCommand::Timestamp(args) => timestamp(args),
        EvidenceCommand::Recover(args) => recover(args),
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

fn text(path: &Path, sha256: &str, verified: &Verified) -> String {
    let mut text = format!("{}\n  SHA-256 of the pack: {sha256}\n", path.display());
    if let Some(created) = &verified.created {
        text.push_str(&format!(
            "  created, by the machine's own clock: {created}\n"
        ));
    }
    for check in &verified.checks {
        let holds = match check.holds {
            Holds::Yes => "holds",
            Holds::No => "DOES NOT HOLD",
            Holds::CannotTell => "cannot tell",
        };
        text.push_str(&format!("  {holds:<14} {}: {}\n", check.what, check.detail));
    }
    text.push_str("  covered by no hash:\n");
    for what in UNSIGNED {
        text.push_str(&format!("    {what}\n"));
    }
    text
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
