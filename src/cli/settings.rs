//! What was typed, checked and completed: flags over environment over file over defaults. Everything
//! after this sees only validated values.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::Read;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ValueEnum;

use crate::capture::WalkLimits;
use crate::diag::Failure;
use crate::evaluate::{self, Decided};
use crate::finding::{Outcome, Severity};
use crate::gate::{PrivateNetwork, Upstream};
use crate::model::{Audience, Buyer, Channel, Product, Request};
use crate::pipeline::{FaceSettings, JudgeOptions, UserAgent};
use crate::report::{self, Threshold};
use crate::ruleset::{Rule, Ruleset};
use crate::target::{self, Target};

use super::args::{
    FailOn, Format, JudgedArgs, Language, LookArgs, OpenArgs, OutputArgs, TargetArgs,
};
use super::config::{self, Config};
use super::{faces, network};

/// What to open and how to look at it.
#[derive(Debug, Clone)]
pub struct LookSettings {
    pub targets: Vec<Target>,
    pub max_pages: u32,
    pub depth: u32,
    pub also_hosts: Vec<String>,
    pub rate: f64,
    pub ignore_robots: bool,
    pub jobs: usize,
    pub timeout: Duration,
    pub walk: WalkLimits,
    pub faces: FaceSettings,
    pub locale: String,
    pub user_agent: UserAgent,
    pub resolve: HashMap<String, IpAddr>,
    pub proxy: Option<Upstream>,
    pub no_third_parties: bool,
    pub private_network: PrivateNetwork,
    pub chrome: Option<String>,
    pub markup_only: bool,
}

/// What comes out.
#[derive(Debug, Clone)]
pub struct OutputSettings {
    pub language: Language,
    /// What makes the exit code 1.
    pub threshold: Threshold,
    /// Written besides HTML and JSON.
    pub formats: BTreeSet<report::Format>,
    pub json: bool,
}

impl LookSettings {
    /// Checks what to open and how.
    ///
    /// # Errors
    /// What is wrong, and how to write it.
    pub fn new(
        targets: &TargetArgs,
        open: &OpenArgs,
        look: &LookArgs,
        config: &Config,
    ) -> Result<Self, Failure> {
        let rate = open.rate.or(config.open.rate).unwrap_or(2.0);
        if !(rate.is_finite() && rate > 0.0) {
            return Err(Failure::new("--rate must be a number above 0"));
        }
        let max_pages = open.max_pages.or(config.open.max_pages).unwrap_or(25);
        let timeout = open.timeout.or(config.open.timeout).unwrap_or(60);
        let jobs = open.jobs.or(config.open.jobs).unwrap_or_else(cores);
        for (name, value) in [
            ("--max-pages", u64::from(max_pages)),
            ("--timeout", timeout),
            ("--jobs", jobs as u64),
        ] {
            if value == 0 {
                return Err(Failure::new(format!("{name} must be at least 1")));
            }
        }
        let locale = look.locale.clone().or_else(|| config.look.locale.clone());
        let locale = locale.unwrap_or_else(|| "fr-FR".to_string());
        if !is_locale(&locale) {
            return Err(Failure::with_help(
                format!("`{locale}` is not a locale"),
                "write language and region, such as fr-FR or en-GB",
            ));
        }
        let agent = look
            .user_agent
            .as_deref()
            .or(config.look.user_agent.as_deref());
        let mut also_hosts = open.also_host.clone();
        also_hosts.extend(config.open.also_hosts.iter().cloned());
        Ok(LookSettings {
            targets: self::targets(targets)?,
            max_pages,
            depth: open.depth.or(config.open.depth).unwrap_or(2),
            also_hosts: also_hosts
                .iter()
                .map(|host| host.to_ascii_lowercase())
                .collect(),
            rate,
            ignore_robots: open.ignore_robots || config.open.ignore_robots == Some(true),
            jobs: jobs.min(64),
            timeout: Duration::from_secs(timeout),
            walk: WalkLimits {
                steps: open.max_steps.or(config.open.max_steps).unwrap_or(12),
                branches: open.max_branches.or(config.open.max_branches).unwrap_or(2),
            },
            faces: faces::read(look, config)?,
            locale,
            user_agent: match agent {
                None => UserAgent::Compared,
                Some("honest") => UserAgent::Honest,
                Some("plain") => UserAgent::Plain,
                Some(text) => UserAgent::Text(text.to_string()),
            },
            resolve: network::resolve(&look.resolve, &config.look.resolve)?,
            proxy: network::proxy(look.proxy.as_deref(), config.look.proxy.as_deref())?,
            no_third_parties: look.no_third_parties || config.look.no_third_parties == Some(true),
            private_network: network::private_network(
                look.allow_private_network.as_deref(),
                config.look.allow_private_network.as_ref(),
            )?,
            chrome: look.chrome.clone().or_else(|| config.look.chrome.clone()),
            markup_only: look.markup_only || config.look.markup_only == Some(true),
        })
    }
}

impl OutputSettings {
    /// Checks what comes out; `locale` is the environment's (`LANG`, `LC_ALL`).
    ///
    /// # Errors
    /// A value of the configuration file that is none of those allowed.
    pub fn new(args: &OutputArgs, config: &Config, locale: &str) -> Result<Self, Failure> {
        let fail_on = match (args.fail_on, config.output.fail_on.as_deref()) {
            (Some(given), _) => given,
            (None, None | Some("major")) => FailOn::Major,
            (None, Some("blocker")) => FailOn::Blocker,
            (None, Some("minor")) => FailOn::Minor,
            (None, Some("never")) => FailOn::Never,
            (None, Some(other)) => {
                return Err(Failure::new(format!(
                    "fail_on = \"{other}\" in the configuration: it is blocker, major, minor or never"
                )));
            }
        };
        let language = match (args.lang, config.output.lang.as_deref()) {
            (Some(given), _) => given,
            (None, Some("fr")) => Language::Fr,
            (None, Some("en")) => Language::En,
            (None, Some(other)) => {
                return Err(Failure::new(format!(
                    "lang = \"{other}\" in the configuration: it is en or fr"
                )));
            }
            (None, None) => language_of(locale),
        };
        Ok(OutputSettings {
            language,
            threshold: Threshold {
                least: match fail_on {
                    FailOn::Blocker => Some(Severity::Blocker),
                    FailOn::Major => Some(Severity::Major),
                    FailOn::Minor => Some(Severity::Minor),
                    FailOn::Never => None,
                },
                cant_tell: args.fail_on_cant_tell || config.output.fail_on_cant_tell == Some(true),
            },
            formats: if args.format.is_empty() {
                configured_formats(&config.output.format)?
            } else {
                formats(&args.format)
            },
            json: args.json,
        })
    }
}

/// What is written besides HTML and JSON.
pub fn formats(chosen: &[Format]) -> BTreeSet<report::Format> {
    let extra = |format: &Format| match format {
        Format::Html | Format::Json => None,
        Format::Csv => Some(report::Format::Csv),
        Format::Junit => Some(report::Format::Junit),
        Format::Markdown => Some(report::Format::Markdown),
        Format::Pdf => Some(report::Format::Pdf),
    };
    chosen.iter().filter_map(extra).collect()
}

fn configured_formats(names: &[String]) -> Result<BTreeSet<report::Format>, Failure> {
    let read = |name: &String| {
        Format::from_str(name, false).map_err(|_| {
            Failure::new(format!(
                "format = \"{name}\" in the configuration: it is html, json, csv, junit, markdown or pdf"
            ))
        })
    };
    let chosen: Result<Vec<Format>, Failure> = names.iter().map(read).collect();
    Ok(formats(&chosen?))
}

/// Checks how to judge against the rules there are.
///
/// # Errors
/// A rule or pack that does not exist.
pub fn judge_options(
    args: &JudgedArgs,
    config: &Config,
    output: &OutputSettings,
    ruleset: &Ruleset,
) -> Result<JudgeOptions, Failure> {
    let mut jurisdictions = either(&args.jurisdiction, &config.judge.jurisdictions);
    if jurisdictions.is_empty() {
        jurisdictions = vec!["eu".to_string(), "fr".to_string()];
    }
    if let Some(unknown) = jurisdictions
        .iter()
        .find(|j| !ruleset.packs.contains_key(*j))
    {
        let known: Vec<&str> = ruleset.packs.keys().map(String::as_str).collect();
        return Err(Failure::with_help(
            format!("there is no pack `{unknown}`"),
            format!("the packs are {}", known.join(", ")),
        ));
    }
    let mut seen = HashSet::new();
    jurisdictions.retain(|j| seen.insert(j.clone()));
    let rules = |named: Vec<String>| -> Result<BTreeSet<String>, Failure> {
        let ids = named.iter().map(|name| rule_ids(name, ruleset));
        Ok(ids
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .flatten()
            .collect())
    };
    let only = rules(either(&args.only, &config.judge.only))?;
    let disabled = rules(either(&args.disable, &config.judge.disable))?;
    let options = JudgeOptions {
        jurisdictions,
        request: request(args, config, ruleset)?,
        law: law(args, config, ruleset)?,
        language: output.language.tag().to_string(),
        formats: output.formats.clone(),
        only,
        disabled,
        decided: decided(config, ruleset)?,
    };
    something_to_judge(&options, ruleset)?;
    Ok(options)
}

/// Refuses a choice of rules, packs and day that leaves nothing to judge: its reports would say nothing.
fn something_to_judge(options: &JudgeOptions, ruleset: &Ruleset) -> Result<(), Failure> {
    let evaluation = options.evaluation("");
    let chosen: Vec<&Rule> = evaluate::rules(ruleset, &evaluation).collect();
    let packs = options.jurisdictions.join(", ");
    if chosen.is_empty() {
        let bound = |id: &String| {
            let packs = ruleset.rule(id).map(|rule| rule.bindings.keys());
            let packs: Vec<&str> = packs.into_iter().flatten().map(String::as_str).collect();
            format!("{id} is bound to law in {}", packs.join(", "))
        };
        let only: Vec<String> = options.only.iter().map(bound).collect();
        return Err(Failure::with_help(
            format!("no rule is left to judge by in {packs}"),
            match only.is_empty() {
                true => {
                    "choose other packs with --jurisdiction, or disable fewer rules".to_string()
                }
                false => format!(
                    "{}; see --jurisdiction, --only and --disable",
                    only.join("; ")
                ),
            },
        ));
    }
    let day = &evaluation.request.as_of;
    let in_force = |rule: &&Rule| evaluate::in_force(rule, &options.jurisdictions, day);
    // Before the first dated instrument, those without a date were not the law that they are today either.
    let packs_chosen = options.jurisdictions.iter();
    let instruments = packs_chosen
        .filter_map(|pack| ruleset.packs.get(pack))
        .flat_map(|pack| &pack.instruments);
    let first = instruments
        .filter_map(|instrument| instrument.from.as_ref())
        .min();
    let too_early = first.is_some_and(|first| day < first);
    if !day.is_empty() && (too_early || !chosen.iter().any(in_force)) {
        return Err(Failure::with_help(
            format!("none of the chosen rules has law in force in {packs} on {day}"),
            "give a later day with --as-of, or leave it out: the day of the capture counts then",
        ));
    }
    Ok(())
}

/// What a user should know of what the chosen rules and packs leave out.
pub fn left_out(options: &JudgeOptions, ruleset: &Ruleset) -> Vec<String> {
    let chosen = &options.jurisdictions;
    let mut notes = Vec::new();
    for pack in chosen.iter().filter_map(|pack| ruleset.packs.get(pack)) {
        let Some(around) = pack.within.as_ref().filter(|other| !chosen.contains(other)) else {
            continue;
        };
        let bound = |rule: &&Rule| rule.bindings.contains_key(around);
        let judged = |rule: &&Rule| chosen.iter().any(|pack| rule.bindings.contains_key(pack));
        let rules = ruleset.rules.iter();
        let count = rules.filter(|rule| bound(rule) && !judged(rule)).count();
        let own = &pack.jurisdiction;
        notes.push(format!(
            "{own} is judged without {around}, whose law binds there too: {count} rules that only \
             {around} binds are left out (--jurisdiction {around},{own} judges them)"
        ));
    }
    let bound = |id: &&String| {
        let rule = ruleset.rule(id);
        rule.is_some_and(|rule| chosen.iter().any(|pack| rule.bindings.contains_key(pack)))
    };
    for id in options.only.iter().filter(|id| !bound(id)) {
        let packs = chosen.join(", ");
        notes.push(format!(
            "{id} is bound to no law in {packs} and is not judged"
        ));
    }
    notes
}

/// What is said of words of people that concern no finding.
pub fn unused(words: &[Decided]) -> Option<String> {
    let first = words.first()?;
    let more = match words.len() {
        1 => String::new(),
        n => format!(" and {} more", n - 1),
    };
    let kind = match first.answer {
        None => "accept",
        Some(_) => "answer",
    };
    Some(format!(
        "[[{kind}]] of {} for {}{more} concerns no finding: look at rule, url and label, or take it out",
        first.rule, first.url
    ))
}

/// What people said about findings, checked.
fn decided(config: &Config, ruleset: &Ruleset) -> Result<Vec<Decided>, Failure> {
    let accepted = config.accept.iter().map(|entry| (entry, false));
    let answered = config.answer.iter().map(|entry| (entry, true));
    accepted
        .chain(answered)
        .map(|(entry, answers)| {
            let rules = rule_ids(&entry.rule, ruleset)?;
            for (name, value) in [("reason", &entry.reason), ("by", &entry.by)] {
                if value.trim().is_empty() {
                    let problem = format!("{name} of what was said about {} is empty", entry.rule);
                    return Err(Failure::with_help(problem, "say who decided it, and why"));
                }
            }
            let answer = match (answers, entry.answer.as_deref()) {
                (false, None) => None,
                (true, Some("passed")) => Some(Outcome::Passed),
                (true, Some("failed")) => Some(Outcome::Failed),
                _ => {
                    return Err(Failure::with_help(
                        format!("what was said about {} has no fitting `answer`", entry.rule),
                        "[[answer]] has answer = \"passed\" or \"failed\", [[accept]] has none",
                    ));
                }
            };
            let until = day(&entry.until)?;
            let of_rule = |rule: String| Decided {
                rule,
                url: entry.url.clone(),
                label: entry.label.clone(),
                answer,
                reason: entry.reason.clone(),
                by: entry.by.clone(),
                until: until.clone(),
            };
            Ok(rules.into_iter().map(of_rule).collect::<Vec<_>>())
        })
        .collect::<Result<Vec<_>, _>>()
        .map(|words| words.into_iter().flatten().collect())
}

/// What was typed, where something was, else what the file says.
fn either(given: &[String], file: &[String]) -> Vec<String> {
    let chosen = if given.is_empty() { file } else { given };
    chosen.iter().map(|name| name.trim().to_string()).collect()
}

/// What the leads are for.
fn request(args: &JudgedArgs, config: &Config, ruleset: &Ruleset) -> Result<Request, Failure> {
    let judge = &config.judge;
    let audience = args.audience.as_deref().or(judge.audience.as_deref());
    let as_of = args.as_of.as_deref().or(judge.as_of.as_deref());
    let product = args.product.as_deref().or(judge.product.as_deref());
    let channels = either(&args.channels, &judge.channels);
    let buyers = either(&args.buyer, &judge.buyers);
    Ok(Request {
        audience: match audience {
            None | Some("consumer") => Audience::Consumer,
            Some("business") => Audience::Business,
            Some(other) => return Err(unknown("audience", other, &["consumer", "business"])),
        },
        channels: channels
            .iter()
            .map(|name| channel(name))
            .collect::<Result<_, _>>()?,
        buyers: buyers
            .iter()
            .map(|text| buyer(text, ruleset))
            .collect::<Result<_, _>>()?,
        product: product
            .map(|name| self::product(name, config, ruleset))
            .transpose()?,
        as_of: as_of.map(day).transpose()?.unwrap_or_default(),
    })
}

fn unknown(what: &str, given: &str, known: &[&str]) -> Failure {
    Failure::with_help(
        format!("there is no {what} `{given}`"),
        match known {
            [] => format!("there is no {what} at all yet"),
            known => format!("there are {}", known.join(", ")),
        },
    )
}

fn channel(name: &str) -> Result<Channel, Failure> {
    match name {
        "email" => Ok(Channel::Email),
        "sms" => Ok(Channel::Sms),
        "phone" => Ok(Channel::Phone),
        "post" => Ok(Channel::Post),
        other => Err(unknown(
            "channel",
            other,
            &["email", "sms", "phone", "post"],
        )),
    }
}

fn buyer(text: &str, ruleset: &Ruleset) -> Result<Buyer, Failure> {
    let buyer = Buyer::parse(text);
    let number = buyer.registration.as_deref().unwrap_or_default();
    if ruleset.entities.number_holds(&buyer.name, number) == Some(false) {
        return Err(Failure::with_help(
            format!("the number of the buyer `{text}` cannot be: its check digits do not fit"),
            "look it up in the register, or leave it out",
        ));
    }
    if buyer.name.is_empty() {
        return Err(Failure::with_help(
            format!("the buyer `{text}` has no name"),
            "write it like --buyer \"Nord Habitat SAS=123456782\", the number where there is one",
        ));
    }
    Ok(buyer)
}

/// A day of the calendar.
fn day(text: &str) -> Result<String, Failure> {
    let written = time::macros::format_description!("[year]-[month]-[day]");
    let is_day = time::Date::parse(text, written).is_ok();
    is_day.then(|| text.to_string()).ok_or_else(|| {
        Failure::with_help(format!("`{text}` is not a day"), "write it like 2026-08-11")
    })
}

/// A product that the configuration declares, its questions with their words.
fn product(name: &str, config: &Config, ruleset: &Ruleset) -> Result<Product, Failure> {
    let Some(declared) = config.product.get(name) else {
        let known: Vec<&str> = config.product.keys().map(String::as_str).collect();
        let mut failure = unknown("product", name, &known);
        if known.is_empty() {
            failure = Failure::with_help(
                format!("there is no product `{name}`"),
                format!("declare it in consentry.toml: [product.{name}] questions = [\"owner\"]"),
            );
        }
        return Err(failure);
    };
    if declared.questions.is_empty() {
        return Err(Failure::with_help(
            format!("the product `{name}` has no questions"),
            format!("list them in consentry.toml: [product.{name}] questions = [\"owner\"]"),
        ));
    }
    let listed = |id: &&String| declared.questions.contains(id);
    if let Some(stray) = declared.words.keys().find(|id| !listed(id)) {
        return Err(Failure::new(format!(
            "[product.{name}.words.{stray}]: `{stray}` is none of the product's questions"
        )));
    }
    let none = BTreeMap::new();
    let questions = declared.questions.iter().map(|id| {
        let own = declared.words.get(id).unwrap_or(&none);
        ruleset
            .question(id, own)
            .map_err(|problem| Failure::new(format!("[product.{name}]: {problem}")))
    });
    Ok(Product {
        name: name.to_string(),
        questions: questions.collect::<Result<_, _>>()?,
    })
}

/// The user's answers to open questions of law; the file's, with those of the command line over them.
fn law(
    args: &JudgedArgs,
    config: &Config,
    ruleset: &Ruleset,
) -> Result<BTreeMap<String, String>, Failure> {
    let mut chosen = config.judge.law.clone();
    for text in &args.law {
        let (setting, value) = text.split_once('=').ok_or_else(|| {
            Failure::with_help(
                format!("`{text}` answers no question of law"),
                "write it like --law partners-as-category=enough",
            )
        })?;
        chosen.insert(setting.trim().to_string(), value.trim().to_string());
    }
    let settings: Vec<_> = ruleset.packs.values().flat_map(|p| &p.settings).collect();
    for (id, value) in &chosen {
        let Some(setting) = settings.iter().find(|setting| setting.id == *id) else {
            let known: Vec<&str> = settings.iter().map(|s| s.id.as_str()).collect();
            return Err(unknown("question of law", id, &known));
        };
        if !setting.value.iter().any(|known| known.id == *value) {
            let known: Vec<&str> = setting.value.iter().map(|v| v.id.as_str()).collect();
            return Err(unknown(&format!("answer to {id}"), value, &known));
        }
    }
    Ok(chosen)
}

/// The rules that an id or a code names; one that names none is refused with the nearest id that exists.
///
/// # Errors
/// Where there is no such rule.
pub fn rule_ids(id: &str, ruleset: &Ruleset) -> Result<Vec<String>, Failure> {
    if ruleset.rule(id).is_some() {
        return Ok(vec![id.to_string()]);
    }
    let of_code = ruleset
        .rules
        .iter()
        .filter(|rule| rule.code.eq_ignore_ascii_case(id));
    let of_code: Vec<String> = of_code.map(|rule| rule.id.clone()).collect();
    if !of_code.is_empty() {
        return Ok(of_code);
    }
    let likeness = |other: &str| strsim::jaro_winkler(id, other);
    let nearest = ruleset
        .rules
        .iter()
        .map(|rule| rule.id.as_str())
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
        .filter(|other| likeness(other) > 0.75);
    let help = match nearest {
        Some(nearest) => format!("did you mean {nearest}? `consentry rules list` shows all"),
        None => "`consentry rules list` shows all".to_string(),
    };
    Err(Failure::with_help(format!("there is no rule `{id}`"), help))
}

/// `fr` for a French locale, else `en`.
pub fn language_of(locale: &str) -> Language {
    if locale.to_ascii_lowercase().starts_with("fr") {
        Language::Fr
    } else {
        Language::En
    }
}

fn targets(args: &TargetArgs) -> Result<Vec<Target>, Failure> {
    let mut lines: Vec<(String, String)> = args
        .urls
        .iter()
        .map(|url| (url.clone(), String::new()))
        .collect();
    if let Some(list) = &args.list {
        let text = read_list(list)?;
        for (at, line) in text.lines().enumerate() {
            let line = line.trim().trim_start_matches('\u{feff}');
            if !line.is_empty() && !line.starts_with('#') {
                let place = format!("{}:{}: ", list.display(), at + 1);
                lines.push((line.to_string(), place));
            }
        }
        if lines.is_empty() {
            let name = list.display();
            return Err(Failure::with_help(
                format!("the list {name} holds no address"),
                "write one URL a line; lines that start with # are left out",
            ));
        }
    }
    if lines.is_empty() {
        return Err(Failure::with_help(
            "nothing to scan",
            "give one or more URLs, or --list FILE with one URL a line",
        ));
    }
    let mut targets: Vec<Target> = Vec::new();
    for (text, place) in lines {
        let url = target::parse_url(&text).map_err(|e| Failure::new(format!("{place}{e}")))?;
        if targets.iter().any(|known| known.url == url) {
            continue;
        }
        targets.push(Target {
            id: format!("t{}", targets.len() + 1),
            url,
            vendor: None,
        });
    }
    Ok(targets)
}

fn read_list(list: &Path) -> Result<String, Failure> {
    let read = if list.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(list)
    };
    let bytes = read.map_err(|e| {
        Failure::with_help(
            format!("the list {} cannot be read: {e}", list.display()),
            "check the path given with --list; - reads standard input",
        )
    })?;
    String::from_utf8(bytes).map_err(|_| {
        Failure::with_help(
            format!("the list {} is not text in UTF-8", list.display()),
            "save it as UTF-8, one URL a line",
        )
    })
}

fn is_locale(text: &str) -> bool {
    let mut parts = text.split(['-', '_']);
    let language = parts.next().unwrap_or_default();
    (2..=3).contains(&language.len())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        && parts.all(|part| !part.is_empty())
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get)
}

/// Reads the configuration that a command was pointed at.
///
/// # Errors
/// As [`config::load`].
pub fn load_config(given: Option<&PathBuf>) -> Result<Config, Failure> {
    config::load(given.map(PathBuf::as_path))
}
