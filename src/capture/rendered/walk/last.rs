//! Presses what would send a form, with everything held, and tells what would have been sent.

use super::changes::moved_from;
use super::{AFTER_ACT, Before, Next, Opening, Take, Walk};
use crate::artifact::{ActKind, ElementRef, EndReason, Moment, Path, Press, PressOutcome};
use crate::browser::{Clicked, Hold, Stopped};
use crate::model::{Category, FormModel};
use crate::walk::{self, Fill, How, Screen};

/// Typed in place of an address, to see what the page does with a wrong answer.
const WRONG: &str = "mirabelle";

impl Opening<'_> {
    /// Fills in a form and presses a way that is said to go on without consent, with everything held.
    /// `None` where that cannot be.
    ///
    /// # Errors
    /// Where the folder cannot be written.
    pub async fn press_way(
        &mut self,
        at: &mut Before,
        root: &ElementRef,
        button: &ElementRef,
    ) -> std::io::Result<Option<Press>> {
        let same = |form: &FormModel| form.place.node == root.node;
        let Some(place) = at.model.forms.iter().position(same) else {
            return Ok(None);
        };
        let Some(mut walk) = self.walker(at, &Screen::Form(place), 1, 0) else {
            return Ok(None);
        };
        let form = at.model.forms[place].clone();
        let fills = walk.fills(at, &form);
        walk.fill(at, &fills).await;
        let hold = Hold::All(walk.needles.clone());
        if !walk.hold_all(at, root, hold).await {
            return Ok(None);
        }
        Ok(Some(walk.press(at, root, button, Path::Refusal).await))
    }
}

impl Walk<'_, '_> {
    /// Holds what a press would send, a new window's requests too.
    async fn hold_all(&mut self, at: &Before, root: &ElementRef, hold: Hold) -> bool {
        let session = &self.opening.session;
        if session.hold(hold).await.is_err() {
            return false;
        }
        if let Some(handle) = session.handle(&at.dom, root.document, root.node) {
            session.keep_in_window(&handle).await;
        }
        true
    }

    /// The last button, with everything held: once with a wrong answer, once as the page put its consent
    /// controls, and, where it cannot be sent so, with them answered. A button that speaks of a next step
    /// may fetch what that needs, and send nothing.
    pub(super) async fn press_last(
        &mut self,
        at: &mut Before,
        form: &FormModel,
        button: &ElementRef,
    ) -> std::io::Result<Next> {
        let root = walk::element(&form.place, "");
        let goes_on = walk::speaks_of_next(form, button);
        let hold = if goes_on {
            Hold::Onward(self.needles.clone())
        } else {
            Hold::All(self.needles.clone())
        };
        if !self.hold_all(at, &root, hold).await {
            return Ok(Next::End(EndReason::Stuck, None));
        }
        if let Some(next) = self.press_wrong(at, form, button).await? {
            return Ok(next);
        }
        let press = self
            .press_held(at, &root, button, Path::Untouched, Moment::SubmitHeld)
            .await?;
        match press {
            PressOutcome::Held if goes_on => Ok(Next::End(EndReason::IdentifyingAnswers, None)),
            PressOutcome::Held => Ok(Next::End(EndReason::Submission, None)),
            PressOutcome::Moved => self.watch_on(form).await,
            _ => self.press_answered(at, form, button).await,
        }
    }

    /// Presses with a wrong e-mail address, and puts the right one back. Gives where it went, if it went on.
    async fn press_wrong(
        &mut self,
        at: &mut Before,
        form: &FormModel,
        button: &ElementRef,
    ) -> std::io::Result<Option<Next>> {
        let field = form
            .fields
            .iter()
            .filter(|field| field.category == Category::Email && field.visible())
            .map(|field| walk::element(&field.place, &field.label))
            .find(|field| self.answered.contains(&(field.document, field.node)));
        let typed = field.and_then(|field| {
            let acts = self.opening.record.acts.iter().rev();
            let mut own = acts.filter(|act| act.kind == ActKind::Type && act.target == field);
            let right = own.find_map(|act| act.value.clone());
            Some((field.clone(), right?))
        });
        let Some((field, right)) = typed else {
            return Ok(None);
        };
        let wrong = |text: &str| Fill {
            target: field.clone(),
            at: field.clone(),
            how: How::Type(text.to_string()),
            identifies: false,
        };
        self.put(at, &wrong(WRONG)).await;
        let root = walk::element(&form.place, "");
        let outcome = self
            .press_held(at, &root, button, Path::Invalid, Moment::ValidationError)
            .await?;
        match outcome {
            // It was not looked at: what would have been sent is known, and nothing else is to learn.
            PressOutcome::Held => return Ok(Some(Next::End(EndReason::Submission, None))),
            PressOutcome::Moved => return Ok(Some(self.watch_on(form).await?)),
            _ => {}
        }
        self.put(at, &wrong(&right)).await;
        self.opening.rest(AFTER_ACT).await;
        Ok(None)
    }

    /// The form has shown a further step by itself: on with it.
    async fn watch_on(&mut self, form: &FormModel) -> std::io::Result<Next> {
        let watched = Hold::Watched(self.needles.clone());
        if self.opening.session.hold(watched).await.is_err() {
            return Ok(Next::End(EndReason::Stuck, None));
        }
        self.after_step(form).await
    }

    /// It did not go on with the consent controls as they were: does it with the questions among them
    /// answered by no, or only with all of them turned on?
    async fn press_answered(
        &mut self,
        at: &mut Before,
        form: &FormModel,
        button: &ElementRef,
    ) -> std::io::Result<Next> {
        let obstacle = walk::obstacle(&at.dom, form);
        for path in [Path::Declining, Path::Consenting] {
            let fills = match path {
                Path::Declining => walk::denials(&at.dom, form, &self.answered),
                _ => walk::consents(&at.dom, form, &self.answered),
            };
            if fills.is_empty() {
                continue;
            }
            for fill in &fills {
                self.answered
                    .insert((fill.target.document, fill.target.node));
                self.put(at, fill).await;
            }
            self.opening.rest(AFTER_ACT).await;
            let root = walk::element(&form.place, "");
            let outcome = self
                .press_held(at, &root, button, path, Moment::SubmitHeld)
                .await?;
            match outcome {
                PressOutcome::Held => return Ok(Next::End(EndReason::Submission, None)),
                PressOutcome::Moved if path == Path::Declining => return self.watch_on(form).await,
                _ => {}
            }
        }
        let reason = obstacle.unwrap_or(EndReason::AnswersRefused);
        Ok(Next::End(reason, None))
    }

    /// Presses with everything held, takes the moment, and tells what came of it.
    async fn press_held(
        &mut self,
        at: &mut Before,
        root: &ElementRef,
        button: &ElementRef,
        path: Path,
        moment: Moment,
    ) -> std::io::Result<PressOutcome> {
        let mut press = self.press(at, root, button, path).await;
        let taken = self.opening.take(moment, Take::Change).await?;
        self.opening.session.release();
        press.capture = self
            .opening
            .captures
            .last()
            .map(|capture| capture.id.clone());
        if let Some(dom) = taken {
            let now = self.opening.glance(dom);
            // A page that goes on without having looked at its fields leaves wrong ones behind.
            let still = matches!(press.outcome, PressOutcome::Nothing | PressOutcome::Invalid);
            if still && moved_from(at, root, &now) {
                press.outcome = PressOutcome::Moved;
            }
            // What was seen with layout is the better base for what is pressed next.
            if now.dom.has_layout {
                *at = now;
            }
        }
        let outcome = press.outcome;
        self.opening.record.presses.push(press);
        Ok(outcome)
    }

    /// Presses something and tells what would have been sent.
    pub(super) async fn press(
        &mut self,
        at: &Before,
        root: &ElementRef,
        button: &ElementRef,
        path: Path,
    ) -> Press {
        let session = &self.opening.session;
        let before = session.traffic().stopped.len();
        let disabled = walk::node_of(&at.dom, button).is_some_and(|id| {
            let node = at.dom.node(id);
            node.attribute("disabled").is_some() || node.attribute("aria-disabled") == Some("true")
        });
        let clicked = match session.handle(&at.dom, button.document, button.node) {
            Some(handle) => session.click(&handle).await,
            None => Ok(Clicked::Gone),
        };
        self.opening.rest(AFTER_ACT).await;
        let session = &self.opening.session;
        let stopped: Vec<Stopped> = session.traffic().stopped[before..].to_vec();
        self.read = before + stopped.len();
        let invalid = match session.handle(&at.dom, root.document, root.node) {
            Some(form) => session.invalid_fields(&form).await,
            None => Vec::new(),
        };
        let sends = stopped.iter().any(is_submission);
        let outcome = match clicked {
            _ if sends => PressOutcome::Held,
            Err(_) | Ok(Clicked::Gone) => PressOutcome::Unreachable,
            _ if disabled => PressOutcome::Disabled,
            _ if !invalid.is_empty() => PressOutcome::Invalid,
            _ => PressOutcome::Nothing,
        };
        self.act(ActKind::Press, button.clone(), None);
        Press {
            step: self.opening.step,
            target: button.clone(),
            form: root.clone(),
            path,
            outcome,
            capture: None,
            held: stopped.into_iter().map(|stopped| stopped.payload).collect(),
            invalid: invalid.into_iter().map(invalid_field).collect(),
        }
    }
}

/// Whether a held request is the form on its way.
fn is_submission(stopped: &Stopped) -> bool {
    !stopped.hits.is_empty() || stopped.payload.kind == "Document"
}

fn invalid_field([name, id, words]: [String; 3]) -> ElementRef {
    let locator = if id.is_empty() {
        format!("[name=\"{name}\"]")
    } else {
        format!("#{id}")
    };
    ElementRef {
        label: words,
        locator,
        node: 0,
        document: 0,
    }
}
