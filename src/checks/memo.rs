//! What questions found on whole pages. Every form of a page asks the same of it, and of the notices it
//! links: each question is answered once, so that judging grows with the forms and not with forms times
//! pages.
//!
//! It knows no question. An answer may rest on the page and the ruleset alone, never on the form that asks.

use std::any::{Any, TypeId};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use crate::model::PageModel;

/// Answers to one question, by the type that is asked for.
type Answers = HashMap<TypeId, Rc<dyn Any>>;

/// Answers by page and question. Openings of one page share its id, and are told apart by where they are
/// kept.
#[derive(Default)]
pub struct Memo {
    kept: RefCell<HashMap<*const PageModel, HashMap<String, Answers>>>,
    steps: Cell<u64>,
}

impl Memo {
    /// What `find` gives for a question about a page: computed the first time, kept from then on.
    pub fn once<T: 'static>(
        &self,
        page: &PageModel,
        question: &str,
        find: impl FnOnce() -> T,
    ) -> Rc<T> {
        if let Some(known) = self.known(page, question) {
            return known;
        }
        let found = Rc::new(find());
        let kept: Rc<dyn Any> = found.clone();
        let mut all = self.kept.borrow_mut();
        let of_page = all.entry(std::ptr::from_ref(page)).or_default();
        let answers = of_page.entry(question.to_string()).or_default();
        answers.insert(TypeId::of::<T>(), kept);
        found
    }

    fn known<T: 'static>(&self, page: &PageModel, question: &str) -> Option<Rc<T>> {
        let all = self.kept.borrow();
        let answers = all.get(&std::ptr::from_ref(page))?.get(question)?;
        answers.get(&TypeId::of::<T>())?.clone().downcast().ok()
    }

    /// Counts lines, links and entries of pages that were handed out to be looked at.
    pub fn count(&self, steps: usize) {
        self.steps.set(self.steps.get() + steps as u64);
    }

    /// How many were looked at so far: it must stay in proportion to pages and forms.
    pub fn steps(&self) -> u64 {
        self.steps.get()
    }
}
