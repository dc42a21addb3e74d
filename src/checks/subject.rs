//! What a check is asked about: a form, or one control of it, with the pages around it.

use std::collections::HashMap;

use serde::Deserialize;

use crate::artifact::{PageStatus, Rect};
use crate::finding::Observation;
use crate::lexicon::Entities;
use crate::model::{
    self, Control, Decided, FormModel, Link, LinkRole, Named, PageModel, Passage, Place, Request,
    Tracker, Where,
};
use crate::target::page_key;

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
    /// How companies are written: to compare names and numbers.
    pub entities: &'a Entities,
    /// What the user wants the leads for.
    pub request: &'a Request,
    /// Public decisions against companies.
    pub decisions: &'a [Decided],
    /// Services that need a choice before they may read or write on a device.
    pub trackers: &'a [Tracker],
}

/// What could be read of a place, and whether something of it could not.
#[derive(Default)]
pub struct Text<'a> {
    pub read: Vec<(&'a PageModel, &'a [Passage])>,
    pub unread: bool,
}

/// Every page of the scan, for following a form's links in what was captured.
#[derive(Default)]
pub struct Site<'a> {
    by_url: HashMap<String, PageView<'a>>,
}

/// A page of the scan, examined or not.
#[derive(Debug, Clone, Copy)]
pub struct PageView<'a> {
    pub status: PageStatus,
    pub http_status: Option<u16>,
    pub model: Option<&'a PageModel>,
}

/// Links of one role that are followed for a form.
const MOST_LINKS: usize = 8;

/// What became of a link.
#[derive(Debug, Clone, Copy)]
pub enum LinkedPage<'a> {
    /// It was opened and read.
    Read(&'a PageModel),
    /// It was not opened, or something stood in the way.
    Unread,
    /// It leads nowhere by itself: `#`, `javascript:`.
    Nowhere,
    /// It answered with an error or not at all.
    Dead(Option<u16>),
}

impl<'a> Site<'a> {
    /// Adds a page under its own address and the one it ended at.
    pub fn add(&mut self, url: &str, final_url: Option<&str>, view: PageView<'a>) {
        for url in [Some(url), final_url].into_iter().flatten() {
            let key = page_key(url);
            let better = self
                .by_url
                .get(&key)
                .is_none_or(|known| known.model.is_none() && view.model.is_some());
            if better {
                self.by_url.insert(key, view);
            }
        }
    }

    /// The page that an address led to.
    fn at(&self, url: &str) -> Option<&PageView<'a>> {
        self.by_url.get(&page_key(url))
    }

    /// Follows a link from a page.
    pub fn follow(&self, from: &'a PageModel, link: &Link) -> LinkedPage<'a> {
        if link.leads_nowhere() {
            return LinkedPage::Nowhere;
        }
        if link.url.is_empty() {
            return LinkedPage::Unread;
        }
        if page_key(&link.url) == page_key(&from.final_url) {
            return LinkedPage::Read(from);
        }
        match self.at(&link.url) {
            None => LinkedPage::Unread,
            Some(PageView {
                model: Some(model), ..
            }) => LinkedPage::Read(model),
            Some(view) => match view.status {
                PageStatus::Unreachable | PageStatus::HttpError => {
                    LinkedPage::Dead(view.http_status)
                }
                _ => LinkedPage::Unread,
            },
        }
    }
}

impl<'a> Subject<'a> {
    /// The first page link of the form (in the form, else on its page) that leads to a legal page.
    pub fn linked(&self, link: Option<&Link>) -> Option<LinkedPage<'a>> {
        link.map(|link| self.site.follow(self.page, link))
    }

    /// The texts of a place. A notice that is linked nowhere is a place without texts.
    pub fn text(&self, place: Where) -> Text<'a> {
        let role = match place {
            Where::Form => {
                return Text {
                    read: vec![(self.page, &self.form.passages)],
                    unread: false,
                };
            }
            Where::Page => {
                return Text {
                    read: vec![(self.page, &self.page.passages)],
                    unread: false,
                };
            }
            Where::PrivacyNotice => LinkRole::Privacy,
            Where::LegalNotice => LinkRole::Legal,
            Where::Terms => LinkRole::Terms,
            Where::RecipientList => LinkRole::Recipients,
        };
        let mut text = Text::default();
        if place == Where::RecipientList {
            let pages = self.recipient_list_pages().into_iter();
            text.read = pages.map(|page| (page, page.passages.as_slice())).collect();
        }
        for link in self.links(role) {
            match self.site.follow(self.page, link) {
                LinkedPage::Read(page) => {
                    if !text.read.iter().any(|(known, _)| known.id == page.id) {
                        text.read.push((page, &page.passages));
                    }
                }
                LinkedPage::Unread | LinkedPage::Nowhere => text.unread = true,
                LinkedPage::Dead(_) => {}
            }
        }
        // One that was read answers for its like; a footer links many.
        text.unread &= text.read.is_empty();
        text
    }

    /// The links of a role: those at the form where there are any, else those of its page.
    pub fn links(&self, role: LinkRole) -> impl Iterator<Item = &'a Link> + use<'a> {
        let of_role = move |link: &&Link| link.roles.contains(&role);
        let (form, page) = (&self.form.links, &self.page.links);
        let at_form = form.iter().any(|link| of_role(&link));
        let chosen = if at_form { form } else { page };
        chosen.iter().filter(of_role).take(MOST_LINKS)
    }

    /// Points at a whole page, where what matters is what it does not say.
    pub fn see_page(&self, page: &PageModel) -> Observation {
        let heading = page.passages.iter().find(|passage| passage.heading);
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
    pub fn recipient_list_pages(&self) -> Vec<&'a PageModel> {
        model::recipient_list_pages(self.page, self.form, |url| {
            self.site.at(url).and_then(|view| view.model)
        })
    }

    /// Whether the list has further pages that were not read.
    pub fn recipient_list_goes_on(&self) -> bool {
        let pages = self.recipient_list_pages();
        let read: Vec<String> = pages.iter().map(|page| page_key(&page.final_url)).collect();
        let last = pages.last().map_or(&[][..], |page| &page.links);
        let mut next = last.iter().filter(|l| l.roles.contains(&LinkRole::Next));
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
