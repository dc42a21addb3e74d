//! Recipient lists within the page that links to them: a block further down, a dialog, something hidden
//! that a button shows.
//!
//! It finds the block; what the block lists is [`super::entries`]'s to say.

use std::cell::OnceCell;
use std::collections::HashMap;

use crate::artifact::{Dom, NodeId};
use crate::lexicon::Sense;
use crate::model::{Entry, Link, LinkRole, Place, Where};

use super::attributes;
use super::entries::ListReader;
use super::links::{self, FoundLink};
use super::regions::input_type;
use super::text::text_of;

/// Blocks of one page that are looked into.
const MOST_BLOCKS: usize = 20;
/// Buttons and the like of one page that are looked at.
const MOST_OPENERS: usize = 500;
/// A longer text is more than the name of a list.
const LONGEST_TEXT: usize = 160;
/// Without an address of its block, an opener says little else than what it opens.
const LONGEST_NAME: usize = 60;
/// Where a block's first words say what it holds.
const FIRST_WORDS: usize = 200;
/// Attributes whose value may be an id that the element does not open.
const NOT_TARGETS: [&str; 12] = [
    "id",
    "name",
    "class",
    "for",
    "form",
    "list",
    "value",
    "type",
    "style",
    "headers",
    "aria-labelledby",
    "aria-describedby",
];
const DIALOGS: [&str; 8] = [
    "modal",
    "popup",
    "popin",
    "lightbox",
    "dialog",
    "overlay",
    "drawer",
    "offcanvas",
];

/// A block with what it lists.
type Listed = (Vec<NodeId>, Vec<Entry>);

/// Reads the lists that stand within the page, and adds those that are opened by something without an
/// address to its links.
pub fn read(reader: &ListReader, links: &mut Vec<FoundLink>) -> Vec<Entry> {
    let page = Page {
        dom: reader.dom,
        reader,
        ids: ids(reader.dom),
        dialog: OnceCell::new(),
    };
    let mut entries: Vec<Entry> = Vec::new();
    let mut blocks: Vec<Vec<NodeId>> = Vec::new();
    let linked: Vec<NodeId> = links
        .iter()
        .filter(|found| page.leads_within(found))
        .map(|found| found.node)
        .collect();
    let pressed = page.openers();
    for opener in linked.iter().chain(&pressed).take(MOST_BLOCKS) {
        let Some((block, listed)) = page.list_of(*opener) else {
            continue;
        };
        if pressed.contains(opener) {
            links.push(page.as_link(*opener, &block));
        }
        if !blocks.contains(&block) {
            entries.extend(listed);
            blocks.push(block);
        }
    }
    links.sort_by_key(|found| found.node);
    entries
}

fn ids(dom: &Dom) -> HashMap<&str, NodeId> {
    let mut ids = HashMap::new();
    for id in dom.elements() {
        let node = dom.node(id);
        let own = node.filled("id");
        // Old anchors have names.
        let own = own.or_else(|| node.filled("name").filter(|_| node.name() == "a"));
        if let Some(own) = own.filter(|_| node.document == 0) {
            ids.entry(own).or_insert(id);
        }
    }
    ids
}

struct Page<'a> {
    dom: &'a Dom,
    reader: &'a ListReader<'a>,
    ids: HashMap<&'a str, NodeId>,
    /// The dialog that holds a list, for openers that do not say what they open.
    dialog: OnceCell<Option<Listed>>,
}

impl Page<'_> {
    /// Whether a link to recipients leads to something in the same document.
    fn leads_within(&self, found: &FoundLink) -> bool {
        let link = &found.link;
        let page = |url: &str| url.split('#').next().unwrap_or_default().to_string();
        let own = self.reader.url.as_ref().map(|url| page(url.as_str()));
        let here = link.url.contains('#') && own == Some(page(&link.url));
        link.roles.contains(&LinkRole::Recipients)
            && self.dom.node(found.node).document == 0
            && (here || link.leads_nowhere())
    }

    /// What can be pressed, has no address, and speaks of recipients.
    fn openers(&self) -> Vec<NodeId> {
        let pressed = |id: &NodeId| {
            let node = self.dom.node(*id);
            let by_name = match node.name() {
                "button" | "summary" => true,
                "a" => node.attribute("href").is_none(),
                _ => false,
            };
            let known = [
                "aria-controls",
                "data-target",
                "data-bs-target",
                "popovertarget",
            ];
            let by_attribute = || known.iter().any(|name| node.filled(name).is_some());
            let linked = node.name() == "a" && node.attribute("href").is_some();
            let by_role = matches!(node.attribute("role"), Some("button" | "link"));
            node.document == 0 && !linked && (by_name || by_role || by_attribute())
        };
        let speaks = |id: &NodeId| {
            let text = text_of(self.dom, *id);
            text.len() <= LONGEST_TEXT
                && self
                    .reader
                    .voice
                    .read_technical(&text)
                    .has(Sense::LinkRecipients)
        };
        let openers = self.dom.elements().filter(pressed).take(MOST_OPENERS);
        openers.filter(speaks).take(MOST_BLOCKS).collect()
    }

    /// The block that holds the list, with what it lists.
    fn list_of(&self, opener: NodeId) -> Option<Listed> {
        let listed = |block: Vec<NodeId>| {
            let entries = self.reader.block(&block);
            (!entries.is_empty()).then_some((block, entries))
        };
        if let Some(target) = self.target(opener) {
            return listed(self.section(target));
        }
        // An address that leads to nothing, or a button that sends the form, opens no dialog.
        let text = text_of(self.dom, opener);
        let node = self.dom.node(opener);
        let addressed = node
            .filled("href")
            .is_some_and(|to| to.len() > 1 && to.starts_with('#'));
        let sends = node.name() == "button"
            && input_type(self.dom, opener) != "button"
            && self.dom.closest(opener, &["form"]).is_some();
        if addressed || sends || text.len() > LONGEST_NAME {
            return None;
        }
        let dialog = || self.dialogs().find_map(|dialog| listed(vec![dialog]));
        self.dialog.get_or_init(dialog).clone()
    }

    /// The element that an opener names by its id, or that it is the summary of.
    fn target(&self, opener: NodeId) -> Option<NodeId> {
        let node = self.dom.node(opener);
        if node.name() == "summary" {
            return self.dom.closest(opener, &["details"]);
        }
        let crate::artifact::Data::Element { attributes, .. } = &node.data else {
            return None;
        };
        attributes
            .iter()
            .filter(|(name, _)| !NOT_TARGETS.contains(&&**name))
            .filter_map(|(_, value)| {
                value
                    .trim()
                    .split_once('#')
                    .map_or(Some(value.trim()), |(_, id)| Some(id))
            })
            .filter_map(|id| self.ids.get(id).copied())
            .find(|&target| !self.dom.contains(target, opener))
    }

    /// What an id stands for: its element, or all that follows where it marks a heading or a place.
    fn section(&self, target: NodeId) -> Vec<NodeId> {
        let dom = self.dom;
        let level = |id: NodeId| match dom.node(id).name() {
            name @ ("h1" | "h2" | "h3" | "h4" | "h5" | "h6") => name[1..].parse::<u32>().ok(),
            _ => None,
        };
        let heading = std::iter::once(target)
            .chain(dom.ancestors(target).take(3))
            .find(|&id| level(id).is_some());
        let from = match heading {
            Some(heading) => heading,
            None if text_of(dom, target).is_empty() => target,
            None => return vec![target],
        };
        let deepest = level(from).unwrap_or(6);
        let Some(parent) = dom.node(from).parent else {
            return vec![target];
        };
        dom.children(parent)
            .filter(|&at| at > from && dom.node(at).is_element())
            .take_while(|&at| level(at).is_none_or(|level| level > deepest))
            .collect()
    }

    /// Dialogs and hidden blocks whose first words speak of recipients.
    fn dialogs(&self) -> impl Iterator<Item = NodeId> + '_ {
        let is_dialog = |id: &NodeId| {
            let node = self.dom.node(*id);
            let by_role = matches!(node.attribute("role"), Some("dialog" | "alertdialog"));
            let by_name = || {
                ["id", "class"].iter().any(|name| {
                    let words = attributes::words(node.filled(name).unwrap_or_default());
                    words.split(' ').any(|word| DIALOGS.contains(&word))
                })
            };
            let hidden = || self.dom.visible(*id) == Some(false) && node.name() == "div";
            node.document == 0
                && !matches!(node.name(), "html" | "body" | "main" | "form")
                && (node.name() == "dialog" || by_role || by_name() || hidden())
        };
        let speaks = |id: &NodeId| {
            let first: String = text_of(self.dom, *id).chars().take(FIRST_WORDS).collect();
            let reading = self.reader.voice.read_technical(&first);
            reading.has_any(&[Sense::LinkRecipients, Sense::Partners])
        };
        let dialogs = self.dom.elements().filter(is_dialog).take(MOST_BLOCKS * 2);
        dialogs.filter(speaks).take(MOST_BLOCKS)
    }

    /// The opener as a link to its block.
    fn as_link(&self, opener: NodeId, block: &[NodeId]) -> FoundLink {
        let dom = self.dom;
        let id = block.first().and_then(|&id| dom.node(id).filled("id"));
        let raw = format!("#{}", id.unwrap_or_default());
        let url = links::base(dom, 0).and_then(|base| base.join(&raw).ok());
        FoundLink {
            node: opener,
            link: Link {
                text: text_of(dom, opener),
                url: url.map(String::from).unwrap_or_default(),
                raw,
                roles: vec![LinkRole::Recipients],
                nearness: Where::Page,
                place: Place::of(dom, opener),
                look: None,
            },
        }
    }
}
