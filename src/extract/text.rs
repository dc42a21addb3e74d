//! Nodes to readable text: what a person would read in an element, and the passages (paragraphs,
//! headings, list items) of a region.
//!
//! It must not know what the words mean.

use crate::artifact::{Dom, NodeId, Rect};

/// Elements whose text is not the page's to read.
const UNREAD: [&str; 9] = [
    "script", "style", "noscript", "template", "head", "svg", "object", "iframe", "datalist",
];
/// Elements that start a new passage.
const BLOCKS: [&str; 44] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "button",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "html",
    "legend",
    "li",
    "main",
    "nav",
    "ol",
    "option",
    "p",
    "pre",
    "section",
    "select",
    "summary",
    "table",
    "td",
    "textarea",
    "th",
    "tr",
    "ul",
];
/// Longer texts are cut: nobody reads a label of that length, and a hostile page could hold megabytes.
pub const TEXT_LIMIT: usize = 6_000;

/// Nodes of a label that are looked at for the field it names.
const MOST_IN_LABEL: usize = 200;

/// A stretch of text between two block boundaries.
#[derive(Debug, Clone)]
pub struct Stretch {
    pub text: String,
    /// The text node of its first words.
    pub first: NodeId,
    /// That of its last.
    pub last: NodeId,
    /// The element that holds them.
    pub element: NodeId,
    /// The box around all its words, where layout was recorded.
    pub bounds: Option<Rect>,
}

/// The text of an element and its descendants in one line, white space folded.
pub fn text_of(dom: &Dom, id: NodeId) -> String {
    text_without(dom, id, |_| false)
}

/// The same, leaving out the subtrees that `skip` names.
pub fn text_without(dom: &Dom, id: NodeId, skip: impl Fn(NodeId) -> bool) -> String {
    let mut folded = Folded::default();
    let mut at = id;
    let end = dom.node(id).end;
    while at < end && folded.text.len() < TEXT_LIMIT {
        let node = dom.node(at);
        if at != id && (UNREAD.contains(&node.name()) || skip(at)) {
            at = node.end;
            continue;
        }
        if let Some(text) = node.text() {
            folded.add(text);
        } else if node.name() == "br" || BLOCKS.contains(&node.name()) {
            folded.add(" ");
        } else if node.name() == "img"
            && let Some(alt) = node.filled("alt")
        {
            folded.add(" ");
            folded.add(alt);
            folded.add(" ");
        }
        at += 1;
    }
    folded.finish()
}

/// The passages of a region, in reading order; the subtrees that `skip` names are left out. Texts that share
/// a line and are no sentence together (two fields' names, two links) are apart by a line feed.
pub fn stretches(dom: &Dom, root: NodeId, skip: impl Fn(NodeId) -> bool) -> Vec<Stretch> {
    let mut out: Vec<Stretch> = Vec::new();
    let mut current: Option<Open> = None;
    let mut breaks = 0;
    let mut link_end = None;
    let mut at = root;
    let end = dom.node(root).end;
    // Where an open block ends: leaving it ends the passage too.
    let mut open_blocks: Vec<NodeId> = Vec::new();
    while at < end {
        let node = dom.node(at);
        while open_blocks.last().is_some_and(|&close| close <= at) {
            open_blocks.pop();
            flush(&mut current, &mut out);
        }
        if at != root && parts(dom, at, link_end) {
            current.iter_mut().for_each(|open| open.folded.cut());
        }
        if at != root && (UNREAD.contains(&node.name()) || skip(at)) {
            at = node.end;
            continue;
        }
        if let Some(text) = node.text() {
            if !text.trim().is_empty() {
                link_end = link_end.filter(|&end| at < end);
                let open = current.get_or_insert_with(|| Open {
                    first: at,
                    last: at,
                    element: node.parent.unwrap_or(root),
                    folded: Folded::default(),
                    bounds: None,
                });
                open.folded.add(text);
                open.last = at;
                open.bounds = joined(open.bounds, dom.bounds(at));
                breaks = 0;
            } else if let Some(open) = &mut current {
                open.folded.add(" ");
            }
        } else if node.name() == "a" {
            link_end = Some(node.end);
        } else if node.name() == "br" {
            breaks += 1;
            if breaks > 1 {
                flush(&mut current, &mut out);
            } else if let Some(open) = &mut current {
                open.folded.add(" ");
            }
        } else if is_block(dom, at) {
            flush(&mut current, &mut out);
            breaks = 0;
            open_blocks.push(node.end);
        }
        at += 1;
    }
    flush(&mut current, &mut out);
    out
}

/// Whether what stands before this element is no sentence with what follows: a field without a label around
/// it, the label around a field, a link right after another. Inside a label all is one.
fn parts(dom: &Dom, id: NodeId, link_end: Option<NodeId>) -> bool {
    let node = dom.node(id);
    let fills_in = |id: NodeId| match dom.node(id).name() {
        "select" | "textarea" => true,
        "input" => dom.node(id).attribute("type") != Some("hidden"),
        _ => false,
    };
    match node.name() {
        "label" => dom.descendants(id).take(MOST_IN_LABEL).any(fills_in),
        "a" => link_end.is_some_and(|end| id >= end) && dom.closest(id, &["label"]).is_none(),
        _ => fills_in(id) && dom.closest(id, &["label"]).is_none(),
    }
}

/// Whether the element starts a line of its own, by its computed style where one was recorded.
pub fn is_block(dom: &Dom, id: NodeId) -> bool {
    let node = dom.node(id);
    if dom.has_layout
        && let Some(layout) = &node.layout
        && !layout.style("display").is_empty()
    {
        let display = layout.style("display");
        return !display.starts_with("inline") && display != "contents";
    }
    BLOCKS.contains(&node.name())
}

/// A passage that is being read.
struct Open {
    first: NodeId,
    last: NodeId,
    element: NodeId,
    folded: Folded,
    bounds: Option<Rect>,
}

fn flush(current: &mut Option<Open>, out: &mut Vec<Stretch>) {
    if let Some(open) = current.take() {
        let text = open.folded.finish();
        if !text.is_empty() {
            out.push(Stretch {
                text,
                first: open.first,
                last: open.last,
                element: open.element,
                bounds: open.bounds,
            });
        }
    }
}

fn joined(one: Option<Rect>, other: Option<Rect>) -> Option<Rect> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.union(&other)),
        (one, other) => one.or(other),
    }
}

/// Text with its white space folded as it is added.
#[derive(Default)]
pub struct Folded {
    text: String,
    space: bool,
    cut: bool,
}

impl Folded {
    /// Adds the text of one node. "…zum<a>Datenschutz" lacks a space that readers supply.
    pub fn add(&mut self, text: &str) {
        let glued = text.starts_with(char::is_uppercase)
            && self.text.ends_with(char::is_lowercase)
            && text.chars().nth(1).is_some_and(char::is_lowercase);
        self.space |= glued;
        for c in text.chars() {
            if self.text.len() >= TEXT_LIMIT {
                return;
            }
            if c.is_whitespace() || c == '\u{200b}' {
                self.space = !self.text.is_empty();
                continue;
            }
            if std::mem::take(&mut self.cut) {
                self.text.push('\n');
                self.space = false;
            } else if std::mem::take(&mut self.space) {
                self.text.push(' ');
            }
            self.text.push(c);
        }
    }

    /// What is added next belongs to no sentence with what was added before.
    pub fn cut(&mut self) {
        self.cut = !self.text.is_empty();
    }

    pub fn so_far(&self) -> &str {
        &self.text
    }

    pub fn finish(self) -> String {
        self.text
    }
}
