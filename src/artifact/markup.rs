//! Plain HTML to [`Dom`], for `--static`, rule examples, triage and the `markup` moment.
//!
//! The states are those the markup asks for (`checked`, `selected`); what scripts or styles make of
//! them is not known here.

use scraper::{Html, Node as Markup};

use super::builder::{RawDocument, RawNode, build};
use super::dom::{Data, Dom};

/// The name and content of the `<meta>` by which the text of a PDF, written out as markup, says what it is.
pub const PDF_TEXT: (&str, &str) = ("consentry-text-of", "pdf");
/// The largest markup that is read, in bytes; the rest is cut. The cut is the caller's to report.
pub const MARKUP_LIMIT: usize = 16 << 20;

/// Parses a document as browsers do (HTML5, errors repaired). Never fails: any text is a document.
pub fn parse(html: &str, url: &str) -> Dom {
    let html = Html::parse_document(not_too_deep(cut(html, MARKUP_LIMIT)));
    let mut raw: Vec<RawNode> = Vec::new();
    let mut title = String::new();
    // The tree is walked by hand because it can be deeper than the stack.
    let mut stack = vec![(html.tree.root(), None)];
    while let Some((node, parent)) = stack.pop() {
        let at = raw.len();
        if let Markup::Element(element) = node.value()
            && element.name() == "title"
            && title.is_empty()
            && let Some(Markup::Text(text)) = node.first_child().map(|child| child.value())
        {
            title = text.trim().to_string();
        }
        raw.push(raw_node(node.value(), parent));
        // What a template holds is not part of the page.
        let inert = matches!(node.value(), Markup::Element(e) if e.name() == "template");
        if !inert {
            stack.extend(node.children().rev().map(|child| (child, Some(at))));
        }
    }
    let documents = vec![RawDocument {
        url: url.to_string(),
        title,
        ..RawDocument::default()
    }];
    build(raw, documents, false)
}

/// Elements that may be open at once. Browsers flatten what is deeper than 512; beyond this the parser's
/// work would grow with the square of the markup.
const DEEPEST: i64 = 2_000;

/// The markup up to where it is nested too deep. Elements that close themselves do not count.
fn not_too_deep(html: &str) -> &str {
    const SELF_CLOSING: [&str; 27] = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
        "source", "track", "wbr", "p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead",
        "tfoot", "option", "optgroup", "colgroup",
    ];
    let mut depth = 0_i64;
    // Within a script, "<" compares.
    let mut raw: Option<Vec<u8>> = None;
    for (at, _) in html.match_indices('<') {
        let rest = &html.as_bytes()[at + 1..];
        let closes = rest.first() == Some(&b'/');
        let name = &rest[usize::from(closes)..];
        let length = name
            .iter()
            .take(12)
            .take_while(|c| c.is_ascii_alphanumeric())
            .count();
        let name = name[..length].to_ascii_lowercase();
        if let Some(element) = &raw {
            if closes && *element == name {
                raw = None;
                depth -= 1;
            }
            continue;
        }
        if !closes && matches!(&name[..], b"script" | b"style" | b"textarea" | b"title") {
            raw = Some(name.clone());
        }
        if length == 0 || SELF_CLOSING.iter().any(|known| known.as_bytes() == name) {
            continue;
        }
        depth = if closes {
            (depth - 1).max(0)
        } else {
            depth + 1
        };
        if depth > DEEPEST {
            return &html[..at];
        }
    }
    html
}

fn raw_node(node: &Markup, parent: Option<usize>) -> RawNode {
    let mut selected = None;
    let data = match node {
        Markup::Element(element) => {
            let name = element.name().to_ascii_lowercase();
            selected = match name.as_str() {
                "input" => element
                    .attr("type")
                    .is_some_and(|kind| {
                        kind.eq_ignore_ascii_case("checkbox") || kind.eq_ignore_ascii_case("radio")
                    })
                    .then(|| element.attr("checked").is_some()),
                "option" => Some(element.attr("selected").is_some()),
                _ => None,
            };
            Data::Element {
                name: name.into(),
                attributes: element
                    .attrs()
                    .map(|(name, value)| (name.into(), value.into()))
                    .collect(),
            }
        }
        Markup::Text(text) => Data::Text((&**text).into()),
        _ => Data::Other,
    };
    RawNode {
        parent,
        document: 0,
        data,
        selected,
        clickable: false,
        backend_id: 0,
        layout: None,
    }
}

/// The longest start of the text that fits and ends on a character.
fn cut(text: &str, limit: usize) -> &str {
    let mut end = limit.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
