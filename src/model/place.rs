//! Where something stands: in which capture, at which node, in which box, and how near to the form.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::artifact::{Dom, NodeId, Rect};

/// A place in a capture that a finding can point at.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Place {
    /// The capture it was read in.
    pub capture: Arc<str>,
    /// A selector that finds the node again.
    pub locator: String,
    /// The browser's own id of the node, which holds within one visit; 0 in markup.
    pub node: i64,
    /// The document of the page that holds it, 0 for the top one.
    pub document: usize,
    /// CSS pixels from the top document's origin, where layout was recorded.
    pub bounds: Option<Rect>,
}

impl Place {
    /// The place of a node.
    pub fn of(dom: &Dom, id: NodeId) -> Place {
        let node = dom.node(id);
        Place {
            capture: dom.capture.clone(),
            locator: dom.locator(id),
            node: node.backend_id,
            document: node.document,
            bounds: dom.bounds(id),
        }
    }

    /// The same place with another box: that of the words beside a node, or of a part of it.
    pub fn within(mut self, bounds: Option<Rect>) -> Place {
        self.bounds = bounds;
        self
    }
}

/// How near to the form something was read.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Where {
    /// In the form or in the same visual block.
    Form,
    /// Elsewhere on the form's page, such as its footer.
    Page,
    PrivacyNotice,
    LegalNotice,
    Terms,
    RecipientList,
}

impl Where {
    pub const ALL: [Where; 6] = [
        Where::Form,
        Where::Page,
        Where::PrivacyNotice,
        Where::LegalNotice,
        Where::Terms,
        Where::RecipientList,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Where::Form => "form",
            Where::Page => "page",
            Where::PrivacyNotice => "privacy_notice",
            Where::LegalNotice => "legal_notice",
            Where::Terms => "terms",
            Where::RecipientList => "recipient_list",
        }
    }
}

/// How a field or a control was seen in one capture.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    pub capture: String,
    /// `None` where the capture cannot tell.
    pub visible: Option<bool>,
    pub bounds: Option<Rect>,
}
