//! The list of senses: what a phrase can mean to a reader of a collection form.
//!
//! A lexicon file gives each sense its phrases in one language. The list is the only place that names
//! them; a file that names another sense is refused.

/// One meaning that rules and extraction ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sense {
    // What a sentence does.
    /// "I agree", "I would like": the speaker lets something happen.
    Consent,
    /// "I have read", "I acknowledge": the speaker was told something.
    Acknowledge,
    /// "I accept the terms", "I have read the privacy policy": agreement to a document.
    AcceptTerms,
    /// "I do not wish to receive", "tick to opt out": the act means no.
    OptOut,
    /// "You can unsubscribe at any time".
    Withdraw,
    /// "By clicking …": the main action stands for something else.
    Bundle,
    /// "Required to take part".
    Condition,
    // What it is about.
    /// Offers, advertising, commercial messages, being called by sellers.
    Marketing,
    /// A newsletter or mailing list by name.
    Newsletter,
    /// Companies other than the one that asks.
    Partners,
    /// Handing data to somebody.
    Transfer,
    /// Terms, rules, conditions of sale.
    Terms,
    /// The privacy notice or data protection as a topic.
    Privacy,
    /// Being over an age.
    Age,
    /// Staying signed in, being remembered.
    RememberMe,
    /// Same address, gift wrap, notification of replies and other harmless choices.
    Preference,
    /// What data is used for: answering the request, making the quote, …
    Purpose,
    // Who.
    /// Words before the name of the controller ("the data controller is …").
    ControllerBefore,
    /// Words after the name of the controller ("… is the data controller").
    ControllerAfter,
    /// Words before the name of a sender or caller ("e-mails from …").
    SenderBefore,
    /// Words after the name of a sender or caller ("… may keep me informed").
    SenderAfter,
    /// Other roles: host, processor, publication director.
    OtherRole,
    // Channels.
    Email,
    Sms,
    Phone,
    Post,
    // Buttons.
    /// A label that sends the form without saying more.
    Submit,
    /// A way on without consent.
    Refuse,
    /// The plain word of a yes-or-no choice.
    No,
    // Links.
    LinkPrivacy,
    LinkLegal,
    LinkTerms,
    LinkRecipients,
    /// Words of a link that may lead to a collection form.
    LinkCollection,
    // What a form is for.
    FormLogin,
    FormReset,
    FormSearch,
    FormLocator,
    FormCookies,
    FormRegister,
    FormContact,
    FormSubscribe,
    FormQuote,
    FormContest,
    FormComment,
    FormCheckout,
    // Fields.
    FieldEmail,
    FieldPhone,
    FieldName,
    FieldFirstName,
    FieldLastName,
    FieldTitle,
    FieldAddress,
    FieldPostcode,
    FieldCity,
    FieldBirthDate,
    FieldAge,
    FieldGender,
    FieldCompany,
    FieldJob,
    FieldIncome,
    FieldHealth,
    FieldFreeText,
    /// A field word that is none of the above and must not be taken for one.
    FieldOther,
}

/// Every sense with the table and key that lexicon files use for it.
pub const SENSES: &[(Sense, &str, &str)] = &[
    (Sense::Consent, "act", "consent"),
    (Sense::Acknowledge, "act", "acknowledge"),
    (Sense::AcceptTerms, "act", "accept_terms"),
    (Sense::OptOut, "act", "opt_out"),
    (Sense::Withdraw, "act", "withdraw"),
    (Sense::Bundle, "act", "bundle"),
    (Sense::Condition, "act", "condition"),
    (Sense::Marketing, "topic", "marketing"),
    (Sense::Newsletter, "topic", "newsletter"),
    (Sense::Partners, "topic", "partners"),
    (Sense::Transfer, "topic", "transfer"),
    (Sense::Terms, "topic", "terms"),
    (Sense::Privacy, "topic", "privacy"),
    (Sense::Age, "topic", "age"),
    (Sense::RememberMe, "topic", "remember_me"),
    (Sense::Preference, "topic", "preference"),
    (Sense::Purpose, "topic", "purpose"),
    (Sense::ControllerBefore, "party", "controller_before"),
    (Sense::ControllerAfter, "party", "controller_after"),
    (Sense::SenderBefore, "party", "sender_before"),
    (Sense::SenderAfter, "party", "sender_after"),
    (Sense::OtherRole, "party", "other_role"),
    (Sense::Email, "channel", "email"),
    (Sense::Sms, "channel", "sms"),
    (Sense::Phone, "channel", "phone"),
    (Sense::Post, "channel", "post"),
    (Sense::Submit, "button", "submit"),
    (Sense::Refuse, "button", "refuse"),
    (Sense::No, "button", "no"),
    (Sense::LinkPrivacy, "link", "privacy"),
    (Sense::LinkLegal, "link", "legal"),
    (Sense::LinkTerms, "link", "terms"),
    (Sense::LinkRecipients, "link", "recipients"),
    (Sense::LinkCollection, "link", "collection"),
    (Sense::FormLogin, "form", "login"),
    (Sense::FormReset, "form", "reset"),
    (Sense::FormSearch, "form", "search"),
    (Sense::FormLocator, "form", "locator"),
    (Sense::FormCookies, "form", "cookies"),
    (Sense::FormRegister, "form", "register"),
    (Sense::FormContact, "form", "contact"),
    (Sense::FormSubscribe, "form", "subscribe"),
    (Sense::FormQuote, "form", "quote"),
    (Sense::FormContest, "form", "contest"),
    (Sense::FormComment, "form", "comment"),
    (Sense::FormCheckout, "form", "checkout"),
    (Sense::FieldEmail, "field", "email"),
    (Sense::FieldPhone, "field", "phone"),
    (Sense::FieldName, "field", "name"),
    (Sense::FieldFirstName, "field", "first_name"),
    (Sense::FieldLastName, "field", "last_name"),
    (Sense::FieldTitle, "field", "title"),
    (Sense::FieldAddress, "field", "postal_address"),
    (Sense::FieldPostcode, "field", "postcode"),
    (Sense::FieldCity, "field", "city"),
    (Sense::FieldBirthDate, "field", "birth_date"),
    (Sense::FieldAge, "field", "age"),
    (Sense::FieldGender, "field", "gender"),
    (Sense::FieldCompany, "field", "company"),
    (Sense::FieldJob, "field", "job"),
    (Sense::FieldIncome, "field", "income"),
    (Sense::FieldHealth, "field", "health"),
    (Sense::FieldFreeText, "field", "free_text"),
    (Sense::FieldOther, "field", "other"),
];

impl Sense {
    /// The sense a lexicon file means by `table.key`.
    pub fn named(table: &str, key: &str) -> Option<Sense> {
        SENSES
            .iter()
            .find(|(_, t, k)| *t == table && *k == key)
            .map(|(sense, _, _)| *sense)
    }

    /// `table.key`, as lexicon files write it.
    pub fn path(self) -> String {
        SENSES
            .iter()
            .find(|(sense, _, _)| *sense == self)
            .map(|(_, table, key)| format!("{table}.{key}"))
            .unwrap_or_default()
    }
}
