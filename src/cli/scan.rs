//! `scan` and `capture`: opening pages, until done or until somebody says stop.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::sync::watch;

use crate::artifact::{PageRecord, PageStatus};
use crate::capture::Folder;
use crate::diag::{Exit, Failure};
use crate::pipeline::{self, Captured, Printer, ScanRequest};
use crate::report::{Report, ReportWords, Threshold};
use crate::ruleset::Ruleset;

use super::args::{CaptureArgs, ScanArgs, TalkArgs};
use super::paper;
use super::progress::Progress;
use super::seal::Seal;
use super::settings::{self, LookSettings, OutputSettings};
use super::summary;

/// How long a browser that prints is given to be ended.
const LET_GO: Duration = Duration::from_millis(500);

/// `consentry scan`.
pub fn scan(args: &ScanArgs) -> Result<Exit, Failure> {
    super::set_up_log(&args.output.talk);
    let config = settings::load_config(args.targets.config.as_ref())?;
    let look = LookSettings::new(&args.targets, &args.open, &args.look, &config)?;
    let output = OutputSettings::new(&args.output, &config, &super::locale())?;
    let ruleset = rules(args.judged.rules.as_deref())?;
    let seal = Seal::new(
        &args.seal,
        &config,
        args.judged.rules.as_deref(),
        &look.private_network,
    )?;
    let judged_by = settings::judge_options(&args.judged, &config, &output, &ruleset)?;
    let printer = paper::printer(&output.formats, look.chrome.as_deref(), look.markup_only)?;
    notes(&settings::left_out(&judged_by, &ruleset), &args.output.talk);
    let id = pipeline::scan_id();
    let out = args.out.clone().or_else(|| config.output.out.clone());
    let out = out.unwrap_or_else(|| Path::new("reports").join(&id));
    let request = request(look, id, args.overwrite);
    let runtime = super::runtime()?;
    let Some(captured) = run(&runtime, request, &out, &ruleset, &args.output.talk)? else {
        return Ok(Exit::Interrupted);
    };
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
    } = how.finish(&out)?;
    notes(&Vec::from_iter(unused), &args.output.talk);
    summary::show(&report, &out, &output, &args.output.talk)?;
    printed?;
    Ok(if captured.scan.interrupted {
        Exit::Interrupted
    } else {
        summary::exit(&report, &output)
    })
}

/// What is done with a capture.
pub struct Finish<'a> {
    pub ruleset: &'a Ruleset,
    pub judged_by: &'a pipeline::JudgeOptions,
    pub threshold: &'a Threshold,
    pub printer: Option<&'a Printer>,
    pub seal: &'a Seal,
}

/// What came of it.
pub struct Finished {
    pub report: Report,
    /// A note about words of people that concern no finding.
    pub unused: Option<String>,
    /// A PDF that failed is told last: everything else is there.
    pub printed: Result<(), Failure>,
}

impl Finish<'_> {
    /// Judges what a scan has just captured, writes the report beside it, and seals both.
    pub fn finish(&self, out: &Path) -> Result<Finished, Failure> {
        let judged = pipeline::judge(&Folder::new(out), self.ruleset, self.judged_by);
        let judged = judged.map_err(|e| {
            Failure::with_help(
                e.to_string(),
                "what was captured is kept; `consentry evidence recover` judges and seals it",
            )
        })?;
        let unused = settings::unused(&judged.unused);
        let written = pipeline::publish(judged, self.ruleset, self.threshold, out);
        let mut written = written.map_err(|e| unwritable(out, &e))?;
        let printed = paper::print(self.printer, &mut written);
        let mut report = written.report;
        let reports = pipeline::of_judgement(&report.files);
        report.evidence = Some(self.seal.seal(out, reports, true)?);
        let kept = self.seal.keep(out);
        pipeline::name_pack(out, &mut report).map_err(|e| unwritable(out, &e))?;
        kept?;
        Ok(Finished {
            report,
            unused,
            printed,
        })
    }
}

/// What a user should know and that is no error, on standard error.
pub fn notes(notes: &[String], talk: &TalkArgs) {
    for note in notes.iter().filter(|_| !talk.quiet) {
        super::complain(&format!("note: {note}"));
    }
}

/// `consentry capture`.
pub fn capture(args: &CaptureArgs) -> Result<Exit, Failure> {
    super::set_up_log(&args.talk);
    let config = settings::load_config(args.targets.config.as_ref())?;
    let look = LookSettings::new(&args.targets, &args.open, &args.look, &config)?;
    let ruleset = rules(None)?;
    let seal = Seal::new(&args.seal, &config, None, &look.private_network)?;
    let request = request(look, pipeline::scan_id(), args.overwrite);
    let runtime = super::runtime()?;
    let Some(captured) = run(&runtime, request, &args.out, &ruleset, &args.talk)? else {
        return Ok(Exit::Interrupted);
    };
    let pages =
        pipeline::stored_pages(&Folder::new(&args.out)).map_err(|e| Failure::new(e.to_string()))?;
    seal.seal(&args.out, Vec::new(), false)?;
    seal.keep(&args.out)?;
    if !args.talk.quiet {
        super::print(&told(&pages, &args.out))?;
    }
    let given = |page: &&PageRecord| page.depth == 0;
    let all_examined = pages
        .iter()
        .filter(given)
        .all(|page| page.status == PageStatus::Examined);
    Ok(match (captured.scan.interrupted, all_examined) {
        (true, _) => Exit::Interrupted,
        (false, true) => Exit::Clean,
        (false, false) => Exit::Incomplete,
    })
}

fn told(pages: &[PageRecord], out: &Path) -> String {
    let words = ReportWords::new(settings::language_of(&super::locale()).tag());
    let mut text = String::new();
    for page in pages {
        let detail = page.status_detail.as_ref();
        let detail = detail
            .map(|why| format!(": {}", summary::printable(&words.told(why))))
            .unwrap_or_default();
        text.push_str(&format!(
            "{:<12} {}{detail}\n",
            page.status.as_str(),
            page.url
        ));
    }
    text.push_str(&format!(
        "Captured in {}\nJudge it with: consentry judge {}\n",
        out.display(),
        out.display()
    ));
    text
}

/// The built-in rules, with a folder's files over them where one is given.
pub fn rules(own: Option<&Path>) -> Result<Ruleset, Failure> {
    let Some(folder) = own else {
        return pipeline::load_rules()
            .map_err(|e| Failure::new(format!("the built-in rules are broken: {e}")));
    };
    let own = pipeline::read_rules(folder).map_err(|e| {
        Failure::with_help(
            format!("the rules folder {} cannot be read: {e}", folder.display()),
            "give a folder laid out as the project's rules/: core/, one folder per jurisdiction, lexicon/",
        )
    })?;
    pipeline::layered_rules(own).map_err(|e| Failure::new(format!("{}/{e}", folder.display())))
}

fn request(look: LookSettings, id: String, overwrite: bool) -> ScanRequest {
    ScanRequest {
        id,
        targets: look.targets,
        max_pages: look.max_pages,
        depth: look.depth,
        also_hosts: look.also_hosts,
        rate: look.rate,
        ignore_robots: look.ignore_robots,
        jobs: look.jobs,
        timeout: look.timeout,
        walk: look.walk,
        faces: look.faces,
        locale: look.locale,
        user_agent: look.user_agent,
        resolve: look.resolve,
        proxy: look.proxy,
        no_third_parties: look.no_third_parties,
        private_network: look.private_network,
        chrome: look.chrome,
        path: std::env::var("PATH").ok(),
        markup_only: look.markup_only,
        overwrite,
        program: std::env::current_exe().ok(),
    }
}

/// Captures into a folder. Ctrl-C or a termination signal ends it early and keeps what was captured; a
/// second one ends it at once, and then there is no record.
pub fn run(
    runtime: &Runtime,
    request: ScanRequest,
    out: &Path,
    ruleset: &Ruleset,
    talk: &TalkArgs,
) -> Result<Option<Captured>, Failure> {
    if !request.markup_only
        && !talk.quiet
        && let Some(why) = pipeline::no_sandbox_reason()
    {
        super::complain(&format!(
            "note: Chrome runs without its own sandbox, because {why}; the report says so"
        ));
    }
    let progress = Progress::new(talk);
    let folder = Folder::new(out);
    let captured = runtime.block_on(async {
        let (stop, stopped) = watch::channel(false);
        let work = pipeline::run_capture(request, &folder, ruleset, stopped, progress.listener());
        tokio::pin!(work);
        let interrupted = signals(Arc::new(stop), &progress);
        tokio::pin!(interrupted);
        tokio::select! {
            done = &mut work => Some(done),
            () = &mut interrupted => None,
        }
    });
    progress.done();
    match captured {
        Some(done) => {
            // The visits' Chrome is gone now; whoever interrupts the judgement means the program. One that
            // prints is ended first, by whoever started it.
            runtime.spawn(async {
                interruption().await;
                tokio::time::sleep(LET_GO).await;
                std::process::exit(i32::from(Exit::Interrupted.code()));
            });
            done.map(Some).map_err(|e| explain(e, out))
        }
        None => {
            super::complain(&format!(
                "interrupted twice: no report was written\n  what to do: what was captured is in {0}; \
                 `consentry judge {0}` reports it",
                out.display()
            ));
            Ok(None)
        }
    }
}

/// Waits for signals: the first asks the capture to stop, the second returns.
async fn signals(stop: Arc<watch::Sender<bool>>, progress: &Progress) {
    interruption().await;
    let _ = stop.send(true);
    progress.say("stopping; the report covers what was captured");
    interruption().await;
}

/// Waits for Ctrl-C or a termination signal.
pub async fn interruption() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) = (
        signal(SignalKind::interrupt()),
        signal(SignalKind::terminate()),
    ) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}

fn explain(error: pipeline::ScanError, out: &Path) -> Failure {
    match &error {
        pipeline::ScanError::Chrome(_) => Failure::with_help(
            error.to_string(),
            "`consentry doctor` checks what a scan needs",
        ),
        pipeline::ScanError::Network(_) => Failure::new(error.to_string()),
        pipeline::ScanError::Proxy(_) => Failure::with_help(
            error.to_string(),
            "check --proxy, CONSENTRY_PROXY, or proxy in consentry.toml, and that it runs",
        ),
        pipeline::ScanError::CutShort(..) => Failure::with_help(
            error.to_string(),
            format!(
                "what was captured is kept; make room, then `consentry evidence recover {}`",
                out.display()
            ),
        ),
        pipeline::ScanError::Output(_) => Failure::with_help(
            error.to_string(),
            format!(
                "choose another folder with --out; {} was left as it is",
                out.display()
            ),
        ),
    }
}

pub fn unwritable(out: &Path, error: &std::io::Error) -> Failure {
    Failure::with_help(
        format!("the report cannot be written to {}: {error}", out.display()),
        "check the disk and the folder's permissions; what was captured is kept, and `consentry evidence recover` \
         finishes it",
    )
}

/// The folder `out` as a path that can be clicked or pasted.
pub fn shown(out: &Path, file: &str) -> String {
    let path: PathBuf = out.join(file);
    path.display().to_string()
}
