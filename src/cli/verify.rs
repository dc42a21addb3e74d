//! `verify`: what holds of packs, of the time stamps and links beside them, and of a store's chain.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use serde::Serialize;

use crate::diag::{Exit, Failure};
use crate::evidence::chain::{self, Chain, Found};
use crate::evidence::{self, Check, Holds, UNSIGNED, Verified, hex};
use crate::pipeline::{self, Store, StoreError};

use super::args::VerifyArgs;
use super::stamps::{read_roots, stamps};

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

/// What it prints for a store.
#[derive(Serialize)]
struct SaidOfStore<'a> {
    store: String,
    holds: bool,
    links: u64,
    /// SHA-256 of the last link.
    head: &'a str,
    checks: &'a [Check],
}

/// A store as it was looked at once.
struct Looked {
    chain: Chain,
    found: Found,
    checks: Vec<Check>,
}

/// Stores that packs lie in, each looked at once.
type Stores = BTreeMap<Store, Looked>;

/// What was found so far.
#[derive(Default)]
struct Findings {
    exits: Vec<Exit>,
    said: Vec<serde_json::Value>,
}

impl Findings {
    /// Shows one thing that was checked.
    fn add(
        &mut self,
        checks: &[Check],
        json: Option<serde_json::Value>,
        text: &str,
    ) -> Result<(), Failure> {
        let any = |holds| checks.iter().any(|check| check.holds == holds);
        self.exits
            .push(match (any(Holds::No), any(Holds::CannotTell)) {
                (true, _) => Exit::Failed,
                (false, true) => Exit::Incomplete,
                (false, false) => Exit::Clean,
            });
        match json {
            Some(json) => self.said.push(json),
            None => super::print(text)?,
        }
        Ok(())
    }
}

/// `consentry verify`. A pack that cannot be read does not keep the others from it.
pub fn verify(args: &VerifyArgs) -> Result<Exit, Failure> {
    let roots = args.roots.as_deref().map(read_roots).transpose()?;
    let roots = roots.unwrap_or_default();
    let mut stores = Stores::new();
    let given = args.store.as_deref().map(Store::new);
    let mut findings = Findings::default();
    let mut packs = args.packs.clone();
    if let Some(store) = &given {
        let looked = look(&mut stores, store)?;
        if packs.is_empty() {
            let number = |pack: &String| looked.chain.packs.get(pack).map(|s| s.sealed.number);
            let mut names: Vec<&String> = looked.found.packs.keys().collect();
            names.sort_by_key(|pack| number(pack));
            packs = names.into_iter().map(|pack| store.place(pack)).collect();
            of_store(args, looked, &mut findings)?;
        }
    }
    // What was said of the store once is not said again of each of its packs.
    let told = args.packs.is_empty();
    for path in &packs {
        let store = given.clone().or_else(|| Store::of(path));
        let one = digest(path, store.as_ref().and_then(|store| stores.get(store)))
            .and_then(|hash| checked(args, path, &hash, &roots).map(|verified| (hash, verified)));
        let one = one.and_then(|(hash, mut verified)| {
            let looked = match &store {
                Some(store) => Some(look(&mut stores, store)?),
                None => None,
            };
            verified
                .checks
                .extend(of_chain(path, &hex(&hash), looked, told));
            Ok((hex(&hash), verified))
        });
        match one {
            Ok((sha256, verified)) => show(args, path, &sha256, &verified, &mut findings)?,
            Err(failure) => {
                super::complain(&failure.to_string());
                findings.exits.push(Exit::CouldNotRun);
            }
        }
    }
    if args.json {
        super::print_json(&findings.said)?;
    }
    Ok(Exit::gravest(findings.exits))
}

fn look<'a>(stores: &'a mut Stores, store: &Store) -> Result<&'a Looked, Failure> {
    if !stores.contains_key(store) {
        let looked = looked(store).map_err(|e| {
            Failure::with_help(
                format!("the store cannot be checked: {e}"),
                "give the folder that was given to `consentry scan --store`",
            )
        })?;
        stores.insert(store.clone(), looked);
    }
    Ok(&stores[store])
}

fn looked(store: &Store) -> Result<Looked, StoreError> {
    let chain = store.chain_to_check()?;
    let found = store.found(&chain)?;
    let checks = chain::checks(&chain, &found);
    Ok(Looked {
        chain,
        found,
        checks,
    })
}

fn of_store(args: &VerifyArgs, looked: &Looked, findings: &mut Findings) -> Result<(), Failure> {
    let name = args.store.as_deref().unwrap_or(Path::new("")).display();
    let said = SaidOfStore {
        store: name.to_string(),
        holds: looked.checks.iter().all(|check| check.holds != Holds::No),
        links: looked.chain.lines,
        head: &looked.chain.head,
        checks: &looked.checks,
    };
    let json = args.json.then(|| serde_json::to_value(said)).transpose();
    let json = json.map_err(|e| Failure::new(e.to_string()))?;
    let text = format!("{name}\n{}", lines(&looked.checks));
    findings.add(&looked.checks, json, &text)
}

/// The hash of a pack; what was hashed with its store is not hashed again.
fn digest(path: &Path, looked: Option<&Looked>) -> Result<[u8; 32], Failure> {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let known = looked.and_then(|looked| looked.found.packs.get(&*name)?.as_ref().ok());
    let in_store = Store::of(path).is_some();
    if let Some(hash) = known.filter(|_| in_store) {
        return Ok(*hash);
    }
    pipeline::digest_of(path).map_err(|e| unreadable(path, &e))
}

fn open(path: &Path) -> Result<BufReader<File>, Failure> {
    let file = File::open(path).map_err(|e| unreadable(path, &e))?;
    Ok(BufReader::new(file))
}

fn unreadable(path: &Path, e: &std::io::Error) -> Failure {
    Failure::with_help(
        format!("{} cannot be read: {e}", path.display()),
        "give the evidence.wacz that a scan wrote",
    )
}

/// What a pack and the time stamps beside it tell.
fn checked(
    args: &VerifyArgs,
    path: &Path,
    hash: &[u8; 32],
    roots: &[Vec<u8>],
) -> Result<Verified, Failure> {
    let mut verified = evidence::verify(open(path)?);
    if let Some(full) = &args.full {
        let of_full = pipeline::digest_of(full).map_err(|e| unreadable(full, &e))?;
        evidence::compare(&mut verified, open(path)?, open(full)?, &hex(&of_full));
    }
    verified.checks.extend(stamps(path, hash, roots));
    Ok(verified)
}

/// What the chain tells of a pack, or the link beside it alone.
fn of_chain(path: &Path, sha256: &str, looked: Option<&Looked>, told: bool) -> Vec<Check> {
    let beside = pipeline::link_beside(path);
    let Some(looked) = looked else {
        return beside.map_or_else(Vec::new, |line| chain::beside(&line, sha256, None));
    };
    let mut checks = match told {
        true => Vec::new(),
        false => looked.checks.clone(),
    };
    checks.push(chain::of_pack(&looked.chain, sha256));
    if let Some(line) = beside {
        checks.extend(chain::beside(&line, sha256, Some(&looked.chain)));
    }
    checks
}

fn show(
    args: &VerifyArgs,
    path: &Path,
    sha256: &str,
    verified: &Verified,
    findings: &mut Findings,
) -> Result<(), Failure> {
    let said = Said {
        pack: path.display().to_string(),
        sha256: sha256.to_string(),
        holds: verified.holds(),
        verified,
        unsigned: UNSIGNED,
    };
    let json = args.json.then(|| serde_json::to_value(said)).transpose();
    let json = json.map_err(|e| Failure::new(e.to_string()))?;
    findings.add(&verified.checks, json, &text(path, sha256, verified))
}

fn text(path: &Path, sha256: &str, verified: &Verified) -> String {
    let mut text = format!("{}\n  SHA-256 of the pack: {sha256}\n", path.display());
    if let Some(created) = &verified.created {
        text.push_str(&format!(
            "  created, by the machine's own clock: {}\n",
            super::summary::printable(created)
        ));
    }
    text.push_str(&lines(&verified.checks));
    text.push_str("  covered by no hash:\n");
    for what in UNSIGNED {
        text.push_str(&format!("    {what}\n"));
    }
    text
}

fn lines(checks: &[Check]) -> String {
    let line = |check: &Check| {
        let holds = match check.holds {
            Holds::Yes => "holds",
            Holds::No => "DOES NOT HOLD",
            Holds::CannotTell => "cannot tell",
        };
        let detail = super::summary::printable(&check.detail);
        format!("  {holds:<14} {}: {detail}\n", check.what)
    };
    checks.iter().map(line).collect()
}
