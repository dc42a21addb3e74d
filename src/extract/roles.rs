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
    let named = || by_technical(words.technical, explains_itself(words.label));
    let fallback = by_links(words)
        .or_else(|| by_own_words(words.context))
        // Without words of its own ("I agree"), its makers' name for it says more than what stands
        // around it.
        .or_else(|| named().filter(|_| unlabelled || is_bare(words.label)))
        .or_else(|| by_group(words))
        .or_else(named)
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

/// More words than this tell what a box is for, even where no lexicon knows them.
const SHORT_LABEL: usize = 4;

/// Whether a label is a sentence about something that is not agreed to or acknowledged.
fn explains_itself(label: &Reading) -> bool {
    label.words.len() > SHORT_LABEL
        && !label.has_any(&[Sense::Consent, Sense::Acknowledge, Sense::AcceptTerms])
}

/// More words than this are no mere name of a channel.
const CHANNEL_WORDS: usize = 3;

/// "SMS", "By phone": ways to reach somebody and nothing else.
pub fn names_channel_only(label: &Reading) -> bool {
    let named: Vec<Hit> = [Sense::Email, Sense::Sms, Sense::Phone, Sense::Post]
        .into_iter()
        .flat_map(|sense| label.hits(sense))
        .collect();
    let covered = |start: usize, end: usize| {
        let within = |hit: &Hit| hit.start <= start && end <= hit.end;
        named.iter().any(within)
    };
    (1..=CHANNEL_WORDS).contains(&label.words.len())
        && !named.is_empty()
        && label
            .words
            .iter()
            .all(|word| word.little || covered(word.start, word.end))
}

/// "Yes, I agree": an answer to something that stands elsewhere.
fn is_bare(label: &Reading) -> bool {
    label.words.len() <= SHORT_LABEL && label.has(Sense::Consent)
}

/// More words than this are no topic of a list.
const TOPIC_WORDS: usize = 4;

/// "Gifts from the kitchen": a few words that ask for nothing.
pub fn is_topic(label: &Reading) -> bool {
    let asks = [Sense::Consent, Sense::OptOut, Sense::Acknowledge];
    label.words.len() <= TOPIC_WORDS && !label.has_any(&asks)
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
    // What is agreed to and is not about data are rules of some kind.
    if reading.has(Sense::AcceptTerms) && !reading.has(Sense::Privacy) {
        return Some(Role::Terms);
    }
    if reading.has(Sense::Privacy) {
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
    // "You can leave the newsletter at any time", "our newsletter service": nothing is asked for.
    let aside = |hit: &Hit| {
        [Sense::Withdraw, Sense::NoTransfer]
            .iter()
            .flat_map(|&sense| reading.hits(sense))
            .any(|other| inside(hit, &other))
    };
    let marketing: Vec<Hit> = reading
        .hits(Sense::Marketing)
        .chain(reading.hits(Sense::Newsletter))
        .filter(|hit| !aside(hit) && !names_document(reading, hit))
        .collect();
    let preference: Vec<Hit> = reading.hits(Sense::Preference).collect();
    let same = |a: &Hit, b: &Hit| (a.start, a.end) == (b.start, b.end);
    (
        // Of two readings of the very same words the special one holds: "I want to receive a copy".
        marketing
            .iter()
            .any(|hit| !preference.iter().any(|other| inside(hit, other))),
        preference.iter().any(|hit| {
            !marketing
                .iter()
                .any(|other| inside(hit, other) && !same(hit, other))
        }),
    )
}

/// "The privacy policy for the newsletter": a document's name and no more.
fn names_document(reading: &Reading, hit: &Hit) -> bool {
    let single = !reading
        .words
        .iter()
        .any(|word| word.start > hit.start && word.end <= hit.end);
    let after = |document: Hit| {
        let mut between = reading
            .words
            .iter()
            .filter(|word| word.start >= document.end && word.end <= hit.start);
        document.end <= hit.start && between.all(|word| word.little && !AND.contains(&&*word.plain))
    };
    single
        && [Sense::Privacy, Sense::Terms]
            .into_iter()
            .flat_map(|sense| reading.hits(sense))
            .any(after)
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

/// Whether others are spoken of, other than as those who gave data or get none. "Do not pass my details
/// on to partners" speaks of them.
fn speaks_of_partners(reading: &Reading) -> bool {
    let promised = |hit: &Hit| {
        !reading.has(Sense::OptOut)
            && (hit.negated
                || reading
                    .hits(Sense::NoTransfer)
                    .any(|no| no.start < hit.start && no.sentence == hit.sentence))
    };
    let given = |hit: &Hit| {
        reading
            .hits(Sense::PartnerSource)
            .any(|whole| whole.start <= hit.start && hit.end <= whole.end)
    };
    reading
        .hits(Sense::Partners)
        .any(|hit| !given(&hit) && !promised(&hit))
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

/// Names and ids, where nothing readable decides. A sentence that speaks of something else is no
/// agreement to a document, whatever its makers call it.
fn by_technical(technical: &Reading, explained: bool) -> Option<Role> {
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
    if explained {
        return None;
    }
    if technical.has(Sense::Terms) {
        return Some(Role::Terms);
    }
    technical.has(Sense::Privacy).then_some(Role::PrivacyAck)
}

/// Which way the act goes: an opt-out sentence in its own words, or in the sentence above its group.
fn polarity(words: &Words) -> Polarity {
    let about = refuses;
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

/// Whether words refuse. Two refusals agree ("I do not object"), and what an agreement says afterwards about
/// leaving again takes nothing back: "Yes, send me offers. If you do not want them any more, unsubscribe".
fn refuses(reading: &Reading) -> bool {
    let doubled = |hit: &Hit| {
        let mut twice = reading.hits(Sense::KeepsIn);
        twice.any(|twice| twice.start < hit.end && hit.start < twice.end)
    };
    let says = |sentence: u32, sense| reading.sentence_has(sentence, sense);
    let agreed = |before: u32| {
        (0..before).any(|sentence| {
            let topic = [Sense::Marketing, Sense::Newsletter, Sense::Partners];
            let mut consents = reading.hits(Sense::Consent);
            consents.any(|hit| hit.sentence == sentence && !hit.negated)
                && topic.iter().any(|&sense| says(sentence, sense))
                && !says(sentence, Sense::OptOut)
                && !says(sentence, Sense::Withdraw)
        })
    };
    let leaving = |hit: &Hit| {
        [Sense::Withdraw, Sense::Untick]
            .iter()
            .any(|&sense| says(hit.sentence, sense))
            && agreed(hit.sentence)
    };
    reading
        .hits(Sense::OptOut)
        .any(|hit| !doubled(&hit) && !leaving(&hit))
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
