//! The pages of a scan, and where the links of a form lead among them.
//!
//! What a link leads to is found out once per form, what a page links once per page.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::artifact::PageStatus;
use crate::model::{self, FormModel, Link, LinkRole, PageModel};
use crate::target::page_key;

use super::memo::Memo;

/// Every page of the scan, for following a form's links in what was captured.
#[derive(Default)]
pub struct Site<'a> {
    by_url: HashMap<String, PageView<'a>>,
    by_id: HashMap<String, &'a PageModel>,
    pub(super) memo: Memo,
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
/// Legal pages that are followed for a form.
const MOST_LEGAL: usize = 12;
const LEGAL: [LinkRole; 3] = [LinkRole::Privacy, LinkRole::Legal, LinkRole::Terms];

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
        if let Some(model) = view.model {
            self.by_id.entry(model.id.clone()).or_insert(model);
        }
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
    pub(super) fn at(&self, url: &str) -> Option<&PageView<'a>> {
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
        let own = self
            .memo
            .once(from, "own address", || page_key(&from.final_url));
        let key = page_key(&link.url);
        if key == *own {
            return LinkedPage::Read(from);
        }
        match self.by_url.get(&key) {
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

    /// The first links of a page with a role.
    pub(super) fn links_of(&self, page: &'a PageModel, role: LinkRole) -> Vec<&'a Link> {
        let places: Rc<Vec<usize>> = self.memo.once(page, &format!("links {role:?}"), || {
            self.memo.count(page.links.len());
            let links = page.links.iter().enumerate();
            let of_role = links.filter(|(_, link)| link.roles.contains(&role));
            of_role.map(|(at, _)| at).take(MOST_LINKS).collect()
        });
        places.iter().filter_map(|&at| page.links.get(at)).collect()
    }

    /// The first links of a page to legal documents, each address once: twice as many as are followed, for
    /// a form may hold some of them itself.
    fn legal_links(&self, page: &'a PageModel) -> Vec<&'a Link> {
        let places: Rc<Vec<usize>> = self.memo.once(page, "legal links", || {
            self.memo.count(page.links.len());
            let mut known: HashSet<&str> = HashSet::new();
            let links = page.links.iter().enumerate();
            let legal = links.filter(|(_, link)| is_legal(link) && known.insert(&link.url));
            legal.map(|(at, _)| at).take(2 * MOST_LEGAL).collect()
        });
        places.iter().filter_map(|&at| page.links.get(at)).collect()
    }

    /// The pages of a form's recipient list.
    fn list_pages(&self, page: &'a PageModel, form: &FormModel) -> Vec<&'a PageModel> {
        let Some(link) = &form.recipient_list else {
            return Vec::new();
        };
        let question = format!("list {} {}", link.raw, link.url);
        let ids: Rc<Vec<String>> = self.memo.once(page, &question, || {
            let open = |url: &str| self.at(url).and_then(|view| view.model);
            let pages = model::recipient_list_pages(page, form, open);
            self.memo
                .count(pages.iter().map(|page| page.links.len()).sum());
            pages.iter().map(|page| page.id.clone()).collect()
        });
        let by_id = |id: &String| match *id == page.id {
            true => Some(page),
            false => self.by_id.get(id).copied(),
        };
        ids.iter().filter_map(by_id).collect()
    }

    /// How many lines, links and entries of pages were looked at so far.
    pub fn steps(&self) -> u64 {
        self.memo.steps()
    }
}

fn is_legal(link: &Link) -> bool {
    LEGAL.iter().any(|role| link.roles.contains(role))
}

/// Where a form's links lead, followed once for all rules.
#[derive(Default)]
pub struct FormLinks<'a> {
    /// One for each role of [`FOLLOWED`].
    by_role: Vec<Followed<'a>>,
    /// The pages of the recipient list that were read, the first one first.
    pub(super) list: Vec<&'a PageModel>,
    pub(super) legal: Vec<LinkedPage<'a>>,
}

/// The roles whose links are followed.
const FOLLOWED: [LinkRole; 4] = [
    LinkRole::Privacy,
    LinkRole::Legal,
    LinkRole::Terms,
    LinkRole::Recipients,
];

/// The links of one role, and what they led to.
#[derive(Default)]
pub(super) struct Followed<'a> {
    pub links: Vec<&'a Link>,
    pub read: Vec<&'a PageModel>,
    /// None was read, and one of them might hold something.
    pub unread: bool,
}

impl<'a> FormLinks<'a> {
    pub fn new(page: &'a PageModel, form: &'a FormModel, site: &Site<'a>) -> FormLinks<'a> {
        let list = site.list_pages(page, form);
        let follow = |role: LinkRole| {
            let mut followed = Followed {
                links: at_form_or_page(page, form, site, role),
                ..Followed::default()
            };
            if role == LinkRole::Recipients {
                followed.read.clone_from(&list);
            }
            for link in &followed.links {
                match site.follow(page, link) {
                    LinkedPage::Read(page) => {
                        if !followed.read.iter().any(|known| known.id == page.id) {
                            followed.read.push(page);
                        }
                    }
                    LinkedPage::Unread | LinkedPage::Nowhere => followed.unread = true,
                    LinkedPage::Dead(_) => {}
                }
            }
            // One that was read answers for its like; a footer links many.
            followed.unread &= followed.read.is_empty();
            followed
        };
        let by_role = FOLLOWED.into_iter().map(follow).collect();
        let own = form.links.iter().filter(|link| is_legal(link));
        let mut known: HashSet<&str> = HashSet::new();
        let legal = own
            .chain(site.legal_links(page))
            .filter(|link| known.insert(&link.url))
            .take(MOST_LEGAL);
        FormLinks {
            by_role,
            list,
            legal: legal.map(|link| site.follow(page, link)).collect(),
        }
    }

    pub(super) fn of(&self, role: LinkRole) -> Option<&Followed<'a>> {
        let at = FOLLOWED.iter().position(|known| *known == role)?;
        self.by_role.get(at)
    }
}

/// The links of a role: those at the form where there are any, else those of its page.
fn at_form_or_page<'a>(
    page: &'a PageModel,
    form: &'a FormModel,
    site: &Site<'a>,
    role: LinkRole,
) -> Vec<&'a Link> {
    let at_form = form.links.iter().filter(|link| link.roles.contains(&role));
    let at_form: Vec<&Link> = at_form.take(MOST_LINKS).collect();
    match at_form.is_empty() {
        true => site.links_of(page, role),
        false => at_form,
    }
}
