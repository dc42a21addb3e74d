//! What `DOMSnapshot.captureSnapshot` returned to [`Dom`].
//!
//! The stored file is Chrome's own answer, byte for byte; this reads it. It covers every frame of the
//! process and every shadow root, open or closed, as the flat tree that is painted (a slot holds what
//! was slotted into it), and the page's scripts cannot falsify it.
//! Anything malformed in it is an error for the caller to report as a gap, never a panic.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;

use super::builder::{RawDocument, RawNode, build};
use super::dom::{Data, Dom, Layout};
use super::facts::Rect;

/// The snapshot of a frame that lives in a process of its own.
#[derive(Debug, Clone, Copy)]
pub struct FrameSnapshot<'a> {
    /// The snapshot that holds the `<iframe>`: 0 for the page's own, else the place among the frames, from 1.
    pub parent: usize,
    /// The `<iframe>`'s node id there.
    pub owner: i64,
    pub json: &'a [u8],
}

/// Reads a snapshot.
///
/// # Errors
/// A sentence saying what is wrong with the JSON.
pub fn parse(json: &[u8]) -> Result<Dom, String> {
    parse_with_frames(json, &[])
}

/// Reads a snapshot and those of its frames with processes of their own. A frame's snapshot that cannot be
/// read, or whose `<iframe>` is not there, is left out: the frame shows as unread.
///
/// # Errors
/// A sentence saying what is wrong with the page's own JSON.
pub fn parse_with_frames(json: &[u8], frames: &[FrameSnapshot]) -> Result<Dom, String> {
    let mut gathered = Gathered::default();
    let own: Snapshot =
        serde_json::from_slice(json).map_err(|e| format!("the snapshot cannot be read: {e}"))?;
    gathered.add(&own, 0, None);
    for (at, frame) in frames.iter().enumerate() {
        let owner = gathered.node(frame.parent, frame.owner);
        if let (Some(owner), Ok(snapshot)) = (owner, serde_json::from_slice(frame.json)) {
            gathered.add(&snapshot, at + 1, Some(owner));
        }
    }
    Ok(gathered.finish())
}

/// What was read of one or more snapshots, documents in an order in which owners come first.
#[derive(Default)]
struct Gathered {
    raw: Vec<RawNode>,
    documents: Vec<RawDocument>,
    scrolls: Vec<(f64, f64)>,
    has_layout: bool,
}

impl Gathered {
    /// The place of a node by the browser's id, within one snapshot: ids of two processes are alike.
    fn node(&self, source: usize, backend: i64) -> Option<usize> {
        self.raw.iter().position(|node| {
            node.backend_id == backend && self.documents[node.document].source == source
        })
    }

    /// Adds the documents of a snapshot; `owner` is the `<iframe>` that shows its first.
    fn add(&mut self, snapshot: &Snapshot, source: usize, owner: Option<usize>) {
        let first = self.documents.len();
        let mut starts = Vec::new();
        for document in &snapshot.documents {
            starts.push(self.raw.len());
            let number = first + starts.len() - 1;
            snapshot.read_nodes(document, number, &mut self.raw);
        }
        let mut owners = vec![None; snapshot.documents.len()];
        for (at, document) in snapshot.documents.iter().enumerate() {
            for (node, child) in document.nodes.content_document_index.pairs() {
                // A document that held itself, or an earlier one, would never end.
                let later = child as usize > at;
                if let Some(owner) = owners.get_mut(child as usize).filter(|_| later) {
                    *owner = Some(starts[at] + node);
                }
            }
        }
        if let Some(top) = owners.first_mut() {
            *top = owner;
        }
        for (at, document) in snapshot.documents.iter().enumerate() {
            self.documents.push(RawDocument {
                url: snapshot.string(document.document_url).to_string(),
                frame: snapshot.string(document.frame_id).to_string(),
                source,
                title: snapshot.string(document.title).to_string(),
                content_language: snapshot.string(document.content_language).to_string(),
                root: starts[at],
                owner: owners[at],
            });
            self.scrolls
                .push((document.scroll_offset_x, document.scroll_offset_y));
            self.has_layout |= document.layout.styles.iter().any(|row| !row.is_empty());
        }
    }

    fn finish(mut self) -> Dom {
        let owners: Vec<Option<usize>> = self.documents.iter().map(|d| d.owner).collect();
        shift_frames(&mut self.raw, &owners, &self.scrolls);
        build(self.raw, self.documents, self.has_layout)
    }
}

/// Boxes of a frame's document are counted from that document's own corner: moves them to the page's.
fn shift_frames(raw: &mut [RawNode], owners: &[Option<usize>], scrolls: &[(f64, f64)]) {
    let mut offsets = vec![(0.0, 0.0); owners.len()];
    // A frame's document comes after the document that holds the frame.
    for (document, owner) in owners.iter().enumerate() {
        let Some(owner) = owner.and_then(|at| raw.get(at)) else {
            continue;
        };
        let Some(corner) = owner.layout.as_ref().map(|layout| layout.bounds) else {
            continue;
        };
        let above = offsets.get(owner.document).copied().unwrap_or_default();
        let scroll = scrolls[document];
        offsets[document] = (above.0 + corner.x - scroll.0, above.1 + corner.y - scroll.1);
    }
    for node in raw {
        let (dx, dy) = offsets[node.document];
        if let Some(layout) = &mut node.layout {
            let boxes = std::iter::once(&mut layout.bounds).chain(&mut layout.lines);
            for bounds in boxes {
                bounds.x += dx;
                bounds.y += dy;
            }
        }
    }
}

#[derive(Deserialize)]
struct Snapshot {
    documents: Vec<SnapshotDocument>,
    strings: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SnapshotDocument {
    #[serde(rename = "documentURL")]
    document_url: i64,
    title: i64,
    content_language: i64,
    #[serde(default = "nothing")]
    frame_id: i64,
    nodes: NodeTable,
    #[serde(default)]
    layout: LayoutTable,
    #[serde(default)]
    text_boxes: TextBoxTable,
    #[serde(default)]
    scroll_offset_x: f64,
    #[serde(default)]
    scroll_offset_y: f64,
}

/// No entry of the string table.
fn nothing() -> i64 {
    -1
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NodeTable {
    parent_index: Vec<i64>,
    node_type: Vec<i64>,
    node_name: Vec<i64>,
    node_value: Vec<i64>,
    backend_node_id: Vec<i64>,
    attributes: Vec<Vec<i64>>,
    #[serde(default)]
    input_checked: Flags,
    #[serde(default)]
    option_selected: Flags,
    #[serde(default)]
    is_clickable: Flags,
    #[serde(default)]
    content_document_index: Rare,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct LayoutTable {
    node_index: Vec<i64>,
    styles: Vec<Vec<i64>>,
    bounds: Vec<Vec<f64>>,
    #[serde(default)]
    text: Vec<i64>,
    #[serde(default)]
    paint_orders: Vec<i64>,
}

/// The lines of texts, each with its row of the layout table.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct TextBoxTable {
    layout_index: Vec<i64>,
    bounds: Vec<Vec<f64>>,
}

/// A column that few rows fill.
#[derive(Deserialize, Default)]
struct Rare {
    index: Vec<i64>,
    value: Vec<i64>,
}

/// A yes-or-no column: the rows listed are yes.
#[derive(Deserialize, Default)]
struct Flags {
    index: Vec<i64>,
}

impl Rare {
    fn pairs(&self) -> impl Iterator<Item = (usize, i64)> + '_ {
        self.index
            .iter()
            .zip(&self.value)
            .filter_map(|(&at, &value)| Some((usize::try_from(at).ok()?, value)))
    }
}

impl Snapshot {
    /// An entry of the string table; -1 and anything out of range are empty.
    fn string(&self, at: i64) -> &str {
        usize::try_from(at)
            .ok()
            .and_then(|at| self.strings.get(at))
            .map_or("", String::as_str)
    }

    fn read_nodes(&self, document: &SnapshotDocument, number: usize, raw: &mut Vec<RawNode>) {
        let table = &document.nodes;
        let start = raw.len();
        for (at, &parent) in table.parent_index.iter().enumerate() {
            let parent = usize::try_from(parent)
                .ok()
                .filter(|&parent| parent < table.parent_index.len());
            raw.push(RawNode {
                parent: parent.map(|parent| start + parent),
                document: number,
                data: self.data(table, at),
                selected: None,
                clickable: false,
                backend_id: table.backend_node_id.get(at).copied().unwrap_or_default(),
                layout: None,
            });
        }
        let count = raw.len() - start;
        for node in &mut raw[start..] {
            node.selected = starting_state(&node.data);
        }
        for flags in [&table.input_checked, &table.option_selected] {
            for at in &flags.index {
                if let Some(at) = usize::try_from(*at).ok().filter(|&at| at < count) {
                    raw[start + at].selected = Some(true);
                }
            }
        }
        for at in &table.is_clickable.index {
            if let Some(at) = usize::try_from(*at).ok().filter(|&at| at < count) {
                raw[start + at].clickable = true;
            }
        }
        self.read_layout(document, start, count, raw);
    }

    fn read_layout(
        &self,
        document: &SnapshotDocument,
        start: usize,
        count: usize,
        raw: &mut [RawNode],
    ) {
        let table = &document.layout;
        let mut lines = document.text_boxes.by_row();
        // Most nodes look like others: their styles are read once.
        let mut known: HashMap<&[i64], Arc<[Box<str>]>> = HashMap::new();
        for (row, &at) in table.node_index.iter().enumerate() {
            let Some(at) = usize::try_from(at).ok().filter(|&at| at < count) else {
                continue;
            };
            let Some(bounds) = table.bounds.get(row).and_then(|b| rect(b)) else {
                continue;
            };
            let slot = &mut raw[start + at].layout;
            let own_lines = lines.remove(&row).unwrap_or_default();
            // An element with several boxes (inline text over lines) is listed once for each.
            if let Some(known) = slot {
                known.bounds = known.bounds.union(&bounds);
                continue;
            }
            let styles = table.styles.get(row).map_or(&[][..], Vec::as_slice);
            let styles = known
                .entry(styles)
                .or_insert_with(|| styles.iter().map(|&at| self.string(at).into()).collect());
            *slot = Some(Box::new(Layout {
                bounds,
                paint_order: table.paint_orders.get(row).copied().unwrap_or_default(),
                styles: styles.clone(),
                lines: own_lines.into(),
                capitals: table
                    .text
                    .get(row)
                    .is_some_and(|&at| capitals(self.string(at))),
            }));
        }
    }

    fn data(&self, table: &NodeTable, at: usize) -> Data {
        let value = |column: &[i64]| self.string(column.get(at).copied().unwrap_or(-1)).into();
        match table.node_type.get(at) {
            Some(1) => {
                let name: Box<str> = value(&table.node_name);
                let empty = Vec::new();
                let pairs = table.attributes.get(at).unwrap_or(&empty);
                Data::Element {
                    name: name.to_ascii_lowercase().into(),
                    attributes: pairs
                        .chunks_exact(2)
                        .map(|pair| {
                            let name = self.string(pair[0]).to_ascii_lowercase();
                            (name.into(), self.string(pair[1]).into())
                        })
                        .collect(),
                }
            }
            Some(3) => Data::Text(value(&table.node_value)),
            _ => Data::Other,
        }
    }
}

impl TextBoxTable {
    /// The lines of each row that has more than one.
    fn by_row(&self) -> HashMap<usize, Vec<Rect>> {
        let mut lines: HashMap<usize, Vec<Rect>> = HashMap::new();
        let rows = &self.layout_index;
        for (at, &row) in rows.iter().enumerate() {
            // The lines of one text follow each other.
            let neighbours = [at.checked_sub(1), Some(at + 1)];
            let several = neighbours
                .into_iter()
                .flatten()
                .any(|other| rows.get(other) == Some(&row));
            let bounds = self.bounds.get(at).and_then(|b| rect(b));
            if let (true, Ok(row), Some(bounds)) = (several, usize::try_from(row), bounds) {
                lines.entry(row).or_default().push(bounds);
            }
        }
        lines
    }
}

fn rect(numbers: &[f64]) -> Option<Rect> {
    let &[x, y, width, height] = numbers else {
        return None;
    };
    Some(Rect {
        x,
        y,
        width,
        height,
    })
}

/// Whether a painted text has letters, and all of them are capitals.
fn capitals(text: &str) -> bool {
    let mut letters = text.chars().filter(|c| c.is_alphabetic()).peekable();
    letters.peek().is_some() && letters.all(char::is_uppercase)
}

/// What can be on starts as off: the snapshot lists only what is on.
fn starting_state(data: &Data) -> Option<bool> {
    let Data::Element { name, attributes } = data else {
        return None;
    };
    let kind = attributes
        .iter()
        .find(|(name, _)| &**name == "type")
        .map_or("", |(_, value)| &**value);
    match &**name {
        "input" if kind.eq_ignore_ascii_case("checkbox") || kind.eq_ignore_ascii_case("radio") => {
            Some(false)
        }
        "option" => Some(false),
        _ => None,
    }
}
