//! The time stamps beside a pack, as `verify` tells of them.

use std::path::{Path, PathBuf};

use crate::diag::Failure;
use crate::evidence::{Check, Holds, stamp};
use crate::pipeline;

/// Certificates that the user trusts.
///
/// # Errors
/// Where they cannot be read.
pub fn read_roots(path: &Path) -> Result<Vec<Vec<u8>>, Failure> {
    let name = path.display();
    let pem = std::fs::read(path).map_err(|e| Failure::new(format!("{name}: {e}")))?;
    stamp::roots(&pem).map_err(|e| {
        let help = "give certificates in PEM, as authorities publish them";
        Failure::with_help(format!("{name}: {e}"), help)
    })
}

/// Checks the answers of authorities beside a pack.
pub fn stamps(pack: &Path, hash: &[u8; 32], roots: &[Vec<u8>]) -> Vec<Check> {
    let check = |holds, detail: String| Check {
        what: "time_stamp",
        holds,
        detail,
    };
    let stamps = pipeline::stamps_of(pack);
    if stamps.is_empty() {
        let detail = "no authority vouches for the time: it is the machine's own";
        return vec![check(Holds::CannotTell, detail.to_string())];
    }
    let one = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let answer = std::fs::read(path).map_err(|e| e.to_string());
        let checked = answer
            .and_then(|answer| stamp::check(&answer, hash, None, roots).map_err(|e| e.to_string()));
        let stamp = match checked {
            Err(why) => return check(Holds::No, format!("{name}: {why}")),
            Ok(stamp) => stamp,
        };
        let by = format!("{name}: {} by {}", stamp.at, stamp.authority);
        match stamp.trusted {
            Some(true) => check(Holds::Yes, by),
            Some(false) => check(
                Holds::No,
                format!("{by}, whose certificate leads to none of the given roots"),
            ),
            None => check(
                Holds::CannotTell,
                format!("{by}; whether to trust it takes --roots"),
            ),
        }
    };
    stamps.iter().map(one).collect()
}
