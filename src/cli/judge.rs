//! `judge`: stored captures, today's rules.

use crate::capture::Folder;
use crate::diag::{Exit, Failure};
use crate::pipeline;

use super::args::JudgeArgs;
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
    notes(&settings::left_out(&options, &ruleset), &args.output.talk);
    let mut exits = Vec::new();
    for folder in &args.folders {
        let judged = pipeline::judge(&Folder::new(folder), &ruleset, &options);
        let result = judged.map_err(|e| {
            Failure::with_help(
                e.to_string(),
                "give a folder that `consentry scan` or `capture` wrote",
            )
        });
        let result = result.and_then(|judged| {
            let report = judged.report.clone();
            notes(
                &Vec::from_iter(settings::unused(&judged.unused)),
                &args.output.talk,
            );
            let out = pipeline::publish_judgement(judged, &ruleset, &output.threshold, folder)
                .map_err(|e| unwritable(folder, &e))?;
            summary::show(&report, &out, &output, &args.output.talk)?;
            Ok(summary::exit(&report, &output))
        });
        exits.push(result.unwrap_or_else(|failure| {
            super::complain(&failure.to_string());
            Exit::CouldNotRun
        }));
    }
    // The contract's order: what could not run, then what failed, then what is incomplete.
    let order = [Exit::CouldNotRun, Exit::Failed, Exit::Incomplete];
    Ok(order
        .into_iter()
        .find(|exit| exits.contains(exit))
        .unwrap_or(Exit::Clean))
}
