//! The next page of a list that goes on.

use url::Url;

use crate::artifact::{Dom, NodeId};
use crate::lexicon::Sense;
use crate::model::{Link, LinkRole, Place, Where};

use super::links::FoundLink;
use super::text::text_of;
use super::voice::Voice;

/// A longer text is not the name of a page.
const LONGEST_TEXT: usize = 40;
/// What addresses call the number of a page.
const NUMBERS: [&str; 9] = [
    "page", "p", "pg", "paged", "pagina", "seite", "pagenum", "pageno", "pn",
];
/// Higher numbers count something else.
const HIGHEST: u32 = 1_000;

/// Marks the one link that leads to the page after this one.
pub fn mark(dom: &Dom, links: &mut Vec<FoundLink>, voice: &Voice) {
    let Some(here) = dom.documents.first().and_then(|d| Url::parse(&d.url).ok()) else {
        return;
    };
    let number = number_of(&here).unwrap_or(1);
    let ways: [&dyn Fn(&FoundLink) -> bool; 3] = [
        &|found| says_next(dom, found.node),
        &|found| names_next(dom, found, voice),
        &|found| is_number(&found.link, number + 1),
    ];
    let onward = |way: &dyn Fn(&FoundLink) -> bool| {
        links
            .iter()
            .position(|found| leads_on(&found.link, &here) && way(found))
    };
    match (onward(ways[0]), declared(dom, &here)) {
        // The head may say it where no link does.
        (None, Some(found)) => links.insert(0, found),
        (said, _) => {
            let next = said.or_else(|| ways[1..].iter().find_map(|way| onward(way)));
            if let Some(next) = next {
                links[next].link.roles.push(LinkRole::Next);
            }
        }
    }
}

/// Whether the link leads to another page of the same host.
fn leads_on(link: &Link, here: &Url) -> bool {
    let Ok(mut url) = Url::parse(&link.url) else {
        return false;
    };
    let mut here = here.clone();
    url.set_fragment(None);
    here.set_fragment(None);
    url.host_str() == here.host_str() && url != here
}

fn says_next(dom: &Dom, id: NodeId) -> bool {
    let relations = dom.node(id).filled("rel").unwrap_or_default();
    relations
        .split_whitespace()
        .any(|relation| relation.eq_ignore_ascii_case("next"))
}

fn names_next(dom: &Dom, found: &FoundLink, voice: &Voice) -> bool {
    let label = ["aria-label", "title"]
        .iter()
        .filter_map(|name| dom.node(found.node).filled(name));
    std::iter::once(found.link.text.as_str())
        .chain(label)
        .filter(|text| text.len() <= LONGEST_TEXT)
        .any(|text| voice.read_technical(text).has(Sense::LinkNext))
}

/// Whether the link is called by the number, and its address holds it.
fn is_number(link: &Link, number: u32) -> bool {
    let called = link.text.parse() == Ok(number);
    called
        && Url::parse(&link.url)
            .ok()
            .and_then(|url| number_of(&url))
            .is_some_and(|of| of == number)
}

/// The number of the page that an address gives: `?page=2`, `/page/2`, `/page-2`.
fn number_of(url: &Url) -> Option<u32> {
    let in_query = url
        .query_pairs()
        .find(|(name, _)| NUMBERS.contains(&name.to_ascii_lowercase().as_str()))
        .and_then(|(_, value)| value.parse().ok());
    let in_path = || {
        let path = url.path().to_ascii_lowercase();
        let parts: Vec<&str> = path.split(['/', '-', '_']).collect();
        parts
            .windows(2)
            .rev()
            .find(|pair| NUMBERS.contains(&pair[0]))
            .and_then(|pair| pair[1].parse().ok())
    };
    in_query.or_else(in_path).filter(|number| *number < HIGHEST)
}

/// The next page as the head of the document declares it.
fn declared(dom: &Dom, here: &Url) -> Option<FoundLink> {
    let node = dom
        .named(&["link"])
        .take(200)
        .find(|&id| dom.node(id).document == 0 && says_next(dom, id))?;
    let raw = dom.node(node).filled("href")?;
    let link = Link {
        text: text_of(dom, node),
        url: here.join(raw).ok()?.to_string(),
        raw: raw.chars().take(2_000).collect(),
        roles: vec![LinkRole::Next],
        nearness: Where::Page,
        place: Place::of(dom, node),
        look: None,
    };
    leads_on(&link, here).then_some(FoundLink { node, link })
}
