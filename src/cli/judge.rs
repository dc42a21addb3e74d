//! `judge`: stored captures, today's rules.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use crate::capture::Folder;
use crate::diag::{Exit, Failure};
use crate::evidence;
use crate::pipeline::{self, JudgeOptions, Judged};
use crate::report::Evidence;
use crate::ruleset::Ruleset;

use super::args::JudgeArgs;
use super::paper;
use super::scan::{notes, rules, unwritable};
use super::settings::{self, OutputSettings};
use super::summary;

/// `consentry judge`. A folder that cannot be judged does not keep the others from it.
pub fn judge(args: &JudgeArgs) -> Result<Exit, Failure> {
    super::set_up_log(&args.output.talk);
    let config = settings::load_config(args.config.as_ref())?;
    let output = OutputSettings::new(&args.output, &config, &super::locale())?;
    let ruleset = rules(args.judged.rules.as_deref())?;
    let options = settings::judge_options(&args.judged, &config, &output, &ruleset)?;
    let chrome = args.chrome.as_ref().or(config.look.chrome.as_ref());
    let printer = paper::printer(&output.formats, chrome.map(String::as_str), false)?;
    notes(&settings::left_out(&options, &ruleset), &args.output.talk);
    let mut exits = Vec::new();
    for given in &args.folders {
        let result = judge_one(given, &ruleset, &options).and_then(|judged| {
            notes(
                &Vec::from_iter(settings::unused(&judged.unused)),
                &args.output.talk,
            );
            // Of a pack, the judgement stands beside it: what is sealed never changes.
            let folder = match given.is_file() {
                true => given.parent().unwrap_or(Path::new(".")),
                false => given,
            };
            let published =
                pipeline::publish_judgement(judged, &ruleset, &output.threshold, folder);
            let mut written = published.map_err(|e| unwritable(folder, &e))?;
            let printed = paper::print(printer.as_ref(), &mut written);
            let (out, report) = (written.folder, written.report);
            summary::show(&report, &out, &output, &args.output.talk)?;
            printed.map(|()| summary::exit(&report, &output))
        });
        exits.push(result.unwrap_or_else(|failure| {
            super::complain(&failure.to_string());
            Exit::CouldNotRun
        }));
    }
    Ok(Exit::gravest(exits))
}

/// Judges a folder, or a pack that holds what it was sealed with.
fn judge_one(given: &Path, ruleset: &Ruleset, options: &JudgeOptions) -> Result<Judged, Failure> {
    let judge = |folder: &Folder| {
        pipeline::judge(folder, ruleset, options).map_err(|e| {
            Failure::with_help(
                e.to_string(),
                "give a folder that `consentry scan` or `capture` wrote, or a pack",
            )
        })
    };
    if !given.is_file() {
        return judge(&Folder::new(given));
    }
    let name = given.display();
    let unreadable = |e: std::io::Error| Failure::new(format!("{name} cannot be read: {e}"));
    let open = || File::open(given).map(BufReader::new).map_err(unreadable);
    let verified = evidence::verify(open()?);
    if let Some(check) = verified.broken() {
        return Err(Failure::with_help(
            format!(
                "{name} is not what was sealed: {}: {}",
                check.what, check.detail
            ),
            format!("`consentry verify {name}` says what holds"),
        ));
    }
    let room = tempfile::tempdir()
        .map_err(|e| Failure::new(format!("the pack cannot be unpacked: {e}")))?;
    let folder = Folder::new(room.path());
    pipeline::unpack(open()?, &folder).map_err(|e| Failure::new(format!("{name}: {e}")))?;
    let mut judged = judge(&folder)?;
    let file = given.file_name().unwrap_or(given.as_os_str());
    judged.report.evidence = Some(Evidence {
        pack: file.to_string_lossy().into_owned(),
        sha256: evidence::hex(&pipeline::digest_of(given).map_err(unreadable)?),
        signed_by: verified.signed_by,
        timestamps: Vec::new(),
    });
    Ok(judged)
}
