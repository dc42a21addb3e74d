//! A cheap look at markup: is a browser worth spending on it?

use std::cell::RefCell;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use lol_html::{HtmlRewriter, Settings, element};

/// What the markup holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Triage {
    /// A form, or fields outside one.
    Form,
    /// No form, but frames or scripts that may bring one.
    Perhaps,
    /// Neither.
    Nothing,
}

/// What has to stand in markup for it to hold a form, and then for it to be able to bring one.
const MARKS: [&str; 6] = [
    "<form",
    "<input",
    "<textarea",
    "<iframe",
    "<script",
    "http-equiv",
];
const OF_FORMS: usize = 3;

static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let finder = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(MARKS);
    finder.ok()
});

/// Looks at markup without building a tree. Most pages are told by their bytes; only where those of a
/// form are there is it read whether they are one, up to the first.
pub fn triage(markup: &[u8]) -> Triage {
    let Some(finder) = &*FINDER else {
        return read(markup);
    };
    let mut bytes_say = Triage::Nothing;
    for mark in finder.find_iter(markup) {
        if mark.pattern().as_usize() < OF_FORMS {
            return read(markup);
        }
        bytes_say = Triage::Perhaps;
    }
    bytes_say
}

fn read(markup: &[u8]) -> Triage {
    let found = RefCell::new(Triage::Nothing);
    let form = |_: &mut lol_html::html_content::Element| {
        *found.borrow_mut() = Triage::Form;
        // Nothing that follows changes the answer.
        Err("found".into())
    };
    let perhaps = |_: &mut lol_html::html_content::Element| {
        let mut found = found.borrow_mut();
        if *found == Triage::Nothing {
            *found = Triage::Perhaps;
        }
        Ok(())
    };
    let settings = Settings::new()
        .append_element_content_handler(element!("form", form))
        .append_element_content_handler(element!("input:not([type=hidden])", form))
        .append_element_content_handler(element!("textarea", form))
        .append_element_content_handler(element!("iframe", perhaps))
        .append_element_content_handler(element!("script", perhaps))
        .append_element_content_handler(element!("meta[http-equiv]", perhaps));
    let mut rewriter = HtmlRewriter::new(settings, |_: &[u8]| {});
    let gave_up = rewriter.write(markup).is_err() || rewriter.end().is_err();
    let found = *found.borrow();
    match found {
        Triage::Form => Triage::Form,
        // Markup that the rewriter gives up on is for the browser.
        _ if gave_up => Triage::Perhaps,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{Triage, triage};

    #[test]
    fn what_markup_holds() {
        assert_eq!(triage(b"<p>Nothing here</p>"), Triage::Nothing);
        assert_eq!(triage(b"<form><input name=q></form>"), Triage::Form);
        assert_eq!(triage(b"<div><input type=email></div>"), Triage::Form);
        assert_eq!(triage(b"<script src=app.js></script>"), Triage::Perhaps);
        assert_eq!(triage(b"<!-- <FORM> --><p>Nothing</p>"), Triage::Nothing);
        assert_eq!(triage(b"<META HTTP-EQUIV=refresh>"), Triage::Perhaps);
        assert_eq!(triage(b"<p>An <INPUT name=q> and <p"), Triage::Form);
        assert_eq!(
            triage(b"<iframe src=//forms.example></iframe>"),
            Triage::Perhaps
        );
    }
}
