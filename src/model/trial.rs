//! What came of using a form: what pressing would have sent, what a refusal led to, what left too early.

use crate::artifact::{Arrived, Leak, Path, Payload, Press, Unread, WalkEnd};

use super::form::{Button, Category, Passage};
use super::place::Place;

/// How a form was tried. Nothing of it was sent.
#[derive(Debug, Clone, Default)]
pub struct Trial {
    /// Its fields were filled in while every request was looked into.
    pub typed: bool,
    /// Buttons pressed with everything held, and on the way to the last step.
    pub presses: Vec<Press>,
    /// Requests that carried an identifying value before anything was pressed.
    pub leaks: Vec<Leak>,
    /// Fields of what would have been sent that say yes to mailings or transfers.
    pub stated: Vec<Stated>,
    /// Answers that identify nobody and went out.
    pub sent: Vec<Payload>,
    /// Requests that could not be looked into while identifying values stood in the form.
    pub unread: Vec<Unread>,
    /// Where the walk through it ended.
    pub end: Option<WalkEnd>,
    /// What the page put before the visitor after pressing.
    pub prompts: Vec<Prompt>,
    /// The ways that are said to go on without consent.
    pub refusals: Vec<RefusalWalk>,
}

/// A field of a request that states consent and that no control of the form stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    pub field: String,
    pub value: String,
    pub path: Path,
    pub capture: Option<String>,
}

/// Something new that the page showed in answer to a press: a dialog, a further screen.
#[derive(Debug, Clone)]
pub struct Prompt {
    pub passages: Vec<Passage>,
    pub buttons: Vec<Button>,
    pub place: Place,
}

/// One way that is said to go on without consent, walked in a visit of its own.
#[derive(Debug, Clone)]
pub struct RefusalWalk {
    pub press: Press,
    /// The page that it led to, where it left the form's.
    pub led_to: Option<Arrived>,
    /// It led back to the page it started from.
    pub came_back: bool,
    /// What a form there asks for again.
    pub asks_again: Vec<Category>,
    /// Words there that ask for consent again.
    pub consent_again: Option<Passage>,
    /// The capture of where it led.
    pub capture: Option<String>,
}
