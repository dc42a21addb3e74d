//! Writes a judgement: `report.json`, `report.html` and its crops, and the formats that were asked for.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::capture::Folder;
use crate::report::{self, Embedded, Format, Printed, Report, Threshold};
use crate::ruleset::Ruleset;

use super::judge::Judged;

/// Where judgements of stored captures stand in a capture's folder.
const JUDGEMENTS: &str = "judgements";

/// What is written for one judgement.
struct Published {
    /// By name.
    texts: Vec<(&'static str, Vec<u8>)>,
    /// Comes last: where it stands, the rest does. That of a long scan is never in the memory as a whole.
    report: Report,
    pictures: Embedded,
    to_print: Option<Printed>,
}

/// A judgement that stands in its folder.
pub struct Written {
    pub folder: PathBuf,
    pub report: Report,
    /// What a browser is asked to print beside it, where somebody wants a PDF and none is there.
    pub to_print: Option<Printed>,
}

impl Written {
    /// A PDF is listed once it is there.
    pub(super) fn list_pdf(&mut self, there: bool) {
        list_pdf(&mut self.report, there);
    }
}

fn list_pdf(report: &mut Report, there: bool) {
    let name = Format::Pdf.file();
    report.files.retain(|file| file != name);
    if there {
        report.files.push(name.to_string());
        report.files.sort();
    }
}

const REPORT: &str = "report.json";

/// Writes a report as JSON.
///
/// # Errors
/// Where it cannot be written.
pub(super) fn write_json(report: &Report, to: &mut dyn Write) -> std::io::Result<()> {
    let mut to = BufWriter::new(to);
    serde_json::to_writer_pretty(&mut to, report)?;
    to.write_all(b"\n")?;
    to.flush()
}

/// Compares what is written with what is there.
struct Same<'a> {
    there: &'a [u8],
    same: bool,
}

impl Write for Same<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self.there.strip_prefix(bytes) {
            Some(rest) => self.there = rest,
            None => self.same = false,
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Writes the report of a scan at the top of its folder, and gives what is there.
///
/// # Errors
/// Where the folder cannot be written.
pub fn publish(
    judged: Judged,
    ruleset: &Ruleset,
    threshold: &Threshold,
    folder: &Path,
) -> std::io::Result<Written> {
    published(judged, ruleset, threshold, "", true)?.write(folder)
}

/// Writes a later judgement to `judgements/<rules>/` in the capture's folder, never over another one:
/// one with other settings gets a number behind the name. Gives what is there.
///
/// # Errors
/// Where the folder cannot be written.
pub fn publish_judgement(
    judged: Judged,
    ruleset: &Ruleset,
    threshold: &Threshold,
    capture: &Path,
) -> std::io::Result<Written> {
    let mut published = published(judged, ruleset, threshold, "../../", false)?;
    let name = &ruleset.sha256[..12];
    let mut number = 1;
    loop {
        let folder = if number == 1 {
            capture.join(JUDGEMENTS).join(name)
        } else {
            capture.join(JUDGEMENTS).join(format!("{name}-{number}"))
        };
        if !folder.join("report.json").is_file() {
            list_pdf(&mut published.report, false);
            return published.write(&folder);
        }
        let printed = folder.join(Format::Pdf.file()).is_file();
        list_pdf(&mut published.report, printed);
        if published.stands_in(&folder) {
            return Ok(Written {
                folder,
                report: published.report,
                to_print: published.to_print.filter(|_| !printed),
            });
        }
        number += 1;
    }
}

/// `base` leads from the report's folder to the capture's; `sealed` reports go into the pack.
fn published(
    judged: Judged,
    ruleset: &Ruleset,
    threshold: &Threshold,
    base: &str,
    sealed: bool,
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
    let mut to_print = None;
    for format in judged.formats {
        let text = format.text(report, ruleset, threshold);
        match text.map_err(std::io::Error::other)? {
            Some(text) => texts.push((format.file(), text.into_bytes())),
            None => {
                let printed = report::printed(report, ruleset, &pictures, language, sealed);
                to_print = Some(printed.map_err(std::io::Error::other)?);
            }
        }
    }
    Ok(Published {
        to_print,
        texts,
        report: judged.report,
        pictures,
    })
}

impl Published {
    /// Whether a folder holds the same judgement already.
    fn stands_in(&self, folder: &Path) -> bool {
        let texts = self.texts.iter().all(|(name, text)| {
            std::fs::read(folder.join(name)).is_ok_and(|earlier| earlier == *text)
        });
        let Ok(there) = std::fs::read(folder.join(REPORT)) else {
            return false;
        };
        let mut same = Same {
            there: &there,
            same: true,
        };
        texts && write_json(&self.report, &mut same).is_ok() && same.same && same.there.is_empty()
    }

    fn write(self, at: &Path) -> std::io::Result<Written> {
        let folder = Folder::new(at);
        for (path, png) in &self.pictures.crops {
            folder.write(path, png)?;
        }
        for (name, text) in &self.texts {
            folder.write(name, text)?;
        }
        folder.write_with(REPORT, |to| write_json(&self.report, to))?;
        Ok(Written {
            folder: at.to_path_buf(),
            report: self.report,
            to_print: self.to_print,
        })
    }
}
