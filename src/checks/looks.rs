//! What the checks of looks share: the two sides of a choice as they were painted, the words that ask for
//! consent, and the answers where a capture does not show them.

use crate::artifact::Rect;
use crate::finding::{Measure, Observation, Reason};
use crate::lexicon::Sense;
use crate::model::{Button, ControlKind, FormModel, Look, Place};

use super::{Answer, Observed, Subject};

/// What is pressed to agree and what to go on without, both as they were painted.
pub struct Pair<'a> {
    pub accept: &'a Button,
    pub refuse: &'a Button,
    pub accept_look: &'a Look,
    pub refuse_look: &'a Look,
    pub observed: Observed,
}

/// Words that ask for consent, as they were painted.
pub struct Words<'a> {
    pub text: &'a str,
    pub place: &'a Place,
    pub look: &'a Look,
    /// They are those of a control with an act of its own.
    pub of_control: bool,
}

impl<'a> Subject<'a> {
    /// The pair, or the answer where it cannot be compared.
    pub fn painted_pair(&self) -> Result<Pair<'a>, Answer> {
        let form = self.form;
        let (Some(accept), Some(refuse)) = (form.agreeing(), form.refusing()) else {
            return Err(Answer::No(Observed::default()));
        };
        let observed = Observed::default()
            .with("button", Measure::Text(accept.label.clone()))
            .with("refusal", Measure::Text(refuse.label.clone()))
            .seeing(self.see(&accept.label, &accept.place))
            .seeing(self.see(&refuse.label, &refuse.place));
        let (Some(accept_look), Some(refuse_look)) = (&accept.look, &refuse.look) else {
            return Err(unmeasured(observed));
        };
        if !accept_look.shown() || !refuse_look.shown() {
            let because = "choice_not_shown";
            return Err(Answer::unknown(Reason::NotSeen, because, observed));
        }
        Ok(Pair {
            accept,
            refuse,
            accept_look,
            refuse_look,
            observed,
        })
    }

    /// The words that ask for consent: those of its controls, or the texts that turn a button into one.
    pub fn consent_words(&self) -> Vec<Words<'a>> {
        let form = self.form;
        let mut words: Vec<Words> = Vec::new();
        for control in form.consent_controls() {
            words.extend(control.look.as_deref().map(|look| Words {
                text: &control.label,
                place: &control.place,
                look,
                of_control: true,
            }));
        }
        for passage in form.consent_passages() {
            words.extend(passage.look.as_deref().map(|look| Words {
                text: &passage.text,
                place: &passage.place,
                look,
                of_control: false,
            }));
        }
        let own = form.accepting().filter(|button| button.consents);
        words.extend(own.and_then(|button| {
            Some(Words {
                text: &button.label,
                place: &button.place,
                look: button.look.as_deref()?,
                of_control: false,
            })
        }));
        words
    }

    /// The words that ask for consent and that a person can see, or the answer where none were seen.
    pub fn shown_consent_words(&self) -> Result<Vec<Words<'a>>, Answer> {
        if self.form.scene.is_none() {
            return Err(unmeasured(Observed::default().seeing(self.see_consent())));
        }
        let mut words = self.consent_words();
        words.retain(|words| words.look.shown() && words.look.letters.is_some());
        if !words.is_empty() {
            return Ok(words);
        }
        let observed = Observed::default().seeing(self.see_consent());
        let pictured = self
            .form
            .consent_controls()
            .any(|control| control.look.as_ref().is_some_and(|look| look.pictured));
        Err(if pictured {
            Answer::unknown(Reason::NeedsPerson, "words_in_picture", observed)
        } else {
            Answer::unknown(Reason::NotSeen, "consent_not_shown", observed)
        })
    }

    /// Points at words as they were painted.
    pub fn see_words(&self, words: &Words) -> Observation {
        let mut seen = self.see(words.text, words.place);
        if words.look.bounds.area() > 0.0 && !words.of_control {
            seen.bounds = Some(words.look.bounds);
        }
        seen
    }

    /// Points at the first thing that asks for consent.
    fn see_consent(&self) -> Observation {
        let mut controls = self.form.controls.iter();
        let asks = controls.find(|c| c.role.is_marketing() && c.kind != ControlKind::Hidden);
        asks.map_or_else(|| self.see_form(), |control| self.see_control(control))
    }
}

/// The answer where no layout was recorded.
pub fn unmeasured(observed: Observed) -> Answer {
    Answer::unknown(Reason::NotSeen, "layout_not_measured", observed)
}

/// What sends the form, as far as it can be seen: what says so or, where nothing does, everything to press
/// that is neither a link nor a refusal.
pub fn main_buttons(form: &FormModel) -> Vec<(&Button, &Look)> {
    let main = form.buttons.iter();
    let main = main.filter(|b| !b.is_link && !b.refuses && !b.label.is_empty());
    let mut main: Vec<(&Button, &Look)> = main
        .filter_map(|button| Some((button, button.look.as_deref()?)))
        .filter(|(_, look)| look.shown())
        .collect();
    let sends = |button: &Button| button.carries_consent || button.reading.has(Sense::Submit);
    if main.iter().any(|(button, _)| sends(button)) {
        main.retain(|(button, _)| sends(button));
    }
    main
}

/// A number to one decimal, as reports give it.
pub fn tenth(number: f64) -> Measure {
    Measure::Number((number * 10.0).round() / 10.0)
}

pub fn hundredth(number: f64) -> Measure {
    Measure::Number((number * 100.0).round() / 100.0)
}

pub fn whole(number: f64) -> Measure {
    Measure::Number(number.round())
}

/// `320 × 56`.
pub fn size(bounds: &Rect) -> Measure {
    Measure::Text(format!("{:.0} × {:.0}", bounds.width, bounds.height))
}

/// `#1f5fa8`.
pub fn colour([r, g, b]: [u8; 3]) -> Measure {
    Measure::Text(format!("#{r:02x}{g:02x}{b:02x}"))
}
