//! Finds the rules: the copy built into the binary, or a folder.

use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;

use include_dir::{Dir, DirEntry, include_dir};

use crate::artifact::Pixels;
use crate::evaluate::{Captures, StoredCapture};
use crate::ruleset::{OwnFile, RuleSource, RulesError, Ruleset};

use super::pixels::PicturePixels;

static CAPTURES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/fixtures/captures");
static RULES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// The rules folder that was built in.
pub fn embedded_rules() -> Vec<RuleSource> {
    fn walk(dir: &Dir<'static>, out: &mut Vec<RuleSource>) {
        for entry in dir.entries() {
            match entry {
                DirEntry::Dir(dir) => walk(dir, out),
                DirEntry::File(file) => {
                    if let Some(text) = file.contents_utf8() {
                        let path = file.path().to_string_lossy().replace('\\', "/");
                        out.push((path, text.to_string()));
                    }
                }
            }
        }
    }
    let mut out = Vec::new();
    walk(&RULES, &mut out);
    out
}

/// What a stored capture holds: the snapshot, and the picture where colours can only be read in it.
const SNAPSHOT: &str = "dom.json";
const PICTURE: &str = "picture.png";

/// The captures that examples of the built-in rules name.
pub fn embedded_captures() -> Captures {
    let read = |dir: &Dir<'static>| {
        let file = |name: &str| {
            let file = dir.get_file(dir.path().join(name))?;
            Some(file.contents().to_vec())
        };
        let name = dir.path().file_name()?.to_string_lossy().into_owned();
        Some((name, stored(file(SNAPSHOT)?, file(PICTURE))))
    };
    CAPTURES.dirs().filter_map(read).collect()
}

/// The built-in captures, with those of a folder's `captures/<name>/` over them.
///
/// # Errors
/// Where the folder cannot be read.
pub fn layered_captures(folder: &Path) -> std::io::Result<Captures> {
    let mut captures = embedded_captures();
    let own = folder.join("captures");
    if own.is_dir() {
        for entry in std::fs::read_dir(own)? {
            let entry = entry?;
            let dom = std::fs::read(entry.path().join(SNAPSHOT))?;
            let picture = std::fs::read(entry.path().join(PICTURE)).ok();
            let name = entry.file_name().to_string_lossy().into_owned();
            captures.insert(name, stored(dom, picture));
        }
    }
    Ok(captures)
}

fn stored(dom: Vec<u8>, picture: Option<Vec<u8>>) -> StoredCapture {
    StoredCapture {
        dom,
        pixels: picture.map(|png| Rc::new(PicturePixels::new(png)) as Rc<dyn Pixels>),
    }
}

/// The files that rules come from: the built-in ones, a folder's over them.
///
/// # Errors
/// Where the folder cannot be read.
pub fn used_rules(own: Option<&Path>) -> std::io::Result<Vec<RuleSource>> {
    let mut files: BTreeMap<String, String> = embedded_rules().into_iter().collect();
    if let Some(folder) = own {
        files.extend(read_rules(folder)?);
    }
    Ok(files.into_iter().collect())
}

/// Compiles the built-in rules.
///
/// # Errors
/// Only where the binary was built from broken rules.
pub fn load_rules() -> Result<Ruleset, RulesError> {
    Ruleset::load(&embedded_rules())
}

/// Reads every `.toml` file below a folder.
///
/// # Errors
/// Where the folder cannot be read.
pub fn read_rules(folder: &Path) -> std::io::Result<Vec<RuleSource>> {
    fn walk(folder: &Path, below: &str, out: &mut Vec<RuleSource>) -> std::io::Result<()> {
        let mut entries: Vec<_> = std::fs::read_dir(folder)?.collect::<Result<_, _>>()?;
        entries.sort_by_key(std::fs::DirEntry::file_name);
        for entry in entries {
            let name = format!("{below}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                walk(&entry.path(), &format!("{name}/"), out)?;
            } else if name.ends_with(".toml") {
                let text = std::fs::read_to_string(entry.path());
                let text =
                    text.map_err(|e| std::io::Error::new(e.kind(), format!("{name}: {e}")))?;
                out.push((name, text));
            }
        }
        Ok(())
    }
    let mut out = Vec::new();
    walk(folder, "", &mut out)?;
    Ok(out)
}

/// Compiles the built-in rules with the files of a folder over them: a file of the same path replaces
/// the built-in one.
///
/// # Errors
/// What is wrong with the files.
pub fn layered_rules(own: Vec<RuleSource>) -> Result<Ruleset, RulesError> {
    let mut files: BTreeMap<String, String> = embedded_rules().into_iter().collect();
    let own_files = own
        .iter()
        .map(|(path, _)| OwnFile {
            path: path.clone(),
            replaces: files.contains_key(path),
        })
        .collect();
    files.extend(own);
    let files: Vec<RuleSource> = files.into_iter().collect();
    let mut ruleset = Ruleset::load(&files)?;
    ruleset.own = own_files;
    Ok(ruleset)
}
