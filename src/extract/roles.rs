//! What a control stands for and which way it is asked, from the words beside it.
//!
//! It reads words only; whether the control is on, required or visible is somebody else's question.

use crate::lexicon::{Hit, Reading, Sense};
use crate::model::{Channel, Polarity, Role};

/// The words that decide, from the nearest to the control to the farthest.
pub struct Words<'a> {
    /// The control's own label.
    pub label: &'a Reading,
    pub label_text: &'a str,
    /// The rest of its own box.
    pub context: &'a Reading,
    /// The legend, heading or sentence above its group.
    pub group: &'a Reading,
    /// Its name, id and value, in the page's language and in English.
    pub technical: &'a Reading,
    /// Ids and classes of the elements around it, up to the form.
    pub around: &'a Reading,
    /// The addresses its label links to.
    pub links: &'a Reading,
    /// It stands in a form whose one service is a newsletter.
    pub in_newsletter: bool,
}

const TOPICS: [Sense; 3] = [Sense::Marketing, Sense::Newsletter, Sense::Partners];

/// The role and polarity of a control.
pub fn decide(words: &Words) -> (Role, Polarity) {
    let polarity = polarity(words);
    if let Some(role) = by_own_words(words.label) {
        return (role, polarity);
    }
    let unlabelled = words.label_text.trim().is_empty();
    let fallback = by_links(words)
        .or_else(|| by_own_words(words.context))
        .or_else(|| by_group(words))
        .or_else(|| by_technical(words.technical))
        .or_else(|| {
            words
                .around
                .has(Sense::Newsletter)
                .then_some(Role::MarketingOwn)
        });
    let role = match fallback {
        Some(role) => role,
        None if unlabelled => Role::Other,
        None => Role::Preference,
    };
    (role, polarity)
}

/// Whether a label makes sense without the words around it.
pub fn speaks(label: &Reading) -> bool {
    by_own_words(label).is_some()
}

/// What a label says by itself, `None` where it only makes sense together with other words.
fn by_own_words(reading: &Reading) -> Option<Role> {
    let (marketing, preference) = marketing_and_preference(reading);
    let speaks =
        reading.has_any(&[Sense::Consent, Sense::OptOut]) || reading.has(Sense::Newsletter);
    if reading.has(Sense::RememberMe) && !marketing {
        return Some(Role::RememberMe);
    }
    let partners = speaks_of_partners(reading);
    let transfers = partners
        && (reading.has(Sense::Transfer)
            || reading.together(Sense::Consent, Sense::Partners)
            || reading.has(Sense::OptOut));
    if (marketing && (speaks || !preference)) || transfers {
        return Some(if bundles(reading) {
            Role::MarketingBundledWithTerms
        } else if partners {
            Role::MarketingPartners
        } else {
            Role::MarketingOwn
        });
    }
    let first = |sense| reading.hits(sense).map(|hit| hit.start).min();
    // What is asked for stands first: "Notify me of replies; the privacy policy applies".
    let accepts = first(Sense::AcceptTerms);
    // "Do not call me": what is refused is what a sender would do.
    if reading.has(Sense::OptOut)
        && !channels(reading).is_empty()
        && accepts.is_none()
        && !preference
    {
        return Some(Role::MarketingOwn);
    }
    if preference && accepts.is_none_or(|at| first(Sense::Preference).is_some_and(|own| own < at)) {
        return Some(Role::Preference);
    }
    // "The terms of the privacy notice" are no terms.
    if reading.has_outside(Sense::Terms, Sense::Privacy) {
        return Some(Role::Terms);
    }
    if reading.has(Sense::AcceptTerms) || reading.has(Sense::Privacy) {
        return Some(Role::PrivacyAck);
    }
    if reading.has(Sense::Age) {
        return Some(Role::Age);
    }
    None
}

/// Whether the words are about marketing, and whether they are about a harmless choice. Where both
/// senses meet in the same words, the longer phrase wins: "promo code" is not "promo".
fn marketing_and_preference(reading: &Reading) -> (bool, bool) {
    let inside = |a: &Hit, b: &Hit| b.start <= a.start && a.end <= b.end;
    let marketing: Vec<Hit> = reading
        .hits(Sense::Marketing)
        .chain(reading.hits(Sense::Newsletter))
        .collect();
    let preference: Vec<Hit> = reading.hits(Sense::Preference).collect();
    let stands = |hit: &Hit, others: &[Hit]| {
        !others
            .iter()
            .any(|other| inside(hit, other) && (hit.start, hit.end) != (other.start, other.end))
    };
    (
        marketing.iter().any(|hit| stands(hit, &preference)),
        preference.iter().any(|hit| stands(hit, &marketing)),
    )
}

/// One act for marketing and for agreeing to a document. In "I agree to receive offers as the privacy
/// notice says" the marketing is what is agreed to; the document is only pointed at.
fn bundles(reading: &Reading) -> bool {
    reading.hits(Sense::AcceptTerms).any(|document| {
        let between = reading
            .hits(Sense::Marketing)
            .chain(reading.hits(Sense::Newsletter))
            .filter(|topic| topic.start > document.start && topic.end < document.end)
            .max_by_key(|topic| topic.end)
            .is_some_and(|topic| !coordinated(reading, topic.end, document.end));
        let pointed_at = reading
            .hits(Sense::Refer)
            .any(|pointer| pointer.start < document.end && document.end <= pointer.end);
        !between && !pointed_at
    })
}

/// Words that put one object of a verb beside another.
const AND: [&str; 7] = ["and", "und", "sowie", "et", "y", "e", "ed"];

/// "… to receive offers and to the privacy notice": an "and" between and at most one word that counts.
fn coordinated(reading: &Reading, topic_end: usize, document_end: usize) -> bool {
    let document = reading
        .hits(Sense::Privacy)
        .chain(reading.hits(Sense::Terms))
        .filter(|hit| hit.start >= topic_end && hit.end <= document_end)
        .map(|hit| hit.start)
        .min();
    let between = |start: usize| {
        reading
            .words
            .iter()
            .filter(move |word| word.start >= topic_end && word.end <= start)
    };
    document.is_some_and(|start| {
        between(start).filter(|word| !word.little).count() <= 1
            && between(start).any(|word| AND.contains(&&*word.plain))
    })
}

/// A topic or channel ("Cooking", "SMS", "Our partners") under a heading that says what for.
fn by_group(words: &Words) -> Option<Role> {
    if !asks(words.group) && !words.in_newsletter {
        return None;
    }
    // A question about something else; a notice that happens to stand above is none.
    let question = words.group.words.len() <= QUESTION_WORDS;
    if question && by_own_words(words.group).is_some_and(|role| !role.is_marketing()) {
        return None;
    }
    let partners = speaks_of_partners(words.label) || passes_on(words.group);
    Some(if partners {
        Role::MarketingPartners
    } else {
        Role::MarketingOwn
    })
}

/// More words than this above a box are a notice.
const QUESTION_WORDS: usize = 20;

/// Whether a heading or a question offers mailings or a transfer to those below it.
pub fn asks(group: &Reading) -> bool {
    group.has_any(&[Sense::Marketing, Sense::Newsletter, Sense::FormSubscribe]) || passes_on(group)
}

/// Whether others are spoken of, other than as those who gave data.
fn speaks_of_partners(reading: &Reading) -> bool {
    reading.has_outside(Sense::Partners, Sense::PartnerSource)
}

fn passes_on(group: &Reading) -> bool {
    group.has(Sense::Partners) && group.has(Sense::Transfer)
}

/// "I have read and accept this": the address says what.
fn by_links(words: &Words) -> Option<Role> {
    let agrees = words
        .label
        .has_any(&[Sense::Consent, Sense::Acknowledge, Sense::AcceptTerms]);
    if !agrees {
        return None;
    }
    if words.links.has(Sense::LinkTerms) {
        return Some(Role::Terms);
    }
    words
        .links
        .has(Sense::LinkPrivacy)
        .then_some(Role::PrivacyAck)
}

/// Names and ids, where nothing readable decides.
fn by_technical(technical: &Reading) -> Option<Role> {
    if technical.has(Sense::RememberMe) {
        return Some(Role::RememberMe);
    }
    if technical.has(Sense::Preference) {
        return Some(Role::Preference);
    }
    if technical.has_any(&TOPICS) || technical.has(Sense::FormSubscribe) {
        return Some(if technical.has(Sense::Partners) {
            Role::MarketingPartners
        } else {
            Role::MarketingOwn
        });
    }
    if technical.has(Sense::Terms) {
        return Some(Role::Terms);
    }
    if technical.has(Sense::Privacy) {
        return Some(Role::PrivacyAck);
    }
    None
}

/// Which way the act goes: an opt-out sentence in its own words, or in the sentence above its group.
fn polarity(words: &Words) -> Polarity {
    let about = |reading: &Reading| reading.hits(Sense::OptOut).any(|_| true);
    let own = about(words.label) || (words.label.words.len() < 4 && about(words.context));
    let group = !own
        && by_own_words(words.label).is_none()
        && words.label.words.len() < 8
        && about(words.group);
    if own || group {
        Polarity::OptOut
    } else {
        Polarity::OptIn
    }
}

/// The channels that words name.
pub fn channels(reading: &Reading) -> Vec<Channel> {
    [
        (Sense::Email, Channel::Email),
        (Sense::Sms, Channel::Sms),
        (Sense::Phone, Channel::Phone),
        (Sense::Post, Channel::Post),
    ]
    .into_iter()
    .filter(|(sense, _)| reading.has(*sense))
    .map(|(_, channel)| channel)
    .collect()
}

/// What turning a marketing control on agrees to.
pub fn purposes(role: Role, reading: &Reading) -> Vec<&'static str> {
    if !role.is_marketing() {
        return Vec::new();
    }
    let mut out = Vec::new();
    if reading.has(Sense::Newsletter) {
        out.push("newsletter");
    }
    if reading.has(Sense::Marketing) || out.is_empty() {
        out.push("marketing");
    }
    if role == Role::MarketingPartners || speaks_of_partners(reading) {
        out.push("transfer");
    }
    out
}
