//! The nouns of the field: page, form, field, control, notice, party, link. Plain data that extraction
//! fills and checks read; it must not know how any of it was found, nor what any law says.
#![deny(clippy::disallowed_methods)]

mod control;
mod decided;
mod entry;
mod form;
mod look;
mod page;
mod party;
mod place;
mod request;
mod trial;

pub use control::{Channel, Control, ControlKind, Polarity, Role, State};
pub use decided::{Decided, Tracker};
pub use entry::{Entry, EntryKind};
pub use form::{
    Button, Category, Field, FormKind, FormModel, Passage, Promise, Purpose, Scene, Service,
};
pub use look::{Fill, Letters, Look, Setting, Veil};
pub use page::{
    Face, FaceForm, Link, LinkRole, MOST_LIST_PAGES, PageModel, PageRole, recipient_list_pages,
};
pub use party::{Named, Part, Party};
pub use place::{Place, Seen, Where};
pub use request::{Audience, Buyer, Product, Question, Request};
pub use trial::{Prompt, RefusalWalk, Stated, Trial};
