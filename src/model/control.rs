//! A consent control or another choice of the form: boxes, radios, switches, options, buttons.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::artifact::{Moment, Rect};

use super::look::Look;
use super::place::{Place, Seen};

/// What a control is, technically.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ControlKind {
    Checkbox,
    Radio,
    Select,
    Switch,
    Hidden,
    Button,
    Link,
}

/// What a control stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The sender's own mailings, calls or offers.
    MarketingOwn,
    /// Data or mailings of third parties.
    MarketingPartners,
    /// One act for marketing and for terms or the privacy notice.
    MarketingBundledWithTerms,
    Terms,
    PrivacyAck,
    Age,
    RememberMe,
    Preference,
    Other,
}

impl Role {
    /// Whether the control asks for consent to marketing or transfer.
    pub fn is_marketing(self) -> bool {
        matches!(
            self,
            Role::MarketingOwn | Role::MarketingPartners | Role::MarketingBundledWithTerms
        )
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Role::MarketingOwn => "marketing_own",
            Role::MarketingPartners => "marketing_partners",
            Role::MarketingBundledWithTerms => "marketing_bundled_with_terms",
            Role::Terms => "terms",
            Role::PrivacyAck => "privacy_ack",
            Role::Age => "age",
            Role::RememberMe => "remember_me",
            Role::Preference => "preference",
            Role::Other => "other",
        }
    }
}

/// Whether turning the control on says yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Polarity {
    OptIn,
    OptOut,
}

/// A way in which the prospect may be reached.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    Email,
    Sms,
    Phone,
    Post,
}

/// Whether a control was on at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    pub moment: Moment,
    pub capture: String,
    pub selected: bool,
    /// Whether a person could see it then; `None` where that was not recorded.
    pub visible: Option<bool>,
    /// Its box then, where that capture has a picture.
    pub bounds: Option<Rect>,
}

/// One control. A radio or select option is one control; its `group` is shared.
#[derive(Debug, Clone)]
pub struct Control {
    pub name: String,
    pub dom_id: String,
    pub group: Option<String>,
    pub kind: ControlKind,
    /// What a person reads beside it.
    pub label: String,
    pub role: Role,
    pub polarity: Polarity,
    pub required: bool,
    /// Words that say so, where the requirement is told in words.
    pub required_words: Option<String>,
    pub channels: Vec<Channel>,
    /// What turning it on agrees to, in words of the report: `marketing`, `newsletter`, `transfer`.
    pub purposes: Vec<&'static str>,
    /// Its state at each moment before the visitor's own act, in order.
    pub states: Vec<State>,
    /// The last moment that was recorded allows to say that nothing came later.
    pub settled: bool,
    pub place: Place,
    pub seen: Vec<Seen>,
    /// Its wording is a picture that nobody read.
    pub pictured: bool,
    /// How its words were painted.
    pub look: Option<Box<Look>>,
}

impl Control {
    /// The first moment at which it was on.
    pub fn first_selected(&self) -> Option<&State> {
        self.states.iter().find(|state| state.selected)
    }

    /// Whether it was on at any moment; `None` where no state was recorded.
    pub fn selected(&self) -> Option<bool> {
        (!self.states.is_empty()).then(|| self.first_selected().is_some())
    }
}
