//! On to further steps, with answers that identify nobody: they may go to the site.

use std::time::{Duration, Instant};

use super::changes::same_to_the_visitor;
use super::{Before, Next, Take, Walk};
use crate::artifact::{ElementRef, EndReason, Moment, Path, PressOutcome};
use crate::browser::Hold;
use crate::model::FormModel;
use crate::target;
use crate::walk;

/// A further step may have to be fetched.
const AFTER_STEP: (Duration, Duration) = (Duration::from_millis(400), Duration::from_secs(6));

impl Walk<'_, '_> {
    /// On to the next step, with answers that identify nobody: they may go to the site.
    pub(super) async fn press_on(
        &mut self,
        at: &Before,
        root: &ElementRef,
        button: &ElementRef,
    ) -> std::io::Result<Next> {
        let documents = self.opening.session.log().documents;
        if self.opening.session.hold(Hold::Nothing).await.is_err() {
            return Ok(Next::End(EndReason::Stuck, None));
        }
        let mut press = self.press(at, root, button, Path::Next).await;
        let went = self.opening.session.log().documents != documents;
        if went {
            let left = self.opening.until.saturating_duration_since(Instant::now());
            let _ = self.opening.session.wait_for_load(left / 2).await;
        }
        self.opening.rest(AFTER_STEP).await;
        let _ = self.opening.session.hold(Hold::Noted).await;
        press.outcome = if press.outcome == PressOutcome::Unreachable {
            PressOutcome::Unreachable
        } else {
            PressOutcome::Moved
        };
        let other_site = self.left_site().await;
        if went {
            self.answered.clear();
        }
        self.opening.step += 1;
        let taken = self.opening.take(Moment::Step, Take::Everything).await?;
        press.capture = self
            .opening
            .captures
            .last()
            .map(|capture| capture.id.clone());
        self.opening.record.presses.push(press);
        if let Some(host) = other_site {
            return Ok(Next::End(EndReason::OtherSite, Some(host)));
        }
        let Some(dom) = taken else {
            return Ok(Next::End(EndReason::Stuck, None));
        };
        let now = self.opening.glance(dom);
        let lexicons = self.opening.rendered.lexicons;
        let screen = walk::next_screen(&now.dom, &now.model, root, lexicons);
        Ok(match screen {
            None => Next::End(EndReason::NoForm, None),
            Some(screen) if !went && same_to_the_visitor(at, &now, &screen, root) => {
                Next::End(EndReason::AnswersRefused, None)
            }
            Some(screen) => Next::Step(Box::new(now), screen),
        })
    }

    /// The page moved on by itself while its fields were filled in.
    pub(super) async fn after_step(&mut self, form: &FormModel) -> std::io::Result<Next> {
        self.opening.step += 1;
        let root = walk::element(&form.place, "");
        let Some(dom) = self.opening.take(Moment::Step, Take::Everything).await? else {
            return Ok(Next::End(EndReason::Stuck, None));
        };
        let now = self.opening.glance(dom);
        let lexicons = self.opening.rendered.lexicons;
        Ok(
            match walk::next_screen(&now.dom, &now.model, &root, lexicons) {
                Some(screen) => Next::Step(Box::new(now), screen),
                None => Next::End(EndReason::NoForm, None),
            },
        )
    }

    /// The host of another site, where the page has gone there.
    async fn left_site(&self) -> Option<String> {
        let address = self.opening.session.address().await?;
        let there = target::host(&url::Url::parse(&address).ok()?);
        let home = target::host(&self.opening.visit.url);
        (target::site(&there) != target::site(&home)).then_some(there)
    }
}
