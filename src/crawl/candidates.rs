//! The links of a page that are worth opening, best first. Pure.

use url::Url;

use crate::artifact::{FoundBy, PageRecord, PageRole};
use crate::extract;
use crate::lexicon::Lexicons;
use crate::model::{FormKind, Link, LinkRole, PageModel};

/// A link that may be opened.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub url: Url,
    pub role: PageRole,
    pub found_by: FoundBy,
    pub words: String,
    /// Its words call for an action that leads to a form.
    pub is_call: bool,
}

/// Legal pages that one page may add.
const MOST_LEGAL: usize = 8;
/// Other pages that one page may add.
const MOST_LINKS: usize = 60;

/// The candidates of a page: its forms' legal pages first, then likely collection pages.
pub fn candidates(model: &PageModel, record: &PageRecord) -> Vec<Candidate> {
    // A legal page leads nowhere further, except a list to its next page.
    if record.found_by == FoundBy::Legal {
        return next_page(model).into_iter().collect();
    }
    let mut out = legal(model);
    out.extend(
        model
            .links
            .iter()
            .filter(|link| link.roles == [LinkRole::Collection])
            .filter_map(|link| candidate(link, PageRole::Collection, FoundBy::Link))
            .take(MOST_LINKS),
    );
    out
}

/// Pages by address alone, those whose words call for a form.
pub fn from_addresses(pages: Vec<Url>, lexicons: &Lexicons) -> Vec<Candidate> {
    pages
        .into_iter()
        .filter(|url| extract::address_calls(url, lexicons))
        .map(|url| Candidate {
            url,
            role: PageRole::Collection,
            found_by: FoundBy::Sitemap,
            words: String::new(),
            is_call: false,
        })
        .collect()
}

fn next_page(model: &PageModel) -> Option<Candidate> {
    let mut links = model.links.iter();
    let next = links.find(|link| link.roles.contains(&LinkRole::Next))?;
    candidate(next, model.role, FoundBy::Legal)
}

fn legal(model: &PageModel) -> Vec<Candidate> {
    let collects = model
        .forms
        .iter()
        .filter(|form| form.kind == FormKind::Collection);
    let mut has_form = false;
    let mut links: Vec<&Link> = Vec::new();
    for form in collects {
        has_form = true;
        links.extend(&form.links);
    }
    if !has_form {
        return Vec::new();
    }
    links.extend(&model.links);
    let mut out: Vec<Candidate> = Vec::new();
    let wanted = [
        (LinkRole::Recipients, PageRole::RecipientList, true),
        (LinkRole::Privacy, PageRole::PrivacyNotice, false),
        (LinkRole::Legal, PageRole::LegalNotice, false),
        (LinkRole::Terms, PageRole::Terms, true),
    ];
    for (role, page_role, only_in_form) in wanted {
        let of_role = links.iter().filter(|link| {
            link.roles.contains(&role)
                && (!only_in_form || link.nearness == crate::model::Where::Form)
        });
        let found = of_role.filter_map(|link| candidate(link, page_role, FoundBy::Legal));
        for candidate in found.take(4) {
            if out.len() < MOST_LEGAL && !out.iter().any(|known| known.url == candidate.url) {
                out.push(candidate);
            }
        }
    }
    out
}

fn candidate(link: &Link, role: PageRole, found_by: FoundBy) -> Option<Candidate> {
    let mut url = Url::parse(&link.url).ok()?;
    url.set_fragment(None);
    if link.raw.is_empty() || link.raw.starts_with('#') || is_file(&url) {
        return None;
    }
    Some(Candidate {
        url,
        role,
        found_by,
        words: link.text.chars().take(120).collect(),
        is_call: !link.text.is_empty(),
    })
}

/// Addresses of pictures, archives and the like; a PDF is kept for legal pages' sake.
fn is_file(url: &Url) -> bool {
    const FILES: [&str; 14] = [
        ".jpg", ".jpeg", ".png", ".gif", ".svg", ".webp", ".zip", ".mp4", ".mp3", ".doc", ".docx",
        ".xls", ".xlsx", ".ics",
    ];
    let path = url.path().to_ascii_lowercase();
    FILES.iter().any(|ending| path.ends_with(ending))
}
