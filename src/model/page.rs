//! A page with its forms, links and what it is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::artifact::Gap;

use super::form::{FormModel, Passage};
use super::party::Named;
use super::place::{Place, Where};

pub use crate::artifact::PageRole;

/// What a link leads to, by its words and address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkRole {
    Privacy,
    Legal,
    Terms,
    Recipients,
    /// It may lead to a collection form.
    Collection,
}

/// A link of the page.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    pub text: String,
    /// Resolved; may point into the same page.
    pub url: String,
    /// The raw attribute, since an empty or `#` target is a finding of its own.
    pub raw: String,
    pub roles: Vec<LinkRole>,
    pub nearness: Where,
    pub place: Place,
}

/// One page as extraction understood it.
#[derive(Debug, Clone)]
pub struct PageModel {
    pub id: String,
    pub target: String,
    pub url: String,
    pub final_url: String,
    pub http_status: Option<u16>,
    pub role: PageRole,
    pub language: Option<String>,
    /// The capture that its facts were read from.
    pub capture: String,
    /// What a visitor meets was read: the settled page, or markup that no script and no frame adds to.
    /// Otherwise what is missing may still be there.
    pub complete: bool,
    /// Frames that a visitor sees and that were not read.
    pub unread_frames: usize,
    pub title: String,
    /// Whether its language has a lexicon.
    pub understood: bool,
    /// Everything that a visitor can read on it, in order.
    pub passages: Vec<Passage>,
    pub forms: Vec<FormModel>,
    pub links: Vec<Link>,
    /// Parties that the page names as responsible, anywhere on it.
    pub parties: Vec<Named>,
    pub gaps: Vec<Gap>,
}
