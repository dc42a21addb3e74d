//! `evidence recover`: finishes a scan whose process was killed, with what it had captured.
//!
//! It opens no page. What is whole already stays as it is.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use crate::capture::Folder;
use crate::diag::{Exit, Failure};
use crate::evidence::{self, hex};
use crate::pipeline;
use crate::report::{Evidence, Report};

use super::args::RecoverArgs;
use super::paper;
use super::scan::{Finish, Finished, notes, rules, unwritable};
use super::seal::Seal;
use super::settings::{self, OutputSettings};
use super::{network, summary};

/// Judges what was captured, where no report tells of it yet, and seals it.
pub fn recover(args: &RecoverArgs) -> Result<Exit, Failure> {
    super::set_up_log(&args.output.talk);
    let out = args.folder.as_path();
    let config = settings::load_config(args.config.as_ref())?;
    let output = OutputSettings::new(&args.output, &config, &super::locale())?;
    let ruleset = rules(args.judged.rules.as_deref())?;
    let private = network::private_network(args.allow_private_network.as_deref(), None)?;
    let seal = Seal::new(&args.seal, &config, args.judged.rules.as_deref(), &private)?;
    let judged_by = settings::judge_options(&args.judged, &config, &output, &ruleset)?;
    let chrome = args.chrome.as_ref().or(config.look.chrome.as_ref());
    let printer = paper::printer(&output.formats, chrome.map(String::as_str), false)?;
    // A scan that still runs is not to be finished by somebody else.
    let _occupied = pipeline::occupy(out).map_err(|e| {
        let help = "give the folder of a scan that ended before it was done";
        Failure::with_help(e.to_string(), help)
    })?;
    let pages =
        pipeline::stored_pages(&Folder::new(out)).map_err(|e| Failure::new(e.to_string()))?;
    if let Some(sealed) = sealed(out)? {
        seal.keep(out)?;
        return name(out, sealed, args.output.talk.quiet);
    }
    let how = Finish {
        ruleset: &ruleset,
        judged_by: &judged_by,
        threshold: &output.threshold,
        printer: printer.as_ref(),
        seal: &seal,
    };
    let Finished {
        report,
        unused,
        printed,
    } = how.finish(out)?;
    let talk = &args.output.talk;
    notes(&Vec::from_iter(unused), talk);
    let pages = pages.len();
    notes(
        &[format!(
            "pages that were captured whole: {pages}; files of a page that was under way stay in the folder"
        )],
        talk,
    );
    summary::show(&report, out, &output, talk)?;
    printed?;
    Ok(summary::exit(&report, &output))
}

/// The pack in the folder, where there is one that holds. It is put in place whole or not at all: one that
/// does not hold was changed later, and is not ours to replace.
fn sealed(out: &Path) -> Result<Option<Evidence>, Failure> {
    let path = out.join(pipeline::PACK);
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(unwritable(out, &e)),
    };
    let verified = evidence::verify(BufReader::new(file));
    if !verified.holds() {
        return Err(Failure::with_help(
            format!("{} is there and does not hold", path.display()),
            "`consentry verify` says why; move it away to seal the capture again",
        ));
    }
    Ok(Some(Evidence {
        pack: pipeline::PACK.to_string(),
        sha256: hex(&pipeline::digest_of(&path).map_err(|e| unwritable(out, &e))?),
        signed_by: verified.signed_by,
        timestamps: Vec::new(),
    }))
}

/// Names a pack in a report that was written before it.
fn name(out: &Path, sealed: Evidence, quiet: bool) -> Result<Exit, Failure> {
    let say = |text: &str| match quiet {
        true => Ok(()),
        false => super::print(text),
    };
    let report = std::fs::read(out.join("report.json")).ok();
    let report = report.and_then(|text| serde_json::from_slice::<Report>(&text).ok());
    match report {
        Some(mut report) if report.evidence.is_none() => {
            report.evidence = Some(sealed);
            pipeline::name_pack(out, &mut report).map_err(|e| unwritable(out, &e))?;
            say(&format!(
                "{}: its report names the pack now\n",
                out.display()
            ))?;
        }
        _ => say(&format!("{}: nothing is left to do\n", out.display()))?,
    }
    Ok(Exit::Clean)
}
