//! A cheap look at markup: is a browser worth spending on it?

use std::cell::RefCell;

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

/// Looks at markup without building a tree.
pub fn triage(markup: &[u8]) -> Triage {
    let found = RefCell::new(Triage::Nothing);
    let form = |_: &mut lol_html::html_content::Element| {
        *found.borrow_mut() = Triage::Form;
        Ok(())
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
    // Markup that the rewriter gives up on is for the browser.
    if rewriter.write(markup).is_err() || rewriter.end().is_err() {
        return Triage::Perhaps;
    }
    found.into_inner()
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
        assert_eq!(
            triage(b"<iframe src=//forms.example></iframe>"),
            Triage::Perhaps
        );
    }
}
