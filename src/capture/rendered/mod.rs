//! A visit with Chrome: the page as it was received, at `load`, settled, scrolled through; then, where it
//! has a form, what using it shows; then, where there is reason to, the page opened again in another way.
//!
//! `opening` takes and stores moments, `walk` uses forms, `refusal` takes the ways that are said to go on
//! without consent, `explain` says what a page that is none is. Each opening has a context of its own.

mod explain;
mod opening;
mod places;
mod refusal;
mod walk;

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::artifact::{
    Act, ActKind, Banner, CaptureRecord, Dom, Gap, Moment, PageRecord, PageRole, PageStatus, Told,
    VisitKind, VisitRecord,
};
use crate::browser::{Browser, Keeper, LoadState, NavigateError, Session, SessionSettings};
use crate::gate::{Gate, Policy};
use crate::identity::Identities;
use crate::lexicon::{Entities, Lexicons};
use crate::target;

use super::{Folder, Plain, Visit, now};
use explain::{explain, kept_away, not_a_page, told};
use opening::{Opening, Take, since};
pub use places::Places;
use refusal::Way;
pub use walk::WalkLimits;

/// Looks at pages with Chrome.
pub struct Rendered<'a> {
    pub keeper: Arc<Keeper>,
    /// How many pages are worked on at once.
    pub places: Places,
    /// Reads the files that Chrome would download.
    pub plain: Plain,
    pub folder: Folder,
    pub policy: Policy,
    /// How pages are shown, the profile that is looked with first at the head.
    pub profiles: Vec<Profile>,
    /// Openings with each profile.
    pub visits: u32,
    /// Chrome's plain user agent for each profile, where pages are shown another one and shall be compared.
    pub plain_agents: Vec<String>,
    pub banners: Banners,
    pub limits: WalkLimits,
    /// For one opening of a page.
    pub timeout: Duration,
    /// What words mean, and whose answers are given, to use forms as a visitor would.
    pub lexicons: &'a Lexicons,
    pub entities: &'a Entities,
    pub identities: &'a Identities,
}

/// A device to look with.
#[derive(Debug, Clone)]
pub struct Profile {
    pub name: String,
    pub session: SessionSettings,
}

/// What is done with a cookie banner.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Banners {
    #[default]
    Refuse,
    Accept,
    Leave,
}

impl Banners {
    pub fn as_str(self) -> &'static str {
        match self {
            Banners::Refuse => "refuse",
            Banners::Accept => "accept",
            Banners::Leave => "leave",
        }
    }
}

/// How one attempt ended.
enum Attempt {
    Done(Box<PageRecord>, Found),
    /// Chrome hung, crashed or is gone.
    Broken(PageStatus, Told),
}

/// A page that could not be examined.
type Stopped = (PageStatus, Told);

/// What the first opening found that others shall look at.
#[derive(Default)]
struct Found {
    /// It has a form that is worth using.
    form: bool,
    /// A choice on the way had other answers.
    ways: bool,
    refusals: Vec<Way>,
    /// A control was on at `load` and off later.
    turned_off: bool,
}

/// A page of more nodes than this is not open beside others that only wait.
const LARGE: usize = 5_000;
/// After a banner was answered the page is waited for like this.
const AFTER_BANNER: (Duration, Duration) = (Duration::from_millis(300), Duration::from_secs(4));
/// After scrolling, pictures and frames that load late are waited for like this.
const AFTER_SCROLL: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(4));

impl<'a> Rendered<'a> {
    /// Carries out one visit; a legal page that is a PDF is fetched once more and read as text.
    ///
    /// # Errors
    /// Where the output folder cannot be written.
    pub async fn visit(&self, visit: &Visit) -> std::io::Result<PageRecord> {
        let (mut record, found) = self.open(visit).await?;
        if record.status == PageStatus::NotHtml && visit.role.is_legal() {
            return Ok(self.plain.pdf(visit).await?.unwrap_or(record));
        }
        if record.status == PageStatus::Examined {
            if found.turned_off {
                self.picture_load(visit, &mut record).await?;
            }
            if found.form {
                self.open_again(visit, &mut record, &found).await?;
            }
        }
        Ok(record)
    }

    /// Opens the page; a hang or a crash restarts Chrome and tries once more.
    async fn open(&self, visit: &Visit) -> std::io::Result<(PageRecord, Found)> {
        let mut last = None;
        for _ in 0..2 {
            let browser = match self.keeper.browser().await {
                Ok(browser) => browser,
                Err(e) => {
                    let record = visit.record(PageStatus::Crashed, Some(e.to_string().into()));
                    return Ok((record, Found::default()));
                }
            };
            match self.attempt(visit, &browser).await? {
                Attempt::Done(record, found) => return Ok((*record, found)),
                Attempt::Broken(status, why) => {
                    self.keeper.discard(&browser).await;
                    last = Some((status, why));
                }
            }
        }
        let (status, why) = last.unwrap_or((PageStatus::Crashed, Told::from("")));
        let record = visit.record(status, Some(Told::of("tried-twice").with("why", why)));
        Ok((record, Found::default()))
    }

    async fn attempt(&self, visit: &Visit, browser: &Browser) -> std::io::Result<Attempt> {
        let Some(profile) = self.profiles.first() else {
            let why = Told::of("no-profile");
            return Ok(Attempt::Broken(PageStatus::Crashed, why));
        };
        let record = visit_record(profile, 1, VisitKind::Look);
        let mut opening = match self.begin(visit, browser, profile, record).await? {
            Ok(opening) => opening,
            Err(why) => return Ok(Attempt::Broken(PageStatus::Crashed, why)),
        };
        // Looking has a deadline. What was seen is kept: bodies and further looks have limits of their own.
        let looked = match tokio::time::timeout(self.timeout, look(&mut opening)).await {
            Err(_) => Ok(Err((PageStatus::TimedOut, self.not_finished()))),
            Ok(looked) => looked,
        };
        let hangs = matches!(looked, Ok(Err((PageStatus::TimedOut, _))));
        let gone = browser.is_gone() || (hangs && !browser.answers().await);
        match looked? {
            Ok(settled) => {
                opening.store_bodies().await?;
                let turned_off = opening.turned_off;
                let found = use_page(&mut opening, settled, 0).await?;
                let found = Found {
                    turned_off,
                    ..found
                };
                opening.store_network().await?;
                let (mut record, ended) = self.finish(opening, PageStatus::Examined, None).await;
                record.captures = ended.captures;
                record.visits.push(ended.record);
                Ok(Attempt::Done(Box::new(record), found))
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
                Ok(Attempt::Done(Box::new(record), Found::default()))
            }
        }
    }

    /// Opens the page again where there is reason to: other ways through its form, ways without consent,
    /// other devices, other visits, the browser as it would be without us.
    async fn open_again(
        &self,
        visit: &Visit,
        record: &mut PageRecord,
        found: &Found,
    ) -> std::io::Result<()> {
        let Some(first) = self.profiles.first() else {
            return Ok(());
        };
        for way in &found.refusals {
            self.take_way(visit, record, first, way).await?;
        }
        let branches = if found.ways { self.limits.branches } else { 1 };
        for branch in 1..branches {
            self.look_again(visit, record, first, VisitKind::Branch, branch as usize)
                .await?;
        }
        for (at, profile) in self.profiles.iter().enumerate() {
            if at > 0 {
                self.look_again(visit, record, profile, VisitKind::Look, 0)
                    .await?;
            }
            for _ in 1..self.visits {
                self.look_again(visit, record, profile, VisitKind::Again, 0)
                    .await?;
            }
            if let Some(agent) = self.plain_agents.get(at) {
                let mut plain = profile.clone();
                plain.session.user_agent.clone_from(agent);
                self.look_again(visit, record, &plain, VisitKind::PlainAgent, 0)
                    .await?;
            }
        }
        Ok(())
    }

    /// One more opening; one that does not come about is a gap.
    async fn look_again(
        &self,
        visit: &Visit,
        record: &mut PageRecord,
        profile: &Profile,
        kind: VisitKind,
        branch: usize,
    ) -> std::io::Result<()> {
        let number = record.visits.iter().map(|v| v.visit).max().unwrap_or(1) + 1;
        let opened = visit_record(profile, number, kind);
        let mut missed = |why: Told| {
            record.gaps.push(Gap::new(
                Told::of("another-opening")
                    .with("profile", profile.name.as_str())
                    .with("kind", kind.as_str()),
                why,
            ));
        };
        let browser = match self.keeper.browser().await {
            Ok(browser) => browser,
            Err(e) => {
                missed(e.to_string().into());
                return Ok(());
            }
        };
        let mut opening = match self.begin(visit, &browser, profile, opened).await? {
            Ok(opening) => opening,
            Err(why) => {
                missed(why);
                return Ok(());
            }
        };
        let looked = tokio::time::timeout(self.timeout, look(&mut opening)).await;
        match looked.unwrap_or_else(|_| Ok(Err((PageStatus::TimedOut, self.not_finished()))))? {
            Ok(settled) => {
                if matches!(kind, VisitKind::Look | VisitKind::Branch) {
                    use_page(&mut opening, settled, branch).await?;
                }
                let (_, ended) = self.finish(opening, PageStatus::Examined, None).await;
                record.captures.extend(ended.captures);
                record.visits.push(ended.record);
            }
            Err((_, why)) => {
                missed(why);
                opening.session.close().await;
            }
        }
        Ok(())
    }

    /// Opens a context for the page. The inner error is a Chrome that does not give one.
    async fn begin<'v>(
        &'v self,
        visit: &'v Visit,
        browser: &Browser,
        profile: &Profile,
        record: VisitRecord,
    ) -> std::io::Result<Result<Opening<'v>, Told>> {
        let place = self.places.take().await;
        let began = Instant::now();
        let gate = Arc::new(Gate::open(self.policy.clone()).await?);
        let session = Session::open(browser, gate.clone(), profile.session.clone()).await;
        let session = match session {
            Ok(session) => session,
            Err(e) => return Ok(Err(told(&e))),
        };
        let until = Instant::now() + self.timeout;
        let mut opening = Opening::new(self, visit, session, gate, place, record, until);
        opening.timings.context = since(began);
        Ok(Ok(opening))
    }

    fn not_finished(&self) -> Told {
        Told::of("not-finished").number("seconds", self.timeout.as_secs())
    }

    /// Ends an opening: what the log and the gate know goes into the page's record.
    async fn finish(
        &self,
        mut opening: Opening<'_>,
        status: PageStatus,
        detail: Option<Told>,
    ) -> (PageRecord, Ended) {
        let mut record = opening.visit.record(status, detail);
        {
            let log = opening.session.log();
            if let Some(main) = opening.main.clone().or_else(|| log.main_response.clone()) {
                record.http_status = Some(main.status).filter(|status| *status > 0);
                record.content_type = main.content_type.clone();
                record.final_url = opening
                    .address
                    .clone()
                    .filter(|url| url.starts_with("http"))
                    .or(Some(main.url.clone()));
            }
            record.redirects = log.redirects.clone();
            record.console = log.console.clone();
            record.gaps = std::mem::take(&mut opening.gaps);
            record.gaps.extend(log.gaps.iter().cloned());
        }
        opening.record.turned_away = opening.gate.attempts();
        opening.record.sent = std::mem::take(&mut opening.session.traffic().sent);
        record.connections = opening.gate.connections();
        let url = record.final_url.as_deref().unwrap_or(&record.url);
        if let Some(origin) = target::secure_origin(url) {
            record.certificates = opening.session.certificates(&origin).await;
        }
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
    async fn picture_load(&self, visit: &Visit, record: &mut PageRecord) -> std::io::Result<()> {
        match self.look_at_load(visit).await? {
            Some((opened, capture)) => {
                record.captures.push(capture);
                record.visits.push(opened);
            }
            None => record.gaps.push(Gap::new(
                Told::of("picture-at-load"),
                Told::of("not-opened-again"),
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
        let record = visit_record(profile, 2, VisitKind::Picture);
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

fn visit_record(profile: &Profile, number: u32, kind: VisitKind) -> VisitRecord {
    VisitRecord {
        visit: number,
        profile: profile.name.clone(),
        kind,
        user_agent: profile.session.user_agent.clone(),
        referrer: profile.session.referrer.clone(),
        began_at: now(),
        ..VisitRecord::default()
    }
}

/// What is left of an opening that has ended.
struct Ended {
    record: VisitRecord,
    captures: Vec<CaptureRecord>,
}

/// Opens the page and stores what it shows untouched. The inner error is a page that could not be examined,
/// the inner value the settled document where it could be had.
async fn look(opening: &mut Opening<'_>) -> std::io::Result<Result<Option<Dom>, Stopped>> {
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
    opening.looked = Instant::now();
    let settled = opening.take(Moment::Settled, Take::Everything).await?;
    if settled.as_ref().is_some_and(crate::walk::is_wall) {
        return Ok(Err((PageStatus::Blocked, Told::of("bot-wall"))));
    }
    opening.take_markup().await?;
    opening.address = opening.session.address().await;
    opening.main = opening.session.log().main_response.clone();
    Ok(Ok(settled))
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
        opening.loaded = Some(Instant::now());
        if state == LoadState::ContentOnly {
            let mut log = opening.session.log();
            log.gap(Told::of("load-event"), Told::of("load-event-missing"));
        }
        let document = opening.session.log().documents;
        opening.captures.clear();
        let loaded = opening.take(Moment::Load, Take::States).await?;
        if loaded.is_none_or(|dom| dom.nodes.len() > LARGE) {
            opening.place.keep();
        }
        let settling = async {
            let began = Instant::now();
            let settled = opening.session.settle(document).await;
            (settled, since(began))
        };
        let (settled, took) = opening.place.lend(settling).await;
        opening.timings.settle = took;
        match settled {
            Ok(true) => return Ok(Ok(())),
            Ok(false) => {}
            Err(e) => return Ok(Err(e)),
        }
    }
}

/// Answers a cookie banner, scrolls through the page and uses its forms, as far as the time goes. What was
/// captured before is kept whatever happens.
async fn use_page(
    opening: &mut Opening<'_>,
    settled: Option<Dom>,
    branch: usize,
) -> std::io::Result<Found> {
    let seconds = time::OffsetDateTime::now_utc().unix_timestamp();
    opening.record.cookies = opening.session.cookies(seconds as f64).await;
    opening.record.hosts = opening.hosts_asked();
    let used = opening.visit.role == PageRole::Collection && opening.rendered.limits.steps > 0;
    let Some(dom) = settled.filter(|_| used) else {
        return Ok(Found::default());
    };
    let mut before = opening.glance(dom);
    let lexicons = opening.rendered.lexicons;
    let empty = crate::walk::first_screens(&before.dom, &before.model, lexicons).is_empty();
    if empty && let Some(dom) = look_later(opening, &before.dom).await? {
        before = opening.glance(dom);
    }
    let found = Found {
        form: !crate::walk::first_screens(&before.dom, &before.model, lexicons).is_empty(),
        ways: false,
        refusals: refusal::ways(&before),
        turned_off: false,
    };
    if !found.form {
        return Ok(found);
    }
    let left = opening.until.saturating_duration_since(Instant::now());
    let used = tokio::time::timeout(left, use_forms(opening, before, branch)).await;
    let ways = match used {
        Ok(ways) => ways?,
        Err(_) => {
            opening
                .gaps
                .push(Gap::new(Told::of("further-steps"), Told::of("time-up")));
            false
        }
    };
    Ok(Found { ways, ..found })
}

/// A form may come seconds after its page: one that had none is looked at once more, where scripts changed
/// something meanwhile.
async fn look_later(opening: &mut Opening<'_>, seen: &Dom) -> std::io::Result<Option<Dom>> {
    let scripted = seen.named(&["script"]).next().is_some();
    if !scripted || !opening.wait_for_late_scripts().await {
        return Ok(None);
    }
    opening.rest(AFTER_SCROLL).await;
    if opening.session.log().changed < opening.looked {
        return Ok(None);
    }
    opening.take(Moment::Settled, Take::Everything).await
}

async fn use_forms(
    opening: &mut Opening<'_>,
    before: walk::Before,
    branch: usize,
) -> std::io::Result<bool> {
    let answered = answer_banner(opening, &before).await;
    let began = Instant::now();
    let _ = opening.session.scroll_through().await;
    opening.record.acts.push(Act {
        at: now(),
        step: opening.step,
        kind: ActKind::Scroll,
        ..Act::default()
    });
    opening.rest(AFTER_SCROLL).await;
    opening.timings.scroll = since(began);
    let take = if answered {
        Take::Everything
    } else {
        Take::Change
    };
    let scrolled = opening.take(Moment::Scrolled, take).await?;
    let at = match scrolled.filter(|dom| dom.has_layout) {
        Some(dom) => opening.glance(dom),
        None => before,
    };
    let began = Instant::now();
    let asks = at.model.forms.iter();
    let asks = asks
        .flat_map(|form| form.consent_controls())
        .next()
        .is_some();
    let ways = opening.use_forms(at, branch).await?;
    // A walk may be quicker than a script that turns a box on some seconds after the page came.
    if asks && opening.wait_for_late_scripts().await {
        opening.take(Moment::SubmitHeld, Take::States).await?;
    }
    opening.timings.walk = since(began);
    Ok(ways)
}

/// Refuses a cookie banner, so that the form can be seen. Gives whether something was pressed.
async fn answer_banner(opening: &mut Opening<'_>, before: &walk::Before) -> bool {
    let rendered = opening.rendered;
    let Some(banner) = crate::walk::cookie_banner(&before.dom, rendered.lexicons) else {
        return false;
    };
    let pressed = match rendered.banners {
        Banners::Refuse => banner.refuse.clone(),
        Banners::Accept => banner.accept.clone(),
        Banners::Leave => None,
    };
    let mut done = false;
    if let Some(target) = &pressed
        && let Some(handle) = opening
            .session
            .handle(&before.dom, target.document, target.node)
    {
        done = opening.session.click(&handle).await.is_ok();
        opening.rest(AFTER_BANNER).await;
        opening.record.acts.push(Act {
            at: now(),
            step: opening.step,
            kind: ActKind::Dismiss,
            target: target.clone(),
            value: None,
        });
    }
    opening.record.banner = Some(Banner {
        words: banner.words,
        pressed: pressed.filter(|_| done),
        capture: opening.captures.last().map(|capture| capture.id.clone()),
    });
    done
}
