//! A visit with Chrome: the page as it was received, at `load`, settled, scrolled through; then, where it
//! has a form, what using it shows.
//!
//! `opening` takes and stores moments, `explain` says what a page that is none is. A page may be opened
//! several times, each time in a context of its own.

mod explain;
mod opening;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::artifact::{
    CaptureRecord, Dom, Gap, Moment, PageRecord, PageStatus, VisitKind, VisitRecord,
};
use crate::browser::{Browser, Keeper, LoadState, NavigateError, Session, SessionSettings};
use crate::gate::{Gate, Policy};
use crate::lexicon::{Entities, Lexicons};

use super::{Folder, Plain, Visit, now};
use explain::{explain, kept_away, not_a_page};
use opening::{Opening, Take, since};

/// Looks at pages with Chrome.
pub struct Rendered<'a> {
    pub keeper: Arc<Keeper>,
    /// Reads the files that Chrome would download.
    pub plain: Plain,
    pub folder: Folder,
    pub policy: Policy,
    /// How pages are shown, the profile that is looked with first at the head.
    pub profiles: Vec<Profile>,
    /// For one page.
    pub timeout: Duration,
    /// What words mean, to use forms as a visitor would.
    pub lexicons: &'a Lexicons,
    pub entities: &'a Entities,
}

/// A device to look with.
#[derive(Debug, Clone)]
pub struct Profile {
    pub name: String,
    pub session: SessionSettings,
}

/// How one attempt ended.
enum Attempt {
    Done(Box<PageRecord>),
    /// Chrome hung, crashed or is gone.
    Broken(PageStatus, String),
}

/// A page that could not be examined.
type Stopped = (PageStatus, String);

impl Rendered<'_> {
    /// Carries out one visit; a legal page that is a PDF is fetched once more and read as text.
    ///
    /// # Errors
    /// Where the output folder cannot be written.
    pub async fn visit(&self, visit: &Visit) -> std::io::Result<PageRecord> {
        let seen = self.open(visit).await?;
        if seen.status != PageStatus::NotHtml || !visit.role.is_legal() {
            return Ok(seen);
        }
        Ok(self.plain.pdf(visit).await?.unwrap_or(seen))
    }

    /// Opens the page; a hang or a crash restarts Chrome and tries once more.
    async fn open(&self, visit: &Visit) -> std::io::Result<PageRecord> {
        let mut last = None;
        for _ in 0..2 {
            let browser = match self.keeper.browser().await {
                Ok(browser) => browser,
                Err(e) => return Ok(visit.record(PageStatus::Crashed, Some(e.to_string()))),
            };
            match self.attempt(visit, &browser).await? {
                Attempt::Done(record) => return Ok(*record),
                Attempt::Broken(status, why) => {
                    self.keeper.discard(&browser).await;
                    last = Some((status, why));
                }
            }
        }
        let (status, why) = last.unwrap_or((PageStatus::Crashed, String::new()));
        Ok(visit.record(status, Some(format!("{why}; tried twice"))))
    }

    async fn attempt(&self, visit: &Visit, browser: &Browser) -> std::io::Result<Attempt> {
        let Some(profile) = self.profiles.first() else {
            return Ok(Attempt::Broken(
                PageStatus::Crashed,
                "no profile".to_string(),
            ));
        };
        let record = VisitRecord {
            visit: 1,
            profile: profile.name.clone(),
            kind: VisitKind::Look,
            user_agent: profile.session.user_agent.clone(),
            referrer: profile.session.referrer.clone(),
            began_at: now(),
            ..VisitRecord::default()
        };
        let began = Instant::now();
        let mut opening = match self.begin(visit, browser, profile, record).await? {
            Ok(opening) => opening,
            Err(why) => return Ok(Attempt::Broken(PageStatus::Crashed, why)),
        };
        opening.timings.context = since(began);
        // Looking has a deadline. What was seen is kept: bodies and the second look have limits of
        // their own.
        let looked = match tokio::time::timeout(self.timeout, look(&mut opening)).await {
            Err(_) => Ok(Err((PageStatus::TimedOut, self.not_finished()))),
            Ok(looked) => looked,
        };
        let hangs = matches!(looked, Ok(Err((PageStatus::TimedOut, _))));
        let gone = browser.is_gone() || (hangs && !browser.answers().await);
        match looked? {
            Ok(()) => {
                let storing = Instant::now();
                opening.store_network().await?;
                opening.timings.bodies = since(storing);
                let (mut record, rest) = self.finish(opening, PageStatus::Examined, None).await;
                record.captures = rest.captures;
                record.visits.push(rest.record);
                self.picture_load_where_needed(visit, &mut record).await?;
                Ok(Attempt::Done(Box::new(record)))
            }
            Err((PageStatus::Crashed, why)) => {
                opening.session.close().await;
                Ok(Attempt::Broken(PageStatus::Crashed, why))
            }
            Err((_, why)) if gone => {
                opening.session.close().await;
                Ok(Attempt::Broken(PageStatus::Crashed, why))
            }
            Err((status, why)) => {
                let (record, _) = self.finish(opening, status, Some(why)).await;
                Ok(Attempt::Done(Box::new(record)))
            }
        }
    }

    /// Opens a context for the page. The inner error is a Chrome that does not give one.
    async fn begin<'v>(
        &'v self,
        visit: &'v Visit,
        browser: &Browser,
        profile: &Profile,
        record: VisitRecord,
    ) -> std::io::Result<Result<Opening<'v>, String>> {
        let gate = Arc::new(Gate::open(self.policy.clone()).await?);
        let session = Session::open(browser, gate.clone(), profile.session.clone()).await;
        let until = Instant::now() + self.timeout;
        Ok(match session {
            Ok(session) => Ok(Opening::new(self, visit, session, gate, record, until)),
            Err(e) => Err(e.to_string()),
        })
    }

    fn not_finished(&self) -> String {
        format!(
            "the page did not finish within {} s",
            self.timeout.as_secs()
        )
    }

    /// Ends an opening: what the log and the gate know goes into the page's record.
    async fn finish(
        &self,
        mut opening: Opening<'_>,
        status: PageStatus,
        detail: Option<String>,
    ) -> (PageRecord, Ended) {
        let mut record = opening.visit.record(status, detail);
        let address = opening.session.address().await;
        {
            let log = opening.session.log();
            if let Some(main) = &log.main_response {
                record.http_status = Some(main.status).filter(|status| *status > 0);
                record.content_type = main.content_type.clone();
                record.final_url = address
                    .filter(|url| url.starts_with("http"))
                    .or(Some(main.url.clone()));
            }
            record.redirects = log.redirects.clone();
            record.console = log.console.clone();
            record.gaps = std::mem::take(&mut opening.gaps);
            record.gaps.extend(log.gaps.iter().cloned());
        }
        record.connections = opening.gate.connections();
        record.gaps.extend(kept_away(&opening.gate, &record.url));
        let closing = Instant::now();
        opening.session.close().await;
        opening.timings.close = since(closing);
        record.timings = Some(opening.timings);
        let ended = Ended {
            record: opening.record,
            captures: opening.captures,
        };
        (record, ended)
    }

    /// A control that was on at `load` and is off now is pictured in a second visit.
    async fn picture_load_where_needed(
        &self,
        visit: &Visit,
        record: &mut PageRecord,
    ) -> std::io::Result<()> {
        let read = |moment: Moment| {
            let capture = record.captures.iter().find(|c| c.moment == moment)?;
            let file = capture.dom.as_ref()?;
            crate::artifact::parse_snapshot(&self.folder.read(&file.path).ok()?).ok()
        };
        let (Some(load), Some(settled)) = (read(Moment::Load), read(Moment::Settled)) else {
            return Ok(());
        };
        if !turned_off(&load, &settled) {
            return Ok(());
        }
        match self.look_at_load(visit).await? {
            Some((opened, capture)) => {
                record.captures.push(capture);
                record.visits.push(opened);
            }
            None => record.gaps.push(Gap::new(
                "a picture of the page at load",
                "a control was on then and off later; the page could not be opened again to picture it",
            )),
        }
        Ok(())
    }

    async fn look_at_load(
        &self,
        visit: &Visit,
    ) -> std::io::Result<Option<(VisitRecord, CaptureRecord)>> {
        let (Ok(browser), Some(profile)) = (self.keeper.browser().await, self.profiles.first())
        else {
            return Ok(None);
        };
        let record = VisitRecord {
            visit: 2,
            profile: profile.name.clone(),
            kind: VisitKind::Picture,
            user_agent: profile.session.user_agent.clone(),
            referrer: profile.session.referrer.clone(),
            began_at: now(),
            ..VisitRecord::default()
        };
        let Ok(mut opening) = self.begin(visit, &browser, profile, record).await? else {
            return Ok(None);
        };
        let half = self.timeout / 2;
        let seen = async {
            opening
                .session
                .navigate(visit.url.as_str(), half)
                .await
                .ok()?;
            opening.session.wait_for_load(half).await.ok()?;
            Some(opening.take(Moment::Load, Take::Everything).await)
        };
        let seen = tokio::time::timeout(self.timeout, seen)
            .await
            .ok()
            .flatten();
        let taken = seen.transpose();
        let Opening {
            session,
            mut captures,
            record,
            ..
        } = opening;
        session.close().await;
        taken?;
        Ok(captures.pop().map(|capture| (record, capture)))
    }
}

/// What is left of an opening that has ended.
struct Ended {
    record: VisitRecord,
    captures: Vec<CaptureRecord>,
}

/// Opens the page and stores what it shows untouched. The inner error is a page that could not be examined.
async fn look(opening: &mut Opening<'_>) -> std::io::Result<Result<(), Stopped>> {
    let began = Instant::now();
    let (timeout, url) = (opening.rendered.timeout, opening.visit.url.clone());
    let stopped = |opening: &Opening, e: &NavigateError| {
        explain(e, &opening.session, &opening.gate, opening.visit)
    };
    if let Err(e) = opening.session.navigate(url.as_str(), timeout / 2).await {
        return Ok(Err(stopped(opening, &e)));
    }
    if let Some(no_page) = not_a_page(&opening.session, &opening.gate, opening.visit) {
        opening.timings.navigate = since(began);
        return Ok(Err(no_page));
    }
    if let Err(e) = come_to_rest(opening, began).await? {
        return Ok(Err(stopped(opening, &e)));
    }
    // Scripts may have led to another document meanwhile.
    if let Some(no_page) = not_a_page(&opening.session, &opening.gate, opening.visit) {
        return Ok(Err(no_page));
    }
    opening.take(Moment::Settled, Take::Everything).await?;
    opening.take_markup().await?;
    Ok(Ok(()))
}

/// Waits for `load`, takes the states then, and waits until the page has settled; starts over where the
/// page goes on to another document.
async fn come_to_rest(
    opening: &mut Opening<'_>,
    began: Instant,
) -> std::io::Result<Result<(), NavigateError>> {
    loop {
        let left = (opening.rendered.timeout * 7 / 10).saturating_sub(began.elapsed());
        let state = match opening.session.wait_for_load(left).await {
            Ok(state) => state,
            Err(e) => return Ok(Err(e)),
        };
        opening.timings.navigate = since(began);
        if state == LoadState::ContentOnly {
            opening.session.log().gap(
                "the load event",
                "it did not come; the page was captured as far as it had loaded",
            );
        }
        let document = opening.session.log().documents;
        opening.captures.clear();
        opening.take(Moment::Load, Take::States).await?;
        let settling = Instant::now();
        let settled = opening.session.settle(document).await;
        opening.timings.settle = since(settling);
        match settled {
            Ok(true) => return Ok(Ok(())),
            Ok(false) => {}
            Err(e) => return Ok(Err(e)),
        }
    }
}

/// Whether a control that was on is off now.
fn turned_off(load: &Dom, settled: &Dom) -> bool {
    let later: BTreeMap<i64, Option<bool>> = settled
        .nodes
        .iter()
        .filter(|node| node.selected.is_some() && node.name() == "input")
        .map(|node| (node.backend_id, node.selected))
        .collect();
    load.nodes.iter().any(|node| {
        node.selected == Some(true) && later.get(&node.backend_id) == Some(&Some(false))
    })
}
