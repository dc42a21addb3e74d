//! What was typed: flags as given, environment included. Nothing is checked here beyond its shape;
//! [`super::settings`] turns it into something to act on.

mod evidence;

pub use evidence::*;

use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// A landing-page consent capture scanner.
///
/// Visits lead-collection forms in a real Chrome, checks who collects, what for, and whether consent is
/// really given, and keeps the pictures that show it. States facts and the provisions they bear on; it
/// is no legal advice.
#[derive(Debug, Parser)]
#[command(name = "consentry", version, arg_required_else_help = true, propagate_version = true,
    after_help = EXIT_CODES)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

/// What exit codes mean, for help texts.
pub const EXIT_CODES: &str = "Exit codes:\n  0    nothing failed at or above --fail-on\n  1    something \
did\n  2    wrong usage or configuration, no Chrome, output cannot be written\n  3    nothing failed, \
but a target could not be assessed or had no form\n  130  interrupted; what was captured is kept";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Crawl, capture, judge, report: the main job.
    #[command(after_help = EXIT_CODES)]
    Scan(Box<ScanArgs>),
    /// Open pages and store what they show, without judging it.
    Capture(Box<CaptureArgs>),
    /// Judge stored captures by today's rules; needs neither browser nor network.
    #[command(after_help = EXIT_CODES)]
    Judge(JudgeArgs),
    /// Check a pack of evidence, offline: what holds, what does not, what cannot be told.
    #[command(after_help = VERIFY_CODES)]
    Verify(VerifyArgs),
    /// What is done with packs after a scan.
    #[command(subcommand)]
    Evidence(EvidenceCommand),
    /// Make and show the key that signs packs.
    #[command(subcommand)]
    Key(KeyCommand),
    /// Scan a built-in example site on this machine; needs no network.
    Demo(DemoArgs),
    /// List, explain and test the rules.
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Check that everything a scan needs is there.
    Doctor(DoctorArgs),
    /// Write a commented consentry.toml into the working directory.
    Init(InitArgs),
    /// Print the JSON Schema of report.json.
    Schema,
    /// Print a completion script for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual page.
    Man,
    /// Read one PDF from standard input and write its text as JSON: how a scan calls itself.
    #[command(name = crate::capture::pdf::COMMAND, hide = true)]
    ReadPdf,
}

#[derive(Debug, Args)]
pub struct ScanArgs {
    #[command(flatten)]
    pub targets: TargetArgs,
    /// Output folder [default: reports/<scan id>].
    #[arg(long, value_name = "DIR", env = "CONSENTRY_OUT")]
    pub out: Option<PathBuf>,
    /// Replace an earlier scan in the output folder: removes the files its report.json lists.
    #[arg(long)]
    pub overwrite: bool,
    #[command(flatten)]
    pub open: OpenArgs,
    #[command(flatten)]
    pub look: LookArgs,
    #[command(flatten)]
    pub judged: JudgedArgs,
    #[command(flatten)]
    pub output: OutputArgs,
    #[command(flatten)]
    pub seal: SealArgs,
}

#[derive(Debug, Args)]
pub struct CaptureArgs {
    #[command(flatten)]
    pub targets: TargetArgs,
    /// Output folder.
    #[arg(long, value_name = "DIR", env = "CONSENTRY_OUT")]
    pub out: PathBuf,
    /// Replace an earlier scan in the output folder: removes the files its report.json lists.
    #[arg(long)]
    pub overwrite: bool,
    #[command(flatten)]
    pub open: OpenArgs,
    #[command(flatten)]
    pub look: LookArgs,
    #[command(flatten)]
    pub seal: SealArgs,
    #[command(flatten)]
    pub talk: TalkArgs,
}

#[derive(Debug, Args)]
pub struct JudgeArgs {
    /// Folders that hold captures, or packs. The judgement goes to DIR/judgements/<rules>/ (of a pack: beside
    /// it), never over an earlier report.
    #[arg(required = true, value_name = "DIR|PACK")]
    pub folders: Vec<PathBuf>,
    /// Configuration file [default: consentry.toml where there is one].
    #[arg(short, long, value_name = "FILE", env = "CONSENTRY_CONFIG")]
    pub config: Option<PathBuf>,
    /// Chrome or Chromium that prints --format pdf: a program, or ws:// of one that runs. Nothing else needs
    /// one here.
    #[arg(long, value_name = "PATH", env = "CHROME")]
    pub chrome: Option<String>,
    #[command(flatten)]
    pub judged: JudgedArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Output folder [default: reports/demo].
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Serve the example site until Ctrl-C instead of scanning it.
    #[arg(long)]
    pub serve: bool,
    /// Chrome or Chromium: a program, or ws:// of one that runs.
    #[arg(long, value_name = "PATH", env = "CHROME")]
    pub chrome: Option<String>,
    /// Report formats; html and json are always written.
    #[arg(
        long,
        value_name = "FORMAT",
        value_delimiter = ',',
        value_enum,
        env = "CONSENTRY_FORMAT"
    )]
    pub format: Vec<Format>,
    /// Language of the report [default: from the locale].
    #[arg(long, value_name = "LANG", value_enum)]
    pub lang: Option<Language>,
    #[command(flatten)]
    pub talk: TalkArgs,
}

#[derive(Debug, Args)]
pub struct TargetArgs {
    /// Pages to scan.
    #[arg(value_name = "URL")]
    pub urls: Vec<String>,
    /// File with one URL a line; - for standard input.
    #[arg(long, value_name = "FILE")]
    pub list: Option<PathBuf>,
    /// Configuration file [default: consentry.toml where there is one].
    #[arg(short, long, value_name = "FILE", env = "CONSENTRY_CONFIG")]
    pub config: Option<PathBuf>,
}

/// What to open.
#[derive(Debug, Args)]
#[command(next_help_heading = "What to open")]
pub struct OpenArgs {
    /// Pages per target [default: 25].
    #[arg(long, value_name = "N", env = "CONSENTRY_MAX_PAGES")]
    pub max_pages: Option<u32>,
    /// Links from the given page; 0 opens the given page alone [default: 2].
    #[arg(long, value_name = "N", env = "CONSENTRY_DEPTH")]
    pub depth: Option<u32>,
    /// A further host that counts as the target's own.
    #[arg(
        long,
        value_name = "HOST",
        value_delimiter = ',',
        env = "CONSENTRY_ALSO_HOST"
    )]
    pub also_host: Vec<String>,
    /// Page loads per second and host [default: 2].
    #[arg(long, value_name = "N", env = "CONSENTRY_RATE")]
    pub rate: Option<f64>,
    /// Open pages that robots.txt disallows.
    #[arg(long, env = "CONSENTRY_IGNORE_ROBOTS", value_parser = BoolishValueParser::new())]
    pub ignore_robots: bool,
    /// Pages worked on at once; up to three times as many are open, the others waiting for theirs to settle
    /// [default: the machine's cores].
    #[arg(long, value_name = "N", env = "CONSENTRY_JOBS")]
    pub jobs: Option<usize>,
    /// Seconds for one opening of a page [default: 60].
    #[arg(long, value_name = "SECONDS", env = "CONSENTRY_TIMEOUT")]
    pub timeout: Option<u64>,
    /// Steps of a form that are walked; 0 looks at forms and does not use them [default: 12].
    #[arg(long, value_name = "N", env = "CONSENTRY_MAX_STEPS")]
    pub max_steps: Option<u32>,
    /// Ways through a form's choices that are walked [default: 2].
    #[arg(long, value_name = "N", env = "CONSENTRY_MAX_BRANCHES")]
    pub max_branches: Option<u32>,
}

/// How it looks.
#[derive(Debug, Args)]
#[command(next_help_heading = "How it looks")]
pub struct LookArgs {
    /// Devices to look with [default: desktop,mobile].
    #[arg(
        long,
        value_name = "PROFILE",
        value_delimiter = ',',
        value_enum,
        env = "CONSENTRY_PROFILE"
    )]
    pub profile: Vec<Profile>,
    /// Openings of each page with a form, with each device [default: 1].
    #[arg(long, value_name = "N", env = "CONSENTRY_VISITS")]
    pub visits: Option<u32>,
    /// The page that the visitor comes from, such as the advertisement's.
    #[arg(long, value_name = "URL", env = "CONSENTRY_REFERRER")]
    pub referrer: Option<String>,
    /// Language and region of the browser [default: fr-FR].
    #[arg(long, value_name = "LOCALE", env = "CONSENTRY_LOCALE")]
    pub locale: Option<String>,
    /// `honest` (Chrome's with our name behind it), `plain` (Chrome's), or a text [default: honest, and
    /// pages with a form are opened once more as plain, to compare].
    #[arg(long, value_name = "AGENT", env = "CONSENTRY_USER_AGENT")]
    pub user_agent: Option<String>,
    /// A header for the target's own hosts, and no others: "Name: value". Its value is not recorded.
    #[arg(
        long,
        value_name = "HEADER",
        env = "CONSENTRY_HEADER",
        hide_env_values = true
    )]
    pub header: Vec<String>,
    /// Sign in to the target's own hosts with the name:password that this environment variable holds.
    #[arg(long, value_name = "VARIABLE", num_args = 0..=1, default_missing_value = "CONSENTRY_BASIC_AUTH")]
    pub basic_auth: Option<String>,
    /// Accept certificates that nobody vouches for; the report says so.
    #[arg(long, env = "CONSENTRY_INSECURE_TLS", value_parser = BoolishValueParser::new())]
    pub insecure_tls: bool,
    /// What to do with a cookie banner over a form [default: refuse].
    #[arg(long, value_name = "WHAT", value_enum, env = "CONSENTRY_COOKIE_BANNER")]
    pub cookie_banner: Option<CookieBanner>,
    /// Resolve a name to this address; may be repeated, IPv6 stands in brackets.
    #[arg(
        long,
        value_name = "HOST:ADDR",
        value_delimiter = ',',
        env = "CONSENTRY_RESOLVE"
    )]
    pub resolve: Vec<String>,
    /// Connect through this proxy: http://[USER:PASSWORD@]HOST:PORT, or socks5:// likewise. Names are
    /// resolved and judged here; the proxy is asked for addresses, by CONNECT, for http pages too.
    #[arg(
        long,
        value_name = "URL",
        env = "CONSENTRY_PROXY",
        hide_env_values = true
    )]
    pub proxy: Option<String>,
    /// Reach only the targets' own hosts; the rest is a listed gap.
    #[arg(long, env = "CONSENTRY_NO_THIRD_PARTIES", value_parser = BoolishValueParser::new())]
    pub no_third_parties: bool,
    /// Allow loopback and private addresses, or only those in the given networks.
    #[arg(long, value_name = "NET,...", num_args = 0..=1, require_equals = true,
        default_missing_value = "", env = "CONSENTRY_ALLOW_PRIVATE_NETWORK")]
    pub allow_private_network: Option<String>,
    /// Chrome or Chromium: a program, or ws:// of one that runs.
    #[arg(long, value_name = "PATH", env = "CHROME")]
    pub chrome: Option<String>,
    /// No browser: judge the received markup alone.
    #[arg(long = "static", env = "CONSENTRY_STATIC", value_parser = BoolishValueParser::new())]
    pub markup_only: bool,
}

/// How it is judged.
#[derive(Debug, Args)]
#[command(next_help_heading = "How it is judged")]
pub struct JudgedArgs {
    /// A folder of rules of your own, over the built-in ones.
    #[arg(long, value_name = "DIR", env = "CONSENTRY_RULES")]
    pub rules: Option<PathBuf>,
    /// Packs of law to judge by [default: eu,fr].
    #[arg(
        long,
        value_name = "PACK",
        value_delimiter = ',',
        env = "CONSENTRY_JURISDICTION"
    )]
    pub jurisdiction: Vec<String>,
    /// Only these rules, by id or code.
    #[arg(
        long,
        value_name = "RULE",
        value_delimiter = ',',
        env = "CONSENTRY_ONLY"
    )]
    pub only: Vec<String>,
    /// Not these rules, by id or code.
    #[arg(
        long,
        value_name = "RULE",
        value_delimiter = ',',
        env = "CONSENTRY_DISABLE"
    )]
    pub disable: Vec<String>,
    /// The product that leads are bought for: its questions must be asked. The configuration declares it.
    #[arg(long, value_name = "NAME", env = "CONSENTRY_PRODUCT")]
    pub product: Option<String>,
    /// A company that buys the leads, with its registration number where it has one; may be repeated, or
    /// several between semicolons.
    #[arg(
        long,
        value_name = "NAME=NUMBER",
        value_delimiter = ';',
        env = "CONSENTRY_BUYER"
    )]
    pub buyer: Vec<String>,
    /// How prospects will be reached: email, sms, phone, post.
    #[arg(
        long,
        value_name = "CHANNEL",
        value_delimiter = ',',
        env = "CONSENTRY_CHANNELS"
    )]
    pub channels: Vec<String>,
    /// Who will be reached: consumer or business [default: consumer].
    #[arg(long, value_name = "AUDIENCE", env = "CONSENTRY_AUDIENCE")]
    pub audience: Option<String>,
    /// Judge by the law of this day [default: the day of the capture].
    #[arg(long, value_name = "YYYY-MM-DD", env = "CONSENTRY_AS_OF")]
    pub as_of: Option<String>,
    /// An answer to an open question of law, such as partners-as-category=enough.
    #[arg(
        long,
        value_name = "QUESTION=ANSWER",
        value_delimiter = ',',
        env = "CONSENTRY_LAW"
    )]
    pub law: Vec<String>,
}

/// What comes out.
#[derive(Debug, Args)]
#[command(next_help_heading = "What comes out")]
pub struct OutputArgs {
    /// Report formats; html and json are always written.
    #[arg(
        long,
        value_name = "FORMAT",
        value_delimiter = ',',
        value_enum,
        env = "CONSENTRY_FORMAT"
    )]
    pub format: Vec<Format>,
    /// Language of the report [default: from the locale].
    #[arg(long, value_name = "LANG", value_enum, env = "CONSENTRY_LANG")]
    pub lang: Option<Language>,
    /// Least severity that makes the exit code 1 [default: major].
    #[arg(long, value_name = "SEVERITY", value_enum, env = "CONSENTRY_FAIL_ON")]
    pub fail_on: Option<FailOn>,
    /// Exit with 1 where something could not be told.
    #[arg(long, env = "CONSENTRY_FAIL_ON_CANT_TELL", value_parser = BoolishValueParser::new())]
    pub fail_on_cant_tell: bool,
    /// Print the report as JSON on standard output.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub talk: TalkArgs,
}

/// How much is said.
#[derive(Debug, Args)]
pub struct TalkArgs {
    /// Print errors only.
    #[arg(short, long)]
    pub quiet: bool,
    /// Say more; twice for everything.
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// No progress bars.
    #[arg(long)]
    pub no_progress: bool,
}

#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// One line for each rule.
    List {
        /// A folder of rules of your own, over the built-in ones.
        #[arg(long, value_name = "DIR", env = "CONSENTRY_RULES")]
        rules: Option<PathBuf>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
        /// Language of titles [default: from the locale].
        #[arg(long, value_name = "LANG", value_enum)]
        lang: Option<Language>,
    },
    /// What a rule asks, why, and the law it bears on.
    Explain {
        /// The rule's id, such as consent-unticked, or its code, such as HOW-02.
        id: String,
        /// A folder of rules of your own, over the built-in ones.
        #[arg(long, value_name = "DIR", env = "CONSENTRY_RULES")]
        rules: Option<PathBuf>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
        /// Language [default: from the locale].
        #[arg(long, value_name = "LANG", value_enum)]
        lang: Option<Language>,
    },
    /// Write a reference page for each rule into a folder, and an index.
    Pages {
        /// The folder; pages of rules that are gone are removed from it.
        folder: PathBuf,
    },
    /// Run the examples that rule files carry, and the samples of lexicons.
    Test {
        /// A rules folder of your own [default: the built-in rules].
        folder: Option<PathBuf>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Chrome or Chromium to check.
    #[arg(long, value_name = "PATH", env = "CHROME")]
    pub chrome: Option<String>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct InitArgs {
    /// Replace an existing consentry.toml.
    #[arg(long)]
    pub overwrite: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Profile {
    Desktop,
    Mobile,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CookieBanner {
    Refuse,
    Accept,
    Leave,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Html,
    Json,
    Csv,
    Junit,
    Markdown,
    /// A file to hand over; Chrome prints it.
    Pdf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    En,
    Fr,
}

impl Language {
    pub fn tag(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::Fr => "fr",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    Blocker,
    Major,
    Minor,
    Never,
}
