//! What stands beside a pack under its name and more: the link that a chain has of it.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::evidence::chain::Link;

/// How the name of the link beside a pack ends.
pub const LINK_END: &str = ".link.json";
/// Bytes of a link.
const LARGEST_LINK: u64 = 64 << 10;

/// The file beside a pack whose name goes on so.
pub fn beside(pack: &Path, end: &str) -> PathBuf {
    let mut name = pack.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

/// What stands in the name of a file after the pack's own.
pub fn end_of(pack: &Path, path: &Path) -> Option<String> {
    let (pack, path) = (pack.to_str()?, path.to_str()?);
    path.strip_prefix(pack).map(str::to_string)
}

/// Where the link of a pack stands beside it.
pub fn link_place(pack: &Path) -> PathBuf {
    beside(pack, LINK_END)
}

/// The link beside a pack, where there is one.
pub fn link_beside(pack: &Path) -> Option<Vec<u8>> {
    let file = File::open(link_place(pack)).ok()?;
    let mut line = Vec::new();
    file.take(LARGEST_LINK).read_to_end(&mut line).ok()?;
    Some(line)
}

/// Puts a link beside a pack.
///
/// # Errors
/// Where it cannot be written.
pub fn put_link(pack: &Path, link: &Link) -> std::io::Result<()> {
    let place = link_place(pack);
    let partial = beside(&place, ".partial");
    fs::write(&partial, link.line())?;
    fs::rename(&partial, &place)
}
