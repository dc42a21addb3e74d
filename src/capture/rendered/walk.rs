//! Uses the forms of a page as a visitor would, with invented answers, and stops before anything is sent.
//!
//! What to do next is decided by `walk` (the pure module); this does it and writes it down. From the first
//! identifying keystroke on every request is looked into, and while a last button is pressed every one is
//! held.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::opening::{Opening, Take};
use crate::artifact::{
    Act, ActKind, Dom, ElementRef, EndReason, Leak, Moment, Path, Payload, Press, PressOutcome,
    WalkEnd, Walked,
};
use crate::browser::{Clicked, Hold, Stopped};
use crate::capture::now;
use crate::extract;
use crate::identity::{Identities, Person};
use crate::leaks::{self, Needles};
use crate::model::{Category, FormModel, PageModel};
use crate::target;
use crate::walk::{self, Fill, Filling, How, Screen};

/// After an act the page is given this long to be quiet, and is waited for at most this long.
const AFTER_ACT: (Duration, Duration) = (Duration::from_millis(150), Duration::from_secs(2));
/// Scripts that send what was typed wait a little for more of it.
const AFTER_TYPING: (Duration, Duration) = (Duration::from_millis(700), Duration::from_secs(3));
/// A further step may have to be fetched.
const AFTER_STEP: (Duration, Duration) = (Duration::from_millis(400), Duration::from_secs(6));
/// Fields that appear while others are filled in are filled in too, so many times.
const ROUNDS: usize = 3;
/// What is left of a page's time for its last captures.
const RESERVE: Duration = Duration::from_secs(6);
/// Typed in place of an address, to see what the page does with a wrong answer.
const WRONG: &str = "mirabelle";

/// How far walks go.
#[derive(Debug, Clone, Copy)]
pub struct WalkLimits {
    pub steps: u32,
    pub branches: u32,
}

/// The page as it stands before the visitor.
pub struct Before {
    pub dom: Dom,
    pub model: PageModel,
}

/// One form being used.
struct Walk<'o, 'a> {
    opening: &'o mut Opening<'a>,
    identities: &'a Identities,
    person: &'a Person,
    needles: Arc<Needles>,
    /// From 1, over the forms of the page.
    number: u32,
    branch: usize,
    answered: BTreeSet<(usize, i64)>,
    /// Something identifying stands in the page.
    identified: bool,
    last_typed: Option<ElementRef>,
    /// Stopped requests that were read already.
    read: usize,
}

/// What a step led to.
enum Next {
    Step(Box<Before>, Screen),
    End(EndReason, Option<String>),
}

impl<'a> Opening<'a> {
    /// The page at hand, read.
    pub fn glance(&self, dom: Dom) -> Before {
        let url = self.session.log().main_response.clone();
        let url = url.map_or_else(|| self.visit.url.to_string(), |main| main.url);
        let rendered = self.rendered;
        let model = tokio::task::block_in_place(|| {
            extract::glance(&dom, &url, rendered.lexicons, rendered.entities)
        });
        Before { dom, model }
    }

    /// Uses every form of the page that is worth it. Gives whether a choice on the way had other ways.
    ///
    /// # Errors
    /// Where the folder cannot be written.
    pub async fn use_forms(&mut self, mut at: Before, branch: usize) -> std::io::Result<bool> {
        let rendered = self.rendered;
        let screens = walk::first_screens(&at.dom, &at.model, rendered.lexicons);
        let roots: Vec<ElementRef> = screens.iter().map(|s| s.root(&at.model)).collect();
        let mut branches = false;
        for (place, (screen, root)) in screens.into_iter().zip(roots).enumerate() {
            // The page may have changed under an earlier walk.
            let screen = if place == 0 {
                Some(screen)
            } else {
                let found = walk::next_screen(&at.dom, &at.model, &root, rendered.lexicons);
                found.filter(|found| found.root(&at.model).node == root.node)
            };
            let Some(screen) = screen.filter(|_| self.time_left()) else {
                break;
            };
            if place > 0 {
                // Captures of another form are told apart by their step.
                self.step += 1;
            }
            let Some(mut walk) = self.walker(&at, &screen, place as u32 + 1, branch) else {
                break;
            };
            let (last, ways) = walk.run(at, screen).await?;
            branches |= ways;
            at = last;
        }
        Ok(branches)
    }

    /// Somebody to use a form; `None` where there is nobody for its country.
    fn walker<'o>(
        &'o mut self,
        at: &Before,
        screen: &Screen,
        number: u32,
        branch: usize,
    ) -> Option<Walk<'o, 'a>> {
        let rendered = self.rendered;
        let person = rendered.identities.of(&self.country(at, screen))?;
        let read = self.session.traffic().stopped.len();
        Some(Walk {
            identities: rendered.identities,
            person,
            needles: Arc::new(person.needles()),
            number,
            branch,
            answered: BTreeSet::new(),
            identified: false,
            last_typed: None,
            read,
            opening: self,
        })
    }

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
        if walk.opening.session.hold(hold).await.is_err() {
            return Ok(None);
        }
        if let Some(handle) = walk
            .opening
            .session
            .handle(&at.dom, root.document, root.node)
        {
            walk.opening.session.keep_in_window(&handle).await;
        }
        Ok(Some(walk.press(at, root, button, Path::Refusal).await))
    }

    fn time_left(&self) -> bool {
        Instant::now() + RESERVE < self.until
    }

    /// The country whose person fills in a form.
    fn country(&self, at: &Before, screen: &Screen) -> String {
        let form = match screen {
            Screen::Form(place) => at.model.forms.get(*place),
            Screen::Choice(_) => None,
        };
        let language = form.and_then(|form| form.language.as_deref());
        let language = language.or(at.model.language.as_deref());
        let host = target::host(&self.visit.url);
        let locale = &self.session.locale();
        let country = self
            .rendered
            .identities
            .country_for(&host, language, locale);
        country.to_string()
    }
}

impl Walk<'_, '_> {
    /// Walks until the end. Gives the page as it stands then, and whether other ways were open.
    async fn run(&mut self, mut at: Before, mut screen: Screen) -> std::io::Result<(Before, bool)> {
        let mut ways = false;
        let limit = self.opening.rendered.limits.steps;
        let mut steps = 1;
        let (reason, detail) = loop {
            let root = screen.root(&at.model);
            self.opening.record.walked.push(Walked {
                walk: self.number,
                step: self.opening.step,
                form: root,
                typed: false,
                end: None,
            });
            if !self.opening.time_left() {
                break (EndReason::Time, None);
            }
            let next = match &screen {
                Screen::Form(place) => {
                    let form = at.model.forms[*place].clone();
                    ways |= has_ways(&form);
                    self.use_form(&mut at, &form).await?
                }
                Screen::Choice(choice) => {
                    ways |= choice.options.len() > 1;
                    let option = choice.options[self.branch % choice.options.len()].clone();
                    self.press_on(&at, &choice.root.clone(), &option).await?
                }
            };
            match next {
                Next::Step(..) if steps >= limit => break (EndReason::MaxSteps, None),
                Next::Step(new, new_screen) => {
                    (at, screen) = (*new, new_screen);
                    steps += 1;
                }
                Next::End(reason, detail) => break (reason, detail),
            }
        };
        let step = self.opening.step;
        if let Some(walked) = self.opening.record.walked.last_mut() {
            walked.end = Some(WalkEnd {
                step,
                why: reason,
                detail,
            });
        }
        Ok((at, ways))
    }

    /// Fills in a form and presses what leads on.
    async fn use_form(&mut self, at: &mut Before, form: &FormModel) -> std::io::Result<Next> {
        let mut form = form.clone();
        let mut typed = false;
        for _ in 0..ROUNDS {
            let fills = self.fills(at, &form);
            if fills.is_empty() {
                break;
            }
            typed |= fills.iter().any(|fill| fill.identifies);
            self.fill(at, &fills).await;
            let Some(dom) = self.opening.take(Moment::Typed, Take::Change).await? else {
                break;
            };
            self.note_leaks(Moment::Typed);
            let Some(now) = self.see(dom, &form) else {
                break;
            };
            let moved = moved(at, &form, &now);
            *at = now.0;
            if moved {
                return self.after_step(&form).await;
            }
            form = now.1;
        }
        if let Some(walked) = self.opening.record.walked.last_mut() {
            walked.typed = typed;
        }
        let Some(button) = walk::leading_on(&at.dom, &form) else {
            let obstacle = walk::obstacle(&at.dom, &form).unwrap_or(EndReason::NoButton);
            return Ok(Next::End(obstacle, None));
        };
        if self.identified {
            self.press_last(at, &form, &button).await
        } else {
            let root = walk::element(&form.place, "");
            self.press_on(at, &root, &button).await
        }
    }

    fn fills(&self, at: &Before, form: &FormModel) -> Vec<Fill> {
        let filling = Filling {
            identities: self.identities,
            person: self.person,
            today: time::OffsetDateTime::now_utc().date(),
            answered: &self.answered,
            branch: self.branch,
        };
        walk::fills(&at.dom, form, &filling)
    }

    /// Does what a visitor would; a field that is gone meanwhile is passed over.
    async fn fill(&mut self, at: &Before, fills: &[Fill]) {
        for fill in fills {
            if fill.identifies && !self.identified {
                let watched = Hold::Watched(self.needles.clone());
                if self.opening.session.hold(watched).await.is_err() {
                    return;
                }
                self.identified = true;
            }
            self.answered
                .insert((fill.target.document, fill.target.node));
            if self.put(at, fill).await {
                self.last_typed = Some(fill.target.clone());
            }
        }
        let (quiet, most) = if self.identified {
            AFTER_TYPING
        } else {
            AFTER_ACT
        };
        let _ = self.opening.session.rest(quiet, most).await;
    }

    /// One field. Gives whether it went.
    async fn put(&mut self, at: &Before, fill: &Fill) -> bool {
        let session = &self.opening.session;
        let target = &fill.target;
        let Some(handle) = session.handle(&at.dom, target.document, target.node) else {
            return false;
        };
        let (kind, value, done) = match &fill.how {
            How::Type(text) => {
                let typed = session.type_into(&handle, text).await;
                let left = session.leave_field(&handle).await;
                (ActKind::Type, Some(text.clone()), typed.and(left).is_ok())
            }
            How::Set(text) => {
                let done = session.set_value(&handle, text).await;
                (ActKind::Type, Some(text.clone()), done.is_ok())
            }
            How::Choose { option, label } => {
                let done = session.choose(&handle, *option).await;
                (ActKind::Choose, Some(label.clone()), done.is_ok())
            }
            How::Tick => {
                let done = session.click(&handle).await;
                (
                    ActKind::Tick,
                    None,
                    matches!(done, Ok(Clicked::Yes | Clicked::Covered)),
                )
            }
        };
        if done {
            self.act(kind, target.clone(), value);
        }
        done
    }

    fn act(&mut self, kind: ActKind, target: ElementRef, value: Option<String>) {
        let step = self.opening.step;
        self.opening.record.acts.push(Act {
            at: now(),
            step,
            kind,
            target,
            value,
        });
    }

    /// On to the next step, with answers that identify nobody: they may go to the site.
    async fn press_on(
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
        let (quiet, most) = AFTER_STEP;
        let _ = self.opening.session.rest(quiet, most).await;
        let _ = self.opening.session.hold(Hold::Submissions).await;
        let sent = std::mem::take(&mut self.opening.session.traffic().sent);
        self.opening.record.sent.extend(sent);
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
    async fn after_step(&mut self, form: &FormModel) -> std::io::Result<Next> {
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

    /// The last button, with everything held: once with a wrong answer, once as the page put its consent
    /// controls, and once with them turned on where it cannot be sent otherwise.
    async fn press_last(
        &mut self,
        at: &mut Before,
        form: &FormModel,
        button: &ElementRef,
    ) -> std::io::Result<Next> {
        let root = walk::element(&form.place, "");
        let hold = Hold::All(self.needles.clone());
        if self.opening.session.hold(hold).await.is_err() {
            return Ok(Next::End(EndReason::Stuck, None));
        }
        if let Some(handle) = self
            .opening
            .session
            .handle(&at.dom, root.document, root.node)
        {
            self.opening.session.keep_in_window(&handle).await;
        }
        if let Some(next) = self.press_wrong(at, form, button).await? {
            return Ok(next);
        }
        let press = self
            .press_held(at, &root, button, Path::Untouched, Moment::SubmitHeld)
            .await?;
        match press {
            PressOutcome::Held => Ok(Next::End(EndReason::Submission, None)),
            PressOutcome::Moved => {
                let watched = Hold::Watched(self.needles.clone());
                let _ = self.opening.session.hold(watched).await;
                self.after_step(form).await
            }
            _ => self.press_consenting(at, form, button).await,
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
            PressOutcome::Moved => {
                let watched = Hold::Watched(self.needles.clone());
                let _ = self.opening.session.hold(watched).await;
                return Ok(Some(self.after_step(form).await?));
            }
            _ => {}
        }
        self.put(at, &wrong(&right)).await;
        let (quiet, most) = AFTER_ACT;
        let _ = self.opening.session.rest(quiet, most).await;
        Ok(None)
    }

    /// It did not go on with the consent controls as they were: does it with them turned on?
    async fn press_consenting(
        &mut self,
        at: &mut Before,
        form: &FormModel,
        button: &ElementRef,
    ) -> std::io::Result<Next> {
        let fills = walk::consents(&at.dom, form, &self.answered);
        let obstacle = walk::obstacle(&at.dom, form);
        if fills.is_empty() {
            let reason = obstacle.unwrap_or(EndReason::AnswersRefused);
            return Ok(Next::End(reason, None));
        }
        for fill in &fills {
            self.answered
                .insert((fill.target.document, fill.target.node));
            self.put(at, fill).await;
        }
        let (quiet, most) = AFTER_ACT;
        let _ = self.opening.session.rest(quiet, most).await;
        let root = walk::element(&form.place, "");
        let mut press = self.press(at, &root, button, Path::Consenting).await;
        self.opening.session.release();
        let held = press.outcome == PressOutcome::Held;
        press.capture = self
            .opening
            .captures
            .last()
            .map(|capture| capture.id.clone());
        self.opening.record.presses.push(press);
        Ok(Next::End(
            match (held, obstacle) {
                (true, _) => EndReason::Submission,
                (false, Some(obstacle)) => obstacle,
                (false, None) => EndReason::AnswersRefused,
            },
            None,
        ))
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
            if press.outcome == PressOutcome::Nothing && moved_from(at, root, &now) {
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
    async fn press(
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
        let (quiet, most) = AFTER_ACT;
        let _ = session.rest(quiet, most).await;
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

    /// Requests that carried what was typed, before anything was pressed.
    fn note_leaks(&mut self, moment: Moment) {
        let (stopped, unread) = {
            let traffic = &mut self.opening.session.traffic();
            let stopped = traffic.stopped[self.read.min(traffic.stopped.len())..].to_vec();
            (stopped, std::mem::take(&mut traffic.unread))
        };
        self.read += stopped.len();
        self.opening.record.unread.extend(unread);
        for stopped in stopped {
            for hit in &stopped.hits {
                let leak = Leak {
                    at: now(),
                    step: self.opening.step,
                    moment,
                    host: host(&stopped.payload),
                    url: stopped.payload.url.clone(),
                    method: stopped.payload.method.clone(),
                    field: word(&hit.field),
                    form: written(&hit.form),
                    place: place(&hit.place),
                    after: self.last_typed.clone(),
                };
                let known = self.opening.record.leaks.iter().any(|known| {
                    (&known.host, &known.field, &known.form)
                        == (&leak.host, &leak.field, &leak.form)
                });
                if !known {
                    self.opening.record.leaks.push(leak);
                }
            }
        }
    }

    /// The host of another site, where the page has gone there.
    async fn left_site(&self) -> Option<String> {
        let address = self.opening.session.address().await?;
        let there = target::host(&url::Url::parse(&address).ok()?);
        let home = target::host(&self.opening.visit.url);
        (target::site(&there) != target::site(&home)).then_some(there)
    }

    /// The form in a newer document, with its page.
    fn see(&self, dom: Dom, form: &FormModel) -> Option<(Before, FormModel)> {
        // A snapshot of states alone does not say what can be seen.
        if !dom.has_layout {
            return None;
        }
        let now = self.opening.glance(dom);
        let same = |other: &&FormModel| {
            other.place.node == form.place.node && other.place.document == form.place.document
        };
        let found = now.model.forms.iter().find(same).cloned();
        let form = found.unwrap_or_else(|| form.clone());
        Some((now, form))
    }
}

/// Whether a question of the form has several answers of which none is right.
fn has_ways(form: &FormModel) -> bool {
    let identifies = form.fields.iter().any(|field| {
        matches!(field.category, Category::Email | Category::Phone) && field.visible()
    });
    let open =
        |field: &crate::model::Field| field.kind == "radio" && field.category == Category::Other;
    !identifies
        && form
            .fields
            .iter()
            .any(|field| field.visible() && open(field))
}

/// Whether other fields stand before the visitor than before.
fn moved(at: &Before, form: &FormModel, now: &(Before, FormModel)) -> bool {
    let visible = |form: &FormModel| -> BTreeSet<i64> {
        let fields = form.fields.iter().filter(|field| field.visible());
        fields.map(|field| field.place.node).collect()
    };
    let (before, after) = (visible(form), visible(&now.1));
    let gone = !before.is_empty() && before.is_disjoint(&after);
    gone && at.model.forms.len().max(now.0.model.forms.len()) > 0
}

/// Whether the form that was pressed is not what stands before the visitor any more.
fn moved_from(at: &Before, root: &ElementRef, now: &Before) -> bool {
    if !now.dom.has_layout {
        return false;
    }
    let of = |before: &Before| {
        before
            .model
            .forms
            .iter()
            .find(|form| form.place.node == root.node && form.place.document == root.document)
            .cloned()
    };
    let Some(before) = of(at) else {
        return false;
    };
    match of(now) {
        Some(after) => moved(
            at,
            &before,
            &(
                Before {
                    dom: Dom::default(),
                    model: now.model.clone(),
                },
                after,
            ),
        ),
        None => now.model.forms.iter().any(walk::shown),
    }
}

/// Whether a press changed nothing that a visitor would call another step.
fn same_to_the_visitor(at: &Before, now: &Before, screen: &Screen, root: &ElementRef) -> bool {
    screen.root(&now.model).node == root.node && !moved_from(at, root, now) && {
        let fields = |before: &Before| {
            let form = before
                .model
                .forms
                .iter()
                .find(|form| form.place.node == root.node);
            form.map(|form| form.fields.iter().filter(|f| f.visible()).count())
        };
        fields(at) == fields(now) && matches!(screen, Screen::Form(_))
            || matches!(screen, Screen::Choice(_))
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

/// The name that records use for a value of ours.
fn word<T: serde::Serialize>(value: &T) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().unwrap_or_default().to_string()
}

/// `sha256`, `plain in gzip`.
fn written(form: &leaks::Form) -> String {
    let mut out = word(&form.encoding);
    for layer in form.inside.iter().rev() {
        out.push_str(&format!(" in {}", word(layer)));
    }
    out
}

fn place(place: &leaks::Place) -> String {
    match place {
        leaks::Place::Header(name) => name.clone(),
        other => word(other),
    }
}

fn host(payload: &Payload) -> String {
    url::Url::parse(&payload.url)
        .map(|url| target::host(&url))
        .unwrap_or_default()
}
