//! Takes the ways that are said to go on without consent, each in an opening of its own.
//!
//! The form is filled in first and everything is held while the way is pressed. Where that shows that the
//! way merely leads to another page, and takes nothing along, it is followed there.

use std::time::{Duration, Instant};

use super::opening::Take;
use super::walk::Before;
use super::{Profile, Rendered, look, visit_record};
use crate::artifact::{
    Act, ActKind, Arrived, ElementRef, Gap, Moment, PageRecord, PageStatus, PressOutcome, Told,
    VisitKind,
};
use crate::browser::Hold;
use crate::capture::{Visit, now};
use crate::model::FormKind;
use crate::walk;

/// Ways of one page that are taken.
const MOST: usize = 3;
/// A page that a way leads to is waited for like this.
const AFTER_WAY: (Duration, Duration) = (Duration::from_millis(400), Duration::from_secs(6));

/// A way that is said to go on without consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The form that offers it, by its locator.
    pub form: String,
    pub label: String,
}

/// The ways that the forms of a page offer.
pub fn ways(before: &Before) -> Vec<Way> {
    let collecting = before.model.forms.iter();
    let collecting = collecting.filter(|form| form.kind == FormKind::Collection);
    collecting
        .flat_map(|form| {
            walk::refusals(form).map(|button| Way {
                form: form.place.locator.clone(),
                label: button.label.clone(),
            })
        })
        .take(MOST)
        .collect()
}

impl Rendered<'_> {
    /// Takes one way. One that cannot be taken is a gap.
    pub(super) async fn take_way(
        &self,
        visit: &Visit,
        record: &mut PageRecord,
        profile: &Profile,
        way: &Way,
    ) -> std::io::Result<()> {
        let number = record.visits.iter().map(|v| v.visit).max().unwrap_or(1) + 1;
        let opened = visit_record(profile, number, VisitKind::Refusal);
        let missed = |why: Told| {
            Gap::new(
                Told::of("way-without-consent").with("label", way.label.as_str()),
                why,
            )
        };
        let browser = match self.keeper.browser().await {
            Ok(browser) => browser,
            Err(e) => {
                record.gaps.push(missed(e.to_string().into()));
                return Ok(());
            }
        };
        let mut opening = match self.begin(visit, &browser, profile, opened).await? {
            Ok(opening) => opening,
            Err(why) => {
                record.gaps.push(missed(why));
                return Ok(());
            }
        };
        let taking = async {
            let settled = match look(&mut opening).await? {
                Ok(settled) => settled,
                Err((_, why)) => return Ok(Some(why)),
            };
            let Some(dom) = settled else {
                return Ok(Some(Told::of("not-read-again")));
            };
            let mut before = opening.glance(dom);
            if super::answer_banner(&mut opening, &before).await
                && let Some(dom) = opening.take(Moment::Scrolled, Take::Everything).await?
            {
                before = opening.glance(dom);
            }
            opening.go(before, way).await
        };
        let taken = tokio::time::timeout(self.timeout, taking).await;
        let problem = taken.unwrap_or_else(|_| Ok(Some(self.not_finished())))?;
        if let Some(why) = problem {
            record.gaps.push(missed(why));
        }
        let (_, ended) = self.finish(opening, PageStatus::Examined, None).await;
        record.captures.extend(ended.captures);
        record.visits.push(ended.record);
        Ok(())
    }
}

impl super::Opening<'_> {
    /// Fills in the form and takes the way. Gives why not, where it cannot be taken.
    async fn go(&mut self, mut at: Before, way: &Way) -> std::io::Result<Option<Told>> {
        let Some((root, button)) = find(&at, way) else {
            return Ok(Some(Told::of("way-gone")));
        };
        let Some(mut press) = self.press_way(&mut at, &root, &button).await? else {
            return Ok(Some(Told::of("requests-not-held")));
        };
        let mut held = press.held.iter().rev();
        let onward = held.find(|payload| payload.kind == "Document" && payload.method == "GET");
        let onward = onward.map(|payload| payload.url.clone());
        let takes_nothing = !self
            .session
            .traffic()
            .stopped
            .iter()
            .any(|stopped| stopped.held && !stopped.hits.is_empty());
        self.session.release();
        match onward.filter(|_| takes_nothing) {
            Some(url) => self.follow(&url, &button).await?,
            None => {
                self.take(Moment::Refusal, Take::Change).await?;
            }
        }
        press.capture = self.captures.last().map(|capture| capture.id.clone());
        if press.outcome == PressOutcome::Nothing && self.changed_by_way(&at, &root) {
            press.outcome = PressOutcome::Moved;
        }
        self.record.presses.push(press);
        Ok(None)
    }

    /// Whether the last capture shows something else than what stood there before the way was pressed.
    fn changed_by_way(&self, at: &Before, _root: &ElementRef) -> bool {
        let last = self.captures.last().map(|capture| capture.moment);
        last == Some(Moment::Refusal) && self.last_differs_from(&at.dom)
    }

    /// Follows the way to the page it leads to.
    async fn follow(&mut self, url: &str, button: &ElementRef) -> std::io::Result<()> {
        if self.session.hold(Hold::Submissions).await.is_err() {
            return Ok(());
        }
        let left = self.until.saturating_duration_since(Instant::now()) / 2;
        let opened = self.session.navigate(url, left).await;
        if opened.is_ok() {
            let _ = self.session.wait_for_load(left).await;
            self.rest(AFTER_WAY).await;
        }
        self.record.acts.push(Act {
            at: now(),
            step: self.step,
            kind: ActKind::Follow,
            target: button.clone(),
            value: Some(url.to_string()),
        });
        let main = self.session.log().main_response.clone();
        self.record.arrived = Some(Arrived {
            url: main
                .as_ref()
                .map_or_else(|| url.to_string(), |main| main.url.clone()),
            http_status: main.map(|main| main.status).filter(|_| opened.is_ok()),
        });
        self.take(Moment::Refusal, Take::Everything).await?;
        Ok(())
    }
}

/// The form and the button of a way in the page as it stands now.
fn find(at: &Before, way: &Way) -> Option<(ElementRef, ElementRef)> {
    let offers = |form: &&crate::model::FormModel| {
        walk::refusals(form).any(|button| button.label == way.label)
    };
    let forms = || at.model.forms.iter().filter(offers);
    let form = forms()
        .find(|form| form.place.locator == way.form)
        .or_else(|| forms().next())?;
    let button = walk::refusals(form).find(|button| button.label == way.label)?;
    Some((
        walk::element(&form.place, ""),
        walk::element(&button.place, &button.label),
    ))
}
