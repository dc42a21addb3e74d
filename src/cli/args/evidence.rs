//! What was typed about packs of evidence, their store and their keys.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{JudgedArgs, OutputArgs};

/// What `verify` ends with.
pub const VERIFY_CODES: &str = "Exit codes: 0 everything holds; 1 something does not; 2 the pack cannot be read; \
                            3 something cannot be told, for example who sealed an unsigned pack.";

#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Packs: the `evidence.wacz` of scans.
    #[arg(value_name = "PACK", required_unless_present = "store")]
    pub packs: Vec<PathBuf>,
    /// The store whose chain names the packs; without packs, the chain and every pack of the store are checked.
    /// A pack that lies in a store finds its chain itself.
    #[arg(long, value_name = "DIR")]
    pub store: Option<PathBuf>,
    /// The full pack, to compare a copy with from which parts were removed.
    #[arg(long, value_name = "PACK")]
    pub full: Option<PathBuf>,
    /// Certificates of time-stamp authorities that you trust, in PEM. Without them, whose time stamps they are
    /// cannot be told.
    #[arg(long, value_name = "FILE", env = "CONSENTRY_ROOTS")]
    pub roots: Option<PathBuf>,
    /// Print what was found as JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub enum EvidenceCommand {
    /// Ask time-stamp authorities (RFC 3161) about packs, and keep the answers beside them.
    Timestamp(TimestampArgs),
    /// Finish a scan whose process was killed: judge and seal what it had captured. Opens no page.
    Recover(Box<RecoverArgs>),
    /// Put a pack of a store under legal hold: it is never deleted.
    Hold(HoldArgs),
    /// Lift a legal hold. A pack that is held twice is free when both holds are lifted.
    Release(HoldArgs),
    /// Write a copy of a pack without chosen parts, to hand over; without --remove, print the parts.
    Redact(RedactArgs),
    /// Delete packs of a store that were sealed longer ago; the chain says so first.
    Prune(PruneArgs),
}

#[derive(Debug, Args)]
pub struct RecoverArgs {
    /// Folder of the scan.
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Configuration file [default: consentry.toml where there is one].
    #[arg(short, long, value_name = "FILE", env = "CONSENTRY_CONFIG")]
    pub config: Option<PathBuf>,
    #[command(flatten)]
    pub judged: JudgedArgs,
    #[command(flatten)]
    pub seal: SealArgs,
    /// Allow a time-stamp authority at a loopback or private address, or only in the given networks.
    #[arg(long, value_name = "NET,...", num_args = 0..=1, require_equals = true,
        default_missing_value = "", env = "CONSENTRY_ALLOW_PRIVATE_NETWORK")]
    pub allow_private_network: Option<String>,
    /// Chrome or Chromium for --format pdf: a program, or ws:// of one that runs.
    #[arg(long, value_name = "PATH", env = "CHROME")]
    pub chrome: Option<String>,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// The store that a command is about.
#[derive(Debug, Args)]
pub struct StoreArgs {
    /// The store [default: that of the configuration].
    #[arg(long, value_name = "DIR", env = "CONSENTRY_STORE")]
    pub store: Option<PathBuf>,
    /// Configuration file [default: consentry.toml where there is one].
    #[arg(short, long, value_name = "FILE", env = "CONSENTRY_CONFIG")]
    pub config: Option<PathBuf>,
    /// Key that signs the links of the chain, and a copy. Its passphrase is read from CONSENTRY_KEY_PASSPHRASE.
    #[arg(long, value_name = "FILE", env = "CONSENTRY_KEY")]
    pub key: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct HoldArgs {
    /// The pack, or its SHA-256.
    #[arg(value_name = "PACK|SHA256")]
    pub pack: String,
    /// Why; it stands in the chain.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Who decided it; it stands in the chain.
    #[arg(long, value_name = "NAME")]
    pub by: String,
    #[command(flatten)]
    pub store: StoreArgs,
}

#[derive(Debug, Args)]
pub struct RedactArgs {
    /// The pack: the `evidence.wacz` of a scan. It stays as it is.
    #[arg(value_name = "PACK")]
    pub pack: PathBuf,
    /// Where to write the copy.
    #[arg(long, value_name = "COPY", requires = "remove")]
    pub out: Option<PathBuf>,
    /// Parts to remove: files by their path (`report/*`), records of the archive by their address or
    /// `urn:consentry:file:<path>`; * stands for anything.
    #[arg(long, value_name = "PATTERN", num_args = 1.., requires = "out", conflicts_with = "list")]
    pub remove: Vec<String>,
    /// Print the parts that can be removed.
    #[arg(long)]
    pub list: bool,
    /// Why; it stands in the copy.
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Who decided it; it stands in the copy.
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// Print the parts, or what was removed, as JSON.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub store: StoreArgs,
}

#[derive(Debug, Args)]
pub struct PruneArgs {
    /// Delete what was sealed longer ago than this: 3y, 36m or 90d [default: `keep` of the configuration].
    #[arg(long, value_name = "PERIOD")]
    pub older_than: Option<String>,
    /// Say what would be deleted, and delete nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Why; it stands in the chain.
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Print what became of each pack as JSON.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub store: StoreArgs,
}

#[derive(Debug, Args)]
pub struct TimestampArgs {
    /// Packs: the `evidence.wacz` of scans.
    #[arg(required = true, value_name = "PACK")]
    pub packs: Vec<PathBuf>,
    /// Address of an authority; several with several --authority.
    #[arg(
        long,
        required = true,
        value_name = "URL",
        env = "CONSENTRY_TIMESTAMP",
        value_delimiter = ','
    )]
    pub authority: Vec<url::Url>,
    /// Allow an authority at a loopback or private address, or only in the given networks.
    #[arg(long, value_name = "NET,...", num_args = 0..=1, require_equals = true,
        default_missing_value = "", env = "CONSENTRY_ALLOW_PRIVATE_NETWORK")]
    pub allow_private_network: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make a signing key (ECDSA P-256, PKCS#8). Its passphrase is read from CONSENTRY_KEY_PASSPHRASE.
    New {
        /// Where to write it.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Show the public key and its fingerprint.
    Show {
        /// The key.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

/// How packs are sealed.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Evidence")]
pub struct SealArgs {
    /// Key that signs the pack, of `consentry key new` or openssl. Its passphrase is read from
    /// CONSENTRY_KEY_PASSPHRASE.
    #[arg(long, value_name = "FILE", env = "CONSENTRY_KEY")]
    pub key: Option<PathBuf>,
    /// Time-stamp authority (RFC 3161) that is asked about the pack; several with several --timestamp. Where
    /// none answers, `consentry evidence timestamp` asks again later.
    #[arg(
        long,
        value_name = "URL",
        env = "CONSENTRY_TIMESTAMP",
        value_delimiter = ','
    )]
    pub timestamp: Vec<url::Url>,
    /// Keep the pack in this store too, with a link in its chain.
    #[arg(long, value_name = "DIR", env = "CONSENTRY_STORE")]
    pub store: Option<PathBuf>,
}
