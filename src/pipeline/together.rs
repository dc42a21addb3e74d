//! Which pages of a capture have to be judged together: those of a target, and those of targets that link
//! to each other's pages. Groups are judged one after the other, so that the texts of a long scan are never
//! in the memory at once.
//!
//! It must not know what is judged.

use std::collections::HashMap;

use crate::artifact::PageRecord;
use crate::capture::Folder;
use crate::model::{Link, PageModel};
use crate::ruleset::Ruleset;
use crate::target::page_key;

use super::capture::read_model;

/// So many pages are read at once without asking what belongs together.
const FEW: usize = 16;
/// Bytes of what was read that are kept until its group is judged; the rest is read again.
const KEPT: usize = 4 << 20;

/// Pages, by group.
pub struct Together {
    /// Places of pages; in each group and among the groups in the order of the pages.
    pub groups: Vec<Vec<usize>>,
    /// What was read already, by place.
    pub read: HashMap<usize, Option<PageModel>>,
}

/// Finds out what belongs together.
pub fn groups(pages: &[PageRecord], folder: &Folder, ruleset: &Ruleset) -> Together {
    let mut read = HashMap::new();
    if pages.len() <= FEW {
        return Together {
            groups: vec![(0..pages.len()).collect()],
            read,
        };
    }
    let mut groups = Groups::new(pages.len());
    let mut targets: HashMap<&str, usize> = HashMap::new();
    for (at, page) in pages.iter().enumerate() {
        let first = *targets.entry(&page.target).or_insert(at);
        groups.join(first, at);
    }
    if targets.len() > 1 {
        let mut known: HashMap<String, usize> = HashMap::new();
        for (at, page) in pages.iter().enumerate() {
            for url in [Some(&page.url), page.final_url.as_ref()]
                .into_iter()
                .flatten()
            {
                let first = *known.entry(page_key(url)).or_insert(at);
                groups.join(first, at);
            }
        }
        let mut kept = 0;
        for (at, page) in pages.iter().enumerate() {
            let model = read_model(page, folder, ruleset);
            for link in model.iter().flat_map(links) {
                if let Some(there) = known.get(&page_key(&link.url)) {
                    groups.join(*there, at);
                }
            }
            kept += model.as_ref().map_or(0, size);
            if kept <= KEPT {
                read.insert(at, model);
            }
        }
    }
    Together {
        groups: groups.collect(),
        read,
    }
}

/// About the bytes that a page's texts take.
fn size(page: &PageModel) -> usize {
    let of_forms = page.forms.iter().flat_map(|form| &form.passages);
    let passages = page.passages.iter().chain(of_forms);
    let own: usize = passages
        .map(|passage| size_of_val(passage) + passage.text.len())
        .sum();
    let others = page.faces.iter().map(|face| size(&face.page));
    own + others.sum::<usize>()
}

/// Every link of a page, at all its openings.
fn links(page: &PageModel) -> Vec<&Link> {
    let of_forms = page.forms.iter().flat_map(|form| {
        let named = form.privacy_notice.iter().chain(&form.recipient_list);
        form.links.iter().chain(named)
    });
    let others = page.faces.iter().flat_map(|face| links(&face.page));
    page.links.iter().chain(of_forms).chain(others).collect()
}

/// Places joined into groups; each knows one before it in its group, or itself.
struct Groups(Vec<usize>);

impl Groups {
    fn new(count: usize) -> Groups {
        Groups((0..count).collect())
    }

    /// The first place of a group.
    fn first(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.first(one), self.first(other));
        self.0[one.max(other)] = one.min(other);
    }

    fn collect(mut self) -> Vec<Vec<usize>> {
        let mut of_first: HashMap<usize, usize> = HashMap::new();
        let mut out: Vec<Vec<usize>> = Vec::new();
        for at in 0..self.0.len() {
            let group = *of_first.entry(self.first(at)).or_insert_with(|| {
                out.push(Vec::new());
                out.len() - 1
            });
            out[group].push(at);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::Groups;

    #[test]
    fn what_is_joined_is_one_group() {
        let mut groups = Groups::new(6);
        groups.join(4, 1);
        groups.join(5, 4);
        groups.join(2, 3);
        let groups = groups.collect();
        assert_eq!(groups, [vec![0], vec![1, 4, 5], vec![2, 3]]);
    }
}
