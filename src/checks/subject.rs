//! What a check is asked about: a form, or one control of it, with the pages around it.

use std::rc::Rc;

use serde::Deserialize;

use crate::artifact::Rect;
use crate::finding::Observation;
use crate::lexicon::Entities;
use crate::model::{
    Control, Decided, FormModel, Link, LinkRole, Named, PageModel, Passage, Place, Request,
    Tracker, Where,
};
use crate::target::page_key;

use super::site::{FormLinks, LinkedPage, Site};

/// What a rule is judged once for each of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// A collection form.
    Form,
    /// A control of a collection form.
    Control,
}

/// One subject.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    pub page: &'a PageModel,
    pub form: &'a FormModel,
    pub control: Option<&'a Control>,
    pub site: &'a Site<'a>,
    /// Where the form's links lead.
    pub linked: &'a FormLinks<'a>,
    /// How companies are written: to compare names and numbers.
    pub entities: &'a Entities,
    /// What the user wants the leads for.
    pub request: &'a Request,
    /// Public decisions against companies.
    pub decisions: &'a [Decided],
    /// Services that need a choice before they may read or write on a device.
    pub trackers: &'a [Tracker],
}

/// A text to look at: a whole page, or the form's own block.
#[derive(Clone, Copy)]
pub struct Part<'a> {
    pub page: &'a PageModel,
    /// The form's own lines; `None` for the page's.
    own: Option<&'a [Passage]>,
}

/// What could be read of a place, and whether something of it could not.
#[derive(Clone, Default)]
pub struct Text<'a> {
    pub read: Vec<Part<'a>>,
    pub unread: bool,
}

impl<'a> Part<'a> {
    /// A whole page.
    pub fn whole(page: &'a PageModel) -> Part<'a> {
        Part { page, own: None }
    }

    fn lines(self) -> &'a [Passage] {
        self.own.unwrap_or(&self.page.passages)
    }
}

impl<'a> Subject<'a> {
    /// The texts of a place. A notice that is linked nowhere is a place without texts.
    pub fn text(&self, place: Where) -> Text<'a> {
        let role = match place {
            Where::Form => {
                let part = Part {
                    page: self.page,
                    own: Some(&self.form.passages),
                };
                return Text {
                    read: vec![part],
                    unread: false,
                };
            }
            Where::Page => {
                return Text {
                    read: vec![Part::whole(self.page)],
                    unread: false,
                };
            }
            Where::PrivacyNotice => LinkRole::Privacy,
            Where::LegalNotice => LinkRole::Legal,
            Where::Terms => LinkRole::Terms,
            Where::RecipientList => LinkRole::Recipients,
        };
        let Some(followed) = self.linked.of(role) else {
            return Text::default();
        };
        Text {
            read: followed
                .read
                .iter()
                .map(|&page| Part::whole(page))
                .collect(),
            unread: followed.unread,
        }
    }

    /// What `find` makes of a page for a question. It must rest on the page and the ruleset alone: the
    /// answer is kept for every form that asks the same.
    pub fn once<T: 'static>(
        &self,
        page: &'a PageModel,
        question: &str,
        find: impl FnOnce(&'a PageModel) -> T,
    ) -> Rc<T> {
        let memo = &self.site.memo;
        memo.once(page, question, || {
            memo.count(page.passages.len() + page.links.len() + page.entries.len());
            find(page)
        })
    }

    /// What `find` makes of the lines of a text for a question; of a whole page once, as [`Self::once`].
    pub fn of<T: 'static>(
        &self,
        part: Part<'a>,
        question: &str,
        find: impl FnOnce(&'a [Passage]) -> T,
    ) -> Rc<T> {
        match part.own {
            Some(own) => Rc::new(find(own)),
            None => self.once(part.page, question, |page| find(&page.passages)),
        }
    }

    /// The first line of a text that a question accepts, with what it makes of it.
    pub fn first<T: Clone + 'static>(
        &self,
        part: Part<'a>,
        question: &str,
        accept: impl Fn(&'a Passage) -> Option<T>,
    ) -> Option<(&'a Passage, T)> {
        let found: Rc<Option<(usize, T)>> = self.of(part, question, |lines| {
            let mut lines = lines.iter().enumerate();
            lines.find_map(|(at, line)| Some((at, accept(line)?)))
        });
        let (at, made) = (*found).clone()?;
        Some((part.lines().get(at)?, made))
    }

    /// The first line of a text that a question accepts.
    pub fn first_line(
        &self,
        part: Part<'a>,
        question: &str,
        accept: impl Fn(&Passage) -> bool,
    ) -> Option<&'a Passage> {
        let found = self.first(part, question, |line| accept(line).then_some(()));
        found.map(|(line, ())| line)
    }

    /// The first heading of the form's page that a question accepts.
    pub fn heading(
        &self,
        question: &str,
        accept: impl Fn(&Passage) -> bool,
    ) -> Option<&'a Passage> {
        let part = Part::whole(self.page);
        self.first_line(part, question, |line| line.heading && accept(line))
    }

    /// The line at a place that [`Self::of`] gave.
    pub fn line(&self, part: Part<'a>, at: usize) -> Option<&'a Passage> {
        part.lines().get(at)
    }

    /// The links of a role: those at the form where there are any, else those of its page.
    pub fn links(&self, role: LinkRole) -> &'a [&'a Link] {
        self.linked.of(role).map_or(&[], |followed| &followed.links)
    }

    /// What became of the legal pages that the form or its page links to.
    pub fn legal_pages(&self) -> &'a [LinkedPage<'a>] {
        &self.linked.legal
    }

    /// Points at a whole page, where what matters is what it does not say.
    pub fn see_page(&self, page: &'a PageModel) -> Observation {
        let heading = self.first_line(Part::whole(page), "heading", |line| line.heading);
        let title = Some(page.title.clone()).filter(|title| !title.is_empty());
        Observation {
            quote: heading.map(|passage| passage.text.clone()).or(title),
            locator: heading.map_or("html".to_string(), |h| h.place.locator.clone()),
            capture: heading.map_or(page.capture.clone(), |h| h.place.capture.to_string()),
            bounds: heading.and_then(|passage| passage.place.bounds),
        }
    }

    /// The pages of the form's recipient list as far as they were read, the first one first; empty where
    /// there is no list or it was not read. Its entries are those of all of them.
    pub fn recipient_list_pages(&self) -> &'a [&'a PageModel] {
        &self.linked.list
    }

    /// Whether the list has further pages that were not read.
    pub fn recipient_list_goes_on(&self) -> bool {
        let pages = self.recipient_list_pages();
        let Some(last) = pages.last() else {
            return false;
        };
        let read: Vec<String> = pages.iter().map(|page| page_key(&page.final_url)).collect();
        let mut next = self.site.links_of(last, LinkRole::Next).into_iter();
        next.any(|link| !link.leads_nowhere() && !read.contains(&page_key(&link.url)))
    }

    /// The link to the form's recipient list. One that leads to the general notice, and to no list there,
    /// is none.
    pub fn recipient_list(&self) -> Option<&'a Link> {
        let link = self.form.recipient_list.as_ref()?;
        let Some(notice) = self.notice_for_list() else {
            return Some(link);
        };
        let pages = self.recipient_list_pages();
        let listed = pages.iter().any(|page| !page.entries.is_empty());
        // Unread, a link whose own words speak of both may still lead to a list.
        let both = pages.is_empty() && notice.place == link.place;
        (listed || both).then_some(link)
    }

    /// The link to the general notice, where the one to the form's recipient list leads to it as well.
    pub fn notice_for_list(&self) -> Option<&'a Link> {
        let link = self.form.recipient_list.as_ref()?;
        let notice = self.form.privacy_notice.as_ref()?;
        let same = !link.leads_nowhere()
            && !link.url.is_empty()
            && !link.url.contains('#')
            && page_key(&notice.url) == page_key(&link.url);
        same.then_some(notice)
    }

    /// Points at a control.
    pub fn see_control(&self, control: &Control) -> Observation {
        Observation {
            quote: Some(control.label.clone()).filter(|label| !label.is_empty()),
            locator: control.place.locator.clone(),
            capture: control.place.capture.to_string(),
            bounds: control.place.bounds,
        }
    }

    /// Points at a passage.
    pub fn see_passage(&self, passage: &Passage) -> Observation {
        Observation {
            quote: Some(passage.text.clone()),
            locator: passage.place.locator.clone(),
            capture: passage.place.capture.to_string(),
            bounds: passage.place.bounds,
        }
    }

    /// Points at words.
    pub fn see(&self, quote: &str, place: &Place) -> Observation {
        Observation {
            quote: Some(quote.to_string()).filter(|quote| !quote.is_empty()),
            locator: place.locator.clone(),
            capture: place.capture.to_string(),
            bounds: place.bounds,
        }
    }

    /// Points at a name where a page gives it.
    pub fn see_named(&self, named: &Named) -> Observation {
        self.see(&named.quote, &named.place)
    }

    /// Points at the whole form, where what matters is what it does not say.
    pub fn see_form(&self) -> Observation {
        let captions: Vec<&str> = self
            .form
            .buttons
            .iter()
            .map(|button| button.label.as_str())
            .filter(|label| !label.is_empty())
            .take(3)
            .collect();
        let heading = self.form.passages.iter().find(|passage| passage.heading);
        let quote = heading
            .map(|passage| passage.text.clone())
            .into_iter()
            .chain(captions.iter().map(|caption| format!("[{caption}]")))
            .collect::<Vec<_>>()
            .join(" ");
        Observation {
            quote: Some(quote).filter(|quote| !quote.is_empty()),
            locator: self.form.place.locator.clone(),
            capture: self.form.place.capture.to_string(),
            bounds: self.form_bounds(),
        }
    }

    fn form_bounds(&self) -> Option<Rect> {
        self.form.place.bounds
    }
}
