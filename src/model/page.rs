//! A page with its forms, links and what it is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::artifact::{Gap, VisitRecord};

use super::entry::Entry;
use super::form::{FormModel, Passage};
use super::look::Look;
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
    /// The next page of a list that goes on.
    Next,
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
    /// How it was painted, where it is one of those that the choice turns on.
    pub look: Option<Box<Look>>,
}

impl Link {
    /// Whether it leads nowhere by itself, and scripts may open something: `#`, `javascript:`.
    pub fn leads_nowhere(&self) -> bool {
        let raw = self.raw.to_ascii_lowercase();
        matches!(raw.as_str(), "" | "#") || raw.starts_with("javascript:")
    }
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
    /// It is the text of a PDF.
    pub pdf: bool,
    /// Whether its language has a lexicon.
    pub understood: bool,
    /// Everything that a visitor can read on it, in order.
    pub passages: Vec<Passage>,
    pub forms: Vec<FormModel>,
    pub links: Vec<Link>,
    /// Parties that the page names as responsible, anywhere on it.
    pub parties: Vec<Named>,
    /// What it lists: a recipient list's entries, or those of a list that a block of it holds.
    pub entries: Vec<Entry>,
    /// The opening that all of this was read in, and what was done there.
    pub visit: VisitRecord,
    /// The same page as it showed itself at other openings: another device, another visit.
    pub faces: Vec<Face>,
    pub gaps: Vec<Gap>,
}

impl PageModel {
    /// Lets go of what was read line by line, at every opening: what judging needs and telling does not.
    pub fn forget_texts(&mut self) {
        self.passages = Vec::new();
        for face in &mut self.faces {
            face.page.forget_texts();
        }
        for form in &mut self.forms {
            form.passages = Vec::new();
        }
    }
}

/// The page at another opening.
#[derive(Debug, Clone)]
pub struct Face {
    pub page: PageModel,
    /// For each of its forms, in order.
    pub forms: Vec<FaceForm>,
}

/// Which form a form of another opening is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaceForm {
    /// Its place among the page's forms.
    pub form: usize,
    /// For each of its controls, the place among that form's controls.
    pub controls: Vec<usize>,
}

/// Pages of one recipient list that are opened and read.
pub const MOST_LIST_PAGES: usize = 10;

/// The pages of a form's recipient list as far as they were read, from the first one on: other pages, or
/// the form's own where a block of it is the list. `open` gives the page that an address leads to.
pub fn recipient_list_pages<'a>(
    page: &'a PageModel,
    form: &FormModel,
    open: impl Fn(&str) -> Option<&'a PageModel>,
) -> Vec<&'a PageModel> {
    let Some(link) = &form.recipient_list else {
        return Vec::new();
    };
    let first = if link.leads_nowhere() {
        Some(page)
    } else {
        open(&link.url)
    };
    // On the form's page, only a block that was found is a list.
    let first = first.filter(|first| first.id != page.id || !page.entries.is_empty());
    let mut pages: Vec<&PageModel> = Vec::new();
    let mut next = first;
    while let Some(at) = next {
        if pages.len() == MOST_LIST_PAGES || pages.iter().any(|known| known.id == at.id) {
            break;
        }
        pages.push(at);
        let onward = at.links.iter().find(|l| l.roles.contains(&LinkRole::Next));
        next = onward.and_then(|link| open(&link.url));
    }
    pages
}
