//! Writes a judgement: `report.json`, `report.html` and its crops, and the formats that were asked for.

use std::path::{Path, PathBuf};

use crate::capture::Folder;
use crate::report::{self, Embedded, Threshold};
use crate::ruleset::Ruleset;

use super::judge::Judged;

/// Where judgements of stored captures stand in a capture's folder.
const JUDGEMENTS: &str = "judgements";

/// What is written for one judgement.
struct Published {
    /// By name. `report.json` comes last: where it stands, the rest does.
    texts: Vec<(&'static str, Vec<u8>)>,
    pictures: Embedded,
}

/// Writes the report of a scan at the top of its folder.
///
/// # Errors
/// Where the folder cannot be written.
pub fn publish(
    judged: Judged,
    ruleset: &Ruleset,
    threshold: &Threshold,
    folder: &Path,
) -> std::io::Result<PathBuf> {
    published(judged, ruleset, threshold, "")?.write(folder)
}

/// Writes a later judgement to `judgements/<rules>/` in the capture's folder, never over another one:
/// one with other settings gets a number behind the name. Gives the report's folder.
///
/// # Errors
/// Where the folder cannot be written.
pub fn publish_judgement(
    judged: Judged,
    ruleset: &Ruleset,
    threshold: &Threshold,
    capture: &Path,
) -> std::io::Result<PathBuf> {
    let published = published(judged, ruleset, threshold, "../../")?;
    let name = &ruleset.sha256[..12];
    let mut number = 1;
    loop {
        let folder = if number == 1 {
            capture.join(JUDGEMENTS).join(name)
        } else {
            capture.join(JUDGEMENTS).join(format!("{name}-{number}"))
        };
        if !folder.join("report.json").is_file() {
            return published.write(&folder);
        }
        if published.stands_in(&folder) {
            return Ok(folder);
        }
        number += 1;
    }
}

/// `base` leads from the report's folder to the capture's.
fn published(
    judged: Judged,
    ruleset: &Ruleset,
    threshold: &Threshold,
    base: &str,
) -> std::io::Result<Published> {
    let report = &judged.report;
    let pictures = Embedded {
        crops: judged.pictures.crops,
        forms: judged.pictures.forms,
        pairs: judged.pictures.pairs,
    };
    let language = &report.scan.settings.language;
    let html = report::html(report, ruleset, &pictures, language, base);
    let html = html.map_err(std::io::Error::other)?;
    let mut texts = vec![("report.html", html.into_bytes())];
    for format in judged.formats {
        let text = format.text(report, ruleset, threshold);
        let text = text.map_err(std::io::Error::other)?;
        texts.push((format.file(), text.into_bytes()));
    }
    let mut json = serde_json::to_vec_pretty(report)?;
    json.push(b'\n');
    texts.push(("report.json", json));
    Ok(Published { texts, pictures })
}

impl Published {
    /// Whether a folder holds the same judgement already.
    fn stands_in(&self, folder: &Path) -> bool {
        self.texts.iter().all(|(name, text)| {
            std::fs::read(folder.join(name)).is_ok_and(|earlier| earlier == *text)
        })
    }

    fn write(self, at: &Path) -> std::io::Result<PathBuf> {
        let folder = Folder::new(at);
        for (path, png) in &self.pictures.crops {
            folder.write(path, png)?;
        }
        for (name, text) in &self.texts {
            folder.write(name, text)?;
        }
        Ok(at.to_path_buf())
    }
}
