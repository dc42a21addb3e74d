//! Decides which pages to open: the given ones, pages likely to hold a collection form, and the legal
//! pages that forms point to; within limits, robots.txt and rates.
//!
//! Decisions are made wave by wave from what the last wave showed. It must not open a page in a
//! browser, nor judge what it holds.

mod candidates;
mod robots;
mod sitemap;
mod triage;

use std::collections::{HashMap, HashSet};
use std::num::NonZeroU32;
use std::time::Duration;

use governor::{DefaultKeyedRateLimiter, Quota};
use url::Url;

use crate::artifact::{FoundBy, LeftOut, PageRecord, PageRole, Told};
use crate::capture::Visit;
use crate::fetch::Fetcher;
use crate::lexicon::Lexicons;
use crate::model::{MOST_LIST_PAGES, PageModel};
use crate::target::{self, Target};

pub use robots::robots_allow;
pub use triage::{Triage, triage};

use candidates::{Candidate, candidates};
use robots::{Robots, Word};

/// Limits of a crawl, each per target unless said otherwise.
#[derive(Debug, Clone)]
pub struct CrawlSettings {
    pub max_pages: u32,
    /// Links from the given page; 0 opens the given page alone.
    pub depth: u32,
    /// Page loads per second and host.
    pub rate: f64,
    pub ignore_robots: bool,
    /// Further hosts that count as the target's own.
    pub also_hosts: Vec<String>,
}

/// The state of a crawl.
pub struct Crawler<'a> {
    settings: CrawlSettings,
    fetcher: Fetcher,
    lexicons: &'a Lexicons,
    robots: Robots,
    rate: DefaultKeyedRateLimiter<String>,
    seen: HashSet<(String, String)>,
    opened: HashMap<String, u32>,
    /// Other sites that a call to action led to, by target: each is entered once.
    entered: HashMap<String, HashSet<String>>,
    homes: HashMap<String, Url>,
    /// Later pages of lists, with their place in them.
    list_pages: HashMap<String, usize>,
    planned: u32,
    /// Pages that were found and not opened.
    left_out: Vec<LeftOut>,
}

/// Why a page stays closed where robots.txt could not be read (RFC 9309, 2.3.1.4).
const ROBOTS_UNKNOWN: &str = "robots-unread";
/// Other sites that calls to action may lead to, per target.
const MOST_OTHER_SITES: usize = 3;
/// Pages that were not opened, as far as they are listed.
const MOST_LEFT_OUT: usize = 200;
/// Pages of a sitemap that are taken up, per target.
const MOST_FROM_SITEMAP: usize = 10;

/// What a finished visit tells the crawl.
pub struct Outcome {
    /// The page's record without what was captured: a wave may hold thousands.
    record: PageRecord,
    /// The links that may be opened; `None` where the page was not examined.
    found: Option<Vec<Candidate>>,
}

impl Outcome {
    pub fn new(record: PageRecord, model: Option<&PageModel>) -> Self {
        let found = model.map(|model| candidates(model, &record));
        let record = PageRecord {
            captures: Vec::new(),
            visits: Vec::new(),
            connections: Vec::new(),
            certificates: Vec::new(),
            console: Vec::new(),
            gaps: Vec::new(),
            ..record
        };
        Outcome { record, found }
    }
}

impl<'a> Crawler<'a> {
    pub fn new(settings: CrawlSettings, fetcher: Fetcher, lexicons: &'a Lexicons) -> Self {
        let period = Duration::from_secs_f64(1.0 / settings.rate.clamp(0.01, 10_000.0));
        let quota = Quota::with_period(period)
            .unwrap_or(Quota::per_second(NonZeroU32::MIN))
            .allow_burst(NonZeroU32::MIN);
        Crawler {
            robots: Robots::new(settings.ignore_robots),
            settings,
            fetcher,
            lexicons,
            rate: DefaultKeyedRateLimiter::keyed(quota),
            seen: HashSet::new(),
            opened: HashMap::new(),
            entered: HashMap::new(),
            homes: HashMap::new(),
            list_pages: HashMap::new(),
            planned: 0,
            left_out: Vec::new(),
        }
    }

    /// Whether it opens more than the given pages.
    pub fn goes_on(&self) -> bool {
        self.settings.depth > 0
    }

    /// The given pages.
    pub async fn first(&mut self, targets: &[Target]) -> Vec<Visit> {
        let mut visits = Vec::new();
        for target in targets {
            self.homes.insert(target.id.clone(), target.url.clone());
            self.seen
                .insert((target.id.clone(), target::page_key(target.url.as_str())));
            *self.opened.entry(target.id.clone()).or_default() += 1;
            let word = self.robots.says(&target.url, &self.fetcher).await;
            let mut visit = self.plan(
                &target.id,
                target.url.clone(),
                PageRole::Collection,
                FoundBy::Given,
                0,
            );
            visit.against_robots = word == Word::Closed;
            visits.push(visit);
        }
        visits
    }

    /// The pages that a wave of finished visits leads to, and those that robots.txt keeps closed.
    pub async fn next(&mut self, wave: &[Outcome]) -> (Vec<Visit>, Vec<(Visit, &'static str)>) {
        let mut open = Vec::new();
        let mut closed = Vec::new();
        if self.settings.depth == 0 {
            return (open, closed);
        }
        // Where a page ended is where it was: its own menu leads there again.
        for outcome in wave {
            let end = outcome.record.final_url.as_deref();
            if let Some(end) = end.and_then(|url| Url::parse(url).ok()) {
                self.seen.insert((
                    outcome.record.target.clone(),
                    target::page_key(end.as_str()),
                ));
            }
        }
        for outcome in wave {
            let Some(mut found) = outcome.found.clone() else {
                continue;
            };
            if outcome.record.depth == 0 {
                found.extend(self.in_sitemap(&outcome.record).await);
            }
            for candidate in found {
                self.consider(candidate, outcome, &mut open, &mut closed)
                    .await;
            }
        }
        (open, closed)
    }

    /// The pages that were found and not opened.
    pub fn into_left_out(self) -> Vec<LeftOut> {
        self.left_out
    }

    fn leave_out(&mut self, target: &str, url: &Url, why: Told) {
        if self.left_out.len() < MOST_LEFT_OUT {
            self.left_out.push(LeftOut {
                target: target.to_string(),
                url: url.to_string(),
                why,
            });
        }
    }

    /// Waits until a host may be asked again.
    pub async fn wait_for(&self, url: &Url) {
        self.rate.until_key_ready(&target::host(url)).await;
    }

    async fn consider(
        &mut self,
        candidate: Candidate,
        outcome: &Outcome,
        open: &mut Vec<Visit>,
        closed: &mut Vec<(Visit, &'static str)>,
    ) {
        let target = outcome.record.target.clone();
        let legal = candidate.found_by == FoundBy::Legal;
        let Some(found_by) = self.admits(&candidate, &outcome.record, &target) else {
            return;
        };
        if !self
            .seen
            .insert((target.clone(), target::page_key(candidate.url.as_str())))
        {
            return;
        }
        let place = self.place_in_list(&outcome.record);
        if place > MOST_LIST_PAGES {
            self.leave_out(&target, &candidate.url, Told::of("list-too-long"));
            return;
        }
        if self.opened.get(&target).copied().unwrap_or_default() >= self.settings.max_pages {
            self.leave_out(&target, &candidate.url, Told::of("max-pages"));
            return;
        }
        let mut visit = self.plan(
            &target,
            candidate.url.clone(),
            candidate.role,
            found_by,
            outcome.record.depth + 1,
        );
        visit.found_on = Some(outcome.record.id.clone());
        visit.found_words = Some(candidate.words).filter(|words| !words.is_empty());
        match self.robots.says(&visit.url, &self.fetcher).await {
            Word::Open => {}
            Word::Closed => {
                closed.push((visit, "robots-closed"));
                return;
            }
            Word::Unknown => {
                closed.push((visit, ROBOTS_UNKNOWN));
                return;
            }
        }
        if !legal && let Some(why) = self.holds_no_form(&visit.url).await {
            self.leave_out(&target, &visit.url, why);
            self.planned -= 1;
            return;
        }
        *self.opened.entry(target).or_default() += 1;
        self.list_pages.insert(visit.page.clone(), place);
        open.push(visit);
    }

    /// The place in its list of a page that this one leads to: 1 unless this one is a page of a list.
    fn place_in_list(&self, from: &PageRecord) -> usize {
        let in_list = from.found_by == FoundBy::Legal && from.role == PageRole::RecipientList;
        let before = self.list_pages.get(&from.id).copied().unwrap_or(1);
        if in_list { before + 1 } else { 1 }
    }

    /// Whether a candidate is in scope, and as what it is opened.
    fn admits(
        &mut self,
        candidate: &Candidate,
        from: &PageRecord,
        target: &str,
    ) -> Option<FoundBy> {
        if candidate.found_by == FoundBy::Legal {
            return Some(FoundBy::Legal);
        }
        let host = target::host(&candidate.url);
        let home = target::host(self.homes.get(target)?);
        let own =
            target::site(&host) == target::site(&home) || self.settings.also_hosts.contains(&host);
        if own {
            return (from.depth < self.settings.depth).then_some(candidate.found_by);
        }
        // A call to action to another site is followed once, and not from there on.
        let from_own = from.found_by != FoundBy::CallToAction;
        let entered = self.entered.entry(target.to_string()).or_default();
        let call = candidate.is_call && from_own && entered.len() < MOST_OTHER_SITES;
        (call && entered.insert(target::site(&host))).then_some(FoundBy::CallToAction)
    }

    fn plan(
        &mut self,
        target: &str,
        url: Url,
        role: PageRole,
        found_by: FoundBy,
        depth: u32,
    ) -> Visit {
        self.planned += 1;
        Visit {
            page: format!("p{}", self.planned),
            number: self.planned,
            target: target.to_string(),
            url,
            role,
            found_by,
            found_on: None,
            found_words: None,
            depth,
            against_robots: false,
        }
    }

    /// Looks at the markup of a page before a browser is spent on it.
    async fn holds_no_form(&self, url: &Url) -> Option<Told> {
        self.wait_for(url).await;
        // What cannot be fetched plainly is for the browser to find out.
        let fetched = self.fetcher.get(url).await.ok()?;
        let answered = (200..300).contains(&fetched.status);
        if !answered || fetched.cut {
            return None;
        }
        match triage(&fetched.body) {
            Triage::Nothing => Some(Told::of("no-form-in-markup")),
            _ => None,
        }
    }

    async fn in_sitemap(&self, record: &PageRecord) -> Vec<Candidate> {
        let Ok(url) = Url::parse(&record.url) else {
            return Vec::new();
        };
        let declared = self.robots.sitemaps(&url);
        let pages = sitemap::pages(&url, declared, &self.fetcher).await;
        let mut found = candidates::from_addresses(pages, self.lexicons);
        found.truncate(MOST_FROM_SITEMAP);
        found
    }
}
