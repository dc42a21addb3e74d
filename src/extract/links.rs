//! The links of a page: where they lead, and what their words and address say they are.

use url::Url;

use crate::artifact::{Dom, NodeId};
use crate::lexicon::{Reading, Sense};
use crate::model::{Link, LinkRole, Place, Where};

use super::attributes;
use super::text::text_of;
use super::voice::Voice;

const ROLES: [(Sense, LinkRole); 5] = [
    (Sense::LinkPrivacy, LinkRole::Privacy),
    (Sense::LinkLegal, LinkRole::Legal),
    (Sense::LinkTerms, LinkRole::Terms),
    (Sense::LinkRecipients, LinkRole::Recipients),
    (Sense::LinkCollection, LinkRole::Collection),
];
/// The text of a whole teaser is not a link's name.
const LONGEST_TEXT: usize = 160;
/// More words than this are a sentence, not a document's name.
const NAME_WORDS: usize = 5;
/// More links than this are not read.
const MOST_LINKS: usize = 5_000;

/// A link and the node it was read from.
pub struct FoundLink {
    pub node: NodeId,
    pub link: Link,
}

/// Reads every link of the page, in document order.
pub fn find(dom: &Dom, voice: &Voice) -> Vec<FoundLink> {
    let bases: Vec<Option<Url>> = (0..dom.documents.len()).map(|at| base(dom, at)).collect();
    dom.named(&["a", "area"])
        .filter_map(|id| {
            let node = dom.node(id);
            let raw = node.attribute("href")?.trim();
            let base = bases.get(node.document)?.as_ref()?;
            let url = base.join(raw).ok();
            let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
            let text = words_of(dom, id);
            // A mail address or a telephone number is no page, whatever its words.
            let contact = ["mailto:", "tel:", "sms:"].iter().any(|scheme| {
                raw.get(..scheme.len())
                    .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
            });
            let roles = if contact {
                Vec::new()
            } else {
                roles(&text, url.as_ref(), voice)
            };
            Some(FoundLink {
                node: id,
                link: Link {
                    text,
                    url: url.map(String::from).unwrap_or_default(),
                    raw: raw.chars().take(2_000).collect(),
                    roles,
                    nearness: Where::Page,
                    place: Place::of(dom, id),
                    look: None,
                },
            })
        })
        .take(MOST_LINKS)
        .collect()
}

/// The address that relative links of a document are resolved against.
pub fn base(dom: &Dom, document: usize) -> Option<Url> {
    let document = dom.documents.get(document)?;
    let mut own = Url::parse(&document.url).ok();
    let mut owner = document.owner;
    // A srcdoc frame resolves against the page that holds it.
    while own.as_ref().is_none_or(|url| url.cannot_be_a_base()) {
        let up = &dom.documents[dom.node(owner?).document];
        own = Url::parse(&up.url).ok();
        owner = up.owner;
    }
    let own = own?;
    let declared = (document.root..dom.node(document.root).end)
        .take(500)
        .filter(|&id| dom.node(id).name() == "base")
        .find_map(|id| own.join(dom.node(id).filled("href")?).ok());
    Some(declared.unwrap_or(own))
}

fn words_of(dom: &Dom, id: NodeId) -> String {
    let node = dom.node(id);
    let text = text_of(dom, id);
    if !text.is_empty() {
        return text;
    }
    ["aria-label", "title"]
        .iter()
        .find_map(|name| node.filled(name))
        .unwrap_or_default()
        .to_string()
}

/// The words decide; the address only where the words say nothing.
fn roles(text: &str, url: Option<&Url>, voice: &Voice) -> Vec<LinkRole> {
    let mut roles = Vec::new();
    if text.len() <= LONGEST_TEXT {
        let reading = voice.read_technical(text);
        roles = from_reading(&reading);
        // "Go on without the partners' offers" leads to no list of them.
        let refuses = reading.has_any(&[Sense::Refuse, Sense::OptOut]);
        roles.retain(|role| {
            *role != LinkRole::Recipients || !(refuses && reading.has(Sense::Marketing))
        });
    }
    // A whole sentence names what it is about, its address what it leads to.
    let sentence = text.split_whitespace().nth(NAME_WORDS).is_some();
    let names_document = roles
        .iter()
        .any(|role| matches!(role, LinkRole::Privacy | LinkRole::Legal | LinkRole::Terms));
    if let Some(url) = url
        && (roles.is_empty() || (sentence && !names_document))
    {
        let path: String = url.path().chars().take(200).collect();
        let words = attributes::words(&path);
        let by_address = from_reading(&voice.read_technical(&words)).into_iter();
        // An address alone is too weak a hint for a list of partners.
        roles.extend(by_address.filter(|role| *role != LinkRole::Recipients));
    }
    roles
}

fn from_reading(reading: &Reading) -> Vec<LinkRole> {
    ROLES
        .iter()
        .filter(|(sense, _)| reading.has(*sense))
        .map(|(_, role)| *role)
        .collect()
}
