//! What changed before the visitor.

use std::collections::BTreeSet;

use super::Before;
use crate::artifact::ElementRef;
use crate::model::{Category, Field, FormModel, PageModel};
use crate::walk::{self, Screen};

/// The form of a page that an element is.
pub fn form_of<'m>(model: &'m PageModel, root: &ElementRef) -> Option<&'m FormModel> {
    let same =
        |form: &&FormModel| form.place.node == root.node && form.place.document == root.document;
    model.forms.iter().find(same)
}

/// Whether a question of the form has several answers of which none is right.
pub fn has_ways(form: &FormModel) -> bool {
    let identifies = form.fields.iter().any(|field| {
        matches!(field.category, Category::Email | Category::Phone) && field.visible()
    });
    let open = |field: &Field| field.kind == "radio" && field.category == Category::Other;
    !identifies
        && form
            .fields
            .iter()
            .any(|field| field.visible() && open(field))
}

/// Whether other fields of a form stand before the visitor than before.
pub fn moved(before: &FormModel, after: &FormModel) -> bool {
    let visible = |form: &FormModel| -> BTreeSet<i64> {
        let fields = form.fields.iter().filter(|field| field.visible());
        fields.map(|field| field.place.node).collect()
    };
    let before = visible(before);
    !before.is_empty() && before.is_disjoint(&visible(after))
}

/// Whether the form that was pressed is not what stands before the visitor any more.
pub fn moved_from(at: &Before, root: &ElementRef, now: &Before) -> bool {
    let Some(before) = form_of(&at.model, root).filter(|_| now.dom.has_layout) else {
        return false;
    };
    match form_of(&now.model, root) {
        Some(after) => moved(before, after),
        None => now.model.forms.iter().any(walk::shown),
    }
}

/// Whether a press changed nothing that a visitor would call another step.
pub fn same_to_the_visitor(at: &Before, now: &Before, screen: &Screen, root: &ElementRef) -> bool {
    if screen.root(&now.model).node != root.node || moved_from(at, root, now) {
        return false;
    }
    let fields = |before: &Before| {
        let form = form_of(&before.model, root)?;
        Some(form.fields.iter().filter(|f| f.visible()).count())
    };
    matches!(screen, Screen::Choice(_)) || fields(at) == fields(now)
}
