//! Uses the forms of a page as a visitor would, with invented answers, and stops before anything is sent.
//!
//! What to do next is decided by `walk` (the pure module); this does it and writes it down. From the first
//! identifying keystroke on every request is looked into, and while a last button is pressed every one is
//! held. `steps` goes on to further steps, `last` presses what would send the form, `leaked` notes what
//! left too early.

mod changes;
mod last;
mod leaked;
mod steps;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::opening::{Opening, Take, since};
use crate::artifact::{Act, ActKind, Dom, ElementRef, EndReason, Moment, WalkEnd, Walked};
use crate::browser::{Clicked, Hold};
use crate::capture::now;
use crate::extract;
use crate::identity::{Identities, Person};
use crate::leaks::Needles;
use crate::model::{FormKind, FormModel, PageModel};
use crate::target;
use crate::walk::{self, Fill, Filling, How, Screen};
use changes::{form_of, has_ways, moved};

/// After an act the page is given this long to be quiet, and is waited for at most this long.
const AFTER_ACT: (Duration, Duration) = (Duration::from_millis(150), Duration::from_secs(2));
/// Scripts that send what was typed wait a little for more of it.
const AFTER_TYPING: (Duration, Duration) = (Duration::from_millis(700), Duration::from_secs(3));
/// Fields that appear while others are filled in are filled in too, so many times.
const ROUNDS: usize = 3;
/// What is left of a page's time for its last captures.
const RESERVE: Duration = Duration::from_secs(6);

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
    /// What goes out is noted.
    noted: bool,
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
        // Two persons in one page would be two to look for.
        let person = match self.told {
            Some(person) => person,
            None => rendered.identities.of(&self.country(at, screen))?,
        };
        let read = self.session.traffic().stopped.len();
        Some(Walk {
            identities: rendered.identities,
            person,
            needles: Arc::new(person.needles()),
            number,
            branch,
            answered: BTreeSet::new(),
            identified: self.told.is_some(),
            noted: false,
            last_typed: None,
            read,
            opening: self,
        })
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
        // An earlier form's answers stand in the page still.
        if self.identified {
            let watched = Hold::Watched(self.needles.clone());
            let _ = self.opening.session.hold(watched).await;
        }
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
                Screen::Choice(_) if self.identified => {
                    break (EndReason::IdentifyingAnswers, None);
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
        // Nobody's account is invented, and a code that was sent is known to nobody: such a form is not even
        // sent empty.
        let obstacle = walk::obstacle(&at.dom, form);
        let asks_more = walk::identifies(form) && form.kind != FormKind::Login;
        if let Some(reason @ (EndReason::Login | EndReason::Code)) = obstacle
            && !asks_more
        {
            return Ok(Next::End(reason, None));
        }
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
            let moved = moved(&form, &now.1);
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
        if self.identified || walk::identifies(&form) {
            let began = Instant::now();
            let next = self.press_last(at, &form, &button).await;
            self.opening.timings.held += since(began);
            next
        } else if let Some(reason) = walk::obstacle(&at.dom, &form) {
            // With nothing held, a press would show a test to a machine.
            Ok(Next::End(reason, None))
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
        let began = Instant::now();
        for fill in fills {
            if self.identifies(fill) && !self.identified {
                let watched = Hold::Watched(self.needles.clone());
                if self.opening.session.hold(watched).await.is_err() {
                    return;
                }
                self.identified = true;
                self.opening.told = Some(self.person);
            } else if !self.identified && !self.noted {
                // What a page keeps of its answers before the next step is asked for goes on the list too.
                self.noted = self.opening.session.hold(Hold::Noted).await.is_ok();
            }
            self.answered
                .insert((fill.target.document, fill.target.node));
            if self.put(at, fill).await {
                self.last_typed = Some(fill.target.clone());
            }
        }
        let rest = if self.identified {
            AFTER_TYPING
        } else {
            AFTER_ACT
        };
        self.opening.rest(rest).await;
        self.opening.timings.typing += since(began);
    }

    /// Whether an answer tells who somebody is: by its field, or by what it says, whatever the field is
    /// taken for.
    fn identifies(&self, fill: &Fill) -> bool {
        let told = match &fill.how {
            How::Type(text) | How::Set(text) => !self.needles.find(text.as_bytes()).is_empty(),
            How::Choose { .. } | How::Tick => false,
        };
        fill.identifies || told
    }

    /// One field. Gives whether it went.
    async fn put(&mut self, at: &Before, fill: &Fill) -> bool {
        let session = &self.opening.session;
        let (target, place) = (&fill.target, &fill.at);
        let Some(handle) = session.handle(&at.dom, place.document, place.node) else {
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

    /// The form in a newer document, with its page.
    fn see(&self, dom: Dom, form: &FormModel) -> Option<(Before, FormModel)> {
        // A snapshot of states alone does not say what can be seen.
        if !dom.has_layout {
            return None;
        }
        let now = self.opening.glance(dom);
        let found = form_of(&now.model, &walk::element(&form.place, "")).cloned();
        let form = found.unwrap_or_else(|| form.clone());
        Some((now, form))
    }
}
