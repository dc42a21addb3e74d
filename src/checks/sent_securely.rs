//! Asks whether page and form target travel encrypted, and personal answers stay out of the address.
//!
//! Loopback counts as secure (W3C Secure Contexts). A form that markup would send in the address may be
//! taken over by a script; as long as no submission was held, that cannot be told.

use url::Url;

use crate::finding::{Measure, Reason};
use crate::model::Category;

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "sent-securely",
    subjects: &[SubjectKind::Form],
    values: &["page", "action", "problem"],
    build: |parameters| parameters.none(ask),
};

fn ask(subject: &Subject) -> Answer {
    let page = transport(&subject.page.final_url);
    let action = subject.form.action.as_deref().map(transport);
    let mut observed = Observed::default()
        .with("page", Measure::Word(page))
        .seeing(subject.see_form());
    if let Some(action) = action {
        observed = observed.with("action", Measure::Word(action));
    }
    if page == "plain" {
        return Answer::No(observed.with("problem", Measure::Word("page_plain")));
    }
    let actions = subject.form.button_actions.iter().map(|url| transport(url));
    if action == Some("plain") || actions.clone().any(|one| one == "plain") {
        return Answer::No(observed.with("problem", Measure::Word("action_plain")));
    }
    if action == Some("other") || actions.clone().any(|one| one == "other") {
        return Answer::unknown(Reason::NeedsPerson, "sent_otherwise", observed);
    }
    let personal = subject.form.fields.iter().any(|field| {
        !field.name.is_empty()
            && matches!(
                field.category,
                Category::Email
                    | Category::Phone
                    | Category::Name
                    | Category::FirstName
                    | Category::LastName
                    | Category::PostalAddress
                    | Category::BirthDate
            )
    });
    if subject.form.sent_in_address && personal {
        return Answer::unknown(
            Reason::NotSeen,
            "sent_in_address",
            observed.with("problem", Measure::Word("sent_in_address")),
        );
    }
    Answer::Yes(observed)
}

/// `encrypted`, `loopback`, `plain`, or `other` for means beside the web (`mailto:`). What a script takes
/// over counts by its page.
fn transport(url: &str) -> &'static str {
    let Ok(url) = Url::parse(url) else {
        return "encrypted";
    };
    let loopback = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    match url.scheme() {
        _ if loopback => "loopback",
        "http" => "plain",
        "https" | "about" | "blob" | "data" | "javascript" => "encrypted",
        _ => "other",
    }
}
