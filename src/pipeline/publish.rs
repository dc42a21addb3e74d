//! Writes a judgement: `report.json`, `report.html` and its crops.

use std::path::{Path, PathBuf};

use crate::capture::Folder;
use crate::report::{self, Embedded};
use crate::ruleset::Ruleset;

use super::judge::Judged;

/// Where judgements of stored captures stand in a capture's folder.
const JUDGEMENTS: &str = "judgements";

/// Writes the report of a scan at the top of its folder.
///
/// # Errors
/// Where the folder cannot be written.
pub fn publish(judged: Judged, ruleset: &Ruleset, folder: &Path) -> std::io::Result<PathBuf> {
    write(judged, ruleset, folder, "")
}

/// Writes a later judgement to `judgements/<rules>/` in the capture's folder, never over another one:
/// one with other settings gets a number behind the name. Gives the report's folder.
///
/// # Errors
/// Where the folder cannot be written.
pub fn publish_judgement(
    judged: Judged,
    ruleset: &Ruleset,
    capture: &Path,
) -> std::io::Result<PathBuf> {
    let json = report_json(&judged)?;
    let name = &ruleset.sha256[..12];
    let mut number = 1;
    loop {
        let folder = if number == 1 {
            capture.join(JUDGEMENTS).join(name)
        } else {
            capture.join(JUDGEMENTS).join(format!("{name}-{number}"))
        };
        match std::fs::read(folder.join("report.json")) {
            // The same judgement again.
            Ok(earlier) if earlier == json => return Ok(folder),
            Ok(_) => number += 1,
            Err(_) => return write(judged, ruleset, &folder, "../../"),
        }
    }
}

fn report_json(judged: &Judged) -> std::io::Result<Vec<u8>> {
    let mut text = serde_json::to_vec_pretty(&judged.report)?;
    text.push(b'\n');
    Ok(text)
}

/// `base` leads from the report's folder to the capture's. `report.json` comes last: where it stands,
/// the rest does.
fn write(judged: Judged, ruleset: &Ruleset, at: &Path, base: &str) -> std::io::Result<PathBuf> {
    let folder = Folder::new(at);
    let json = report_json(&judged)?;
    for (path, png) in &judged.pictures.crops {
        folder.write(path, png)?;
    }
    let embedded = Embedded {
        crops: judged.pictures.crops,
        forms: judged.pictures.forms,
    };
    let language = judged.report.scan.settings.language.clone();
    let html = report::html(&judged.report, ruleset, &embedded, &language, base)
        .map_err(std::io::Error::other)?;
    folder.write("report.html", html.as_bytes())?;
    folder.write("report.json", &json)?;
    Ok(at.to_path_buf())
}
