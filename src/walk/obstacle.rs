//! What no invented answer gets past: tests for people, codes that are sent, accounts.

use crate::artifact::{Dom, EndReason};
use crate::lexicon::Sense;
use crate::model::{FormKind, FormModel};

/// Words in addresses and names of the usual tests.
const TESTS: [&str; 8] = [
    "recaptcha",
    "hcaptcha",
    "turnstile",
    "captcha",
    "funcaptcha",
    "arkoselabs",
    "friendlycaptcha",
    "geetest",
];
/// Elements that are looked at.
const MOST: usize = 20_000;

/// Whether a word of an element is the name of a test for people.
pub fn is_test(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    TESTS.iter().any(|name| value.contains(name))
}

/// What stands in the way on this form, if anything.
pub fn obstacle(dom: &Dom, form: &FormModel) -> Option<EndReason> {
    let code = form.fields.iter().any(|field| {
        field.visible() && (field.asks.has(Sense::FormCode) || field.named.has(Sense::FormCode))
    });
    let code = code
        || has_attribute(
            dom,
            form,
            |value| value.contains("one-time-code"),
            &["autocomplete"],
        );
    if code {
        return Some(EndReason::Code);
    }
    if form.kind == FormKind::Login {
        return Some(EndReason::Login);
    }
    let captcha = form
        .fields
        .iter()
        .any(|field| field.visible() && field.asks.has(Sense::FormCaptcha))
        || has_attribute(dom, form, is_test, &["src", "class", "id", "data-sitekey"]);
    captcha.then_some(EndReason::Captcha)
}

fn has_attribute(dom: &Dom, form: &FormModel, says: impl Fn(&str) -> bool, names: &[&str]) -> bool {
    let Some(root) = super::node_of(dom, &super::element(&form.place, "")) else {
        return false;
    };
    // A badge in the corner tests in the background and stops nobody.
    dom.descendants(root)
        .take(MOST)
        .filter(|&id| dom.visible(id) == Some(true))
        .any(|id| {
            names
                .iter()
                .any(|name| dom.node(id).filled(name).is_some_and(&says))
        })
}
