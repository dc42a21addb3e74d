//! Where something stands: in which capture, at which node, in which box, and how near to the form.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::artifact::Rect;

/// A place in a capture that a finding can point at.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Place {
    /// A selector that finds the node again.
    pub locator: String,
    /// CSS pixels from the top document's origin, where layout was recorded.
    pub bounds: Option<Rect>,
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
