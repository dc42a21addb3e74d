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
    /// Two refusals that make an agreement: "I do not mind receiving", "do not tick if you do not want".
    KeepsIn,
    /// Taking a tick out.
    Untick,
    /// "You can unsubscribe at any time".
    Withdraw,
    /// "By clicking …": the main action stands for something else.
    Bundle,
    /// "Required to take part".
    Condition,
    /// "As described in the privacy notice": a document is pointed at, not agreed to.
    Refer,
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
    /// Cookies and other trackers.
    Cookies,
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
    /// Words before the name of one who is given the data ("shared with …").
    ReceiverBefore,
    /// Words before a name that something belongs to or is about ("terms of …", "join …").
    OwnerBefore,
    /// What belongs to the one named before it ("… newsletter", "… account").
    OwnerAfter,
    /// Places, days, departments, documents, products of every kind: a capital does not make them a name.
    NoName,
    /// Other roles: host, processor, publication director.
    OtherRole,
    // Channels.
    Email,
    Sms,
    Phone,
    Post,
    // Notices, contests, calls and sectors.
    /// Recipients hand data on in turn: "and their partners", "any third party".
    Onward,
    /// A confirmation follows: "click the link in the confirmation e-mail".
    Confirm,
    /// Agreeing to be called or phoned for sales.
    CallConsent,
    /// Words that name no purpose: "improve your experience", "marketing activity", "business purposes".
    Vague,
    /// One breath for the sender and others: "X and its partners", "we and our partners".
    OwnAndPartners,
    /// Selling, renting, monetising data or leads as a business.
    DataTrade,
    /// Handing contacts to social networks or advertising platforms to target people.
    AudienceMatching,
    /// Others as a source of data, not as its recipients: "data received from third parties".
    PartnerSource,
    /// Says that data is not sold or handed on, or speaks of cookies or of service providers, who are no
    /// partners.
    NoTransfer,
    /// Pressing the visitor: "only 3 left", "you have been selected", "hurry".
    Pressure,
    /// Posing as the state: "national service", "government scheme", "official aid".
    PublicService,
    /// Health, religion, sexual life, politics, union, origin (GDPR art. 9).
    Sensitive,
    /// Contact data of somebody else: "your friend's e-mail", "refer a friend", "spouse".
    OtherPerson,
    /// Who may take part by age: "open to adults", "over 18 only".
    MinimumAge,
    /// A representative in the Union or the United Kingdom (GDPR art. 27).
    LegalRepresentative,
    /// Sister companies of one group: "companies of the group", "our affiliates".
    GroupCompanies,
    /// Words before the company's name in a legal notice: "published by", "company name:".
    CompanyBefore,
    /// Share capital.
    ShareCapital,
    /// Registered office, head office, its address.
    RegisteredOffice,
    /// Words of a registration: trade register, company number, SIREN, HRB, Partita IVA.
    Registration,
    /// Words before a VAT number.
    VatNumber,
    /// The publication director or who answers for the content.
    PublicationDirector,
    /// Who hosts the site.
    Host,
    /// A data protection officer.
    Dpo,
    /// Legal basis of processing.
    LegalBasis,
    /// Legitimate interest as a basis.
    LegitimateInterest,
    /// Recipients or categories of recipients, as a notice states them.
    Recipients,
    /// Transfers outside the EU or EEA, or the statement that there are none, and safeguards.
    ThirdCountry,
    /// How long data is kept.
    Retention,
    /// "As long as necessary".
    RetentionVague,
    /// Right of access.
    RightAccess,
    /// Right to rectification.
    RightRectification,
    /// Right to erasure.
    RightErasure,
    /// Right to restriction of processing.
    RightRestriction,
    /// Right to object.
    RightObjection,
    /// Right to data portability.
    RightPortability,
    /// Withdrawing by a link, a form, a preference page, STOP.
    WithdrawOnline,
    /// Withdrawing only by writing: an e-mail, a letter.
    WithdrawWriting,
    /// Withdrawal that covers one base or brand only: "for the other databases, write to …".
    WithdrawPartial,
    /// Objections or withdrawals are forwarded to the partners.
    PassOn,
    /// The right to complain to a supervisory authority, or the authority by name.
    Complaint,
    /// Which answers are mandatory and what follows without them; "fields marked * are required".
    AnswerMandatory,
    /// Automated decisions or profiling, or the statement that there are none.
    AutomatedDecision,
    /// Further processing for other purposes.
    LaterPurpose,
    /// Words before a date of version: "last updated", "version of".
    Updated,
    /// References that no longer hold: CNIL declaration number, Directive 95/46, Privacy Shield.
    Obsolete,
    /// Unfinished text: "[company name]", "lorem ipsum".
    Placeholder,
    /// Who organises a contest.
    Organiser,
    /// What can be won.
    Prize,
    /// How winners are drawn or chosen.
    Draw,
    /// When a contest runs: "from … to …", "until", "closing date".
    Dates,
    /// The information that commercial calls need prior consent (C. conso. L223-2).
    CallsNeedConsent,
    /// Consent to calls can be withdrawn.
    PhoneRevocable,
    /// Automatic dialling system, automated technology.
    Autodialler,
    /// Artificial or prerecorded voice.
    Prerecorded,
    /// The number that is called: "at the number provided".
    NumberProvided,
    /// "Consent is not a condition of purchase".
    NotACondition,
    /// Reply STOP, message and data rates, message frequency.
    StopAndRates,
    /// Electronic signature or the E-SIGN disclosure.
    ESign,
    /// Insurance and health cover.
    SectorInsurance,
    /// Credit, mortgage, savings, investment.
    SectorFinance,
    /// Energy, solar panels, heat pumps, insulation, energy renovation.
    SectorEnergy,
    /// Adapting homes to age or disability: stair lifts, walk-in showers.
    SectorHomeAdaptation,
    /// Telephone, internet, mobile plans.
    SectorTelecom,
    /// Hearing aids, glasses, medical, wellness.
    SectorHealth,
    /// Cars and other vehicles, their sale and repair.
    SectorVehicle,
    /// Building works, kitchens, windows, furniture, moving, real estate.
    SectorHome,
    /// Travel, holidays, flights.
    SectorTravel,
    /// Training, courses, studies, jobs.
    SectorTraining,
    /// Fortune telling, horoscopes, dating.
    SectorFortune,
    /// Fashion, food, shopping, beauty.
    SectorRetail,
    /// Catch-all: "general", "various sectors", "other products".
    SectorAny,
    // Buttons.
    /// A label that sends the form without saying more.
    Submit,
    /// A way on without consent.
    Refuse,
    /// "Accept all": turns on every control at once.
    AcceptAll,
    /// The plain word of a yes-or-no choice.
    No,
    /// On to a further step: "next", "continue", "start".
    Next,
    /// Back to an earlier step.
    Back,
    /// Takes all cookies that are asked for: "accept all", "accept and close".
    AcceptCookies,
    /// Takes only what is needed, on a cookie banner: "necessary only".
    NeededOnly,
    // Links.
    LinkPrivacy,
    LinkLegal,
    LinkTerms,
    LinkRecipients,
    /// Words of a link that may lead to a collection form.
    LinkCollection,
    /// Words of a link to the next page of a list.
    LinkNext,
    // What a form is for.
    FormLogin,
    FormReset,
    FormSearch,
    FormLocator,
    FormCookies,
    /// A code that was sent to a telephone or a mailbox.
    FormCode,
    /// A test that only a person passes.
    FormCaptcha,
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
    /// An answer to the title that is neither Mr nor Ms: "Mx", "other", "prefer not to say".
    FieldNeutralTitle,
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
    /// A field for robots: "leave this empty".
    FieldTrap,
    /// A phrase that a rule or a configuration brought along; no lexicon names it.
    Phrase,
}

/// Every sense with the table and key that lexicon files use for it.
pub const SENSES: &[(Sense, &str, &str)] = &[
    (Sense::Consent, "act", "consent"),
    (Sense::Acknowledge, "act", "acknowledge"),
    (Sense::AcceptTerms, "act", "accept_terms"),
    (Sense::OptOut, "act", "opt_out"),
    (Sense::KeepsIn, "act", "keeps_in"),
    (Sense::Untick, "act", "untick"),
    (Sense::Withdraw, "act", "withdraw"),
    (Sense::Bundle, "act", "bundle"),
    (Sense::Condition, "act", "condition"),
    (Sense::Refer, "act", "refer"),
    (Sense::Marketing, "topic", "marketing"),
    (Sense::Newsletter, "topic", "newsletter"),
    (Sense::Partners, "topic", "partners"),
    (Sense::Transfer, "topic", "transfer"),
    (Sense::Terms, "topic", "terms"),
    (Sense::Privacy, "topic", "privacy"),
    (Sense::Cookies, "topic", "cookies"),
    (Sense::Age, "topic", "age"),
    (Sense::RememberMe, "topic", "remember_me"),
    (Sense::Preference, "topic", "preference"),
    (Sense::Purpose, "topic", "purpose"),
    (Sense::ControllerBefore, "party", "controller_before"),
    (Sense::ControllerAfter, "party", "controller_after"),
    (Sense::SenderBefore, "party", "sender_before"),
    (Sense::SenderAfter, "party", "sender_after"),
    (Sense::ReceiverBefore, "party", "receiver_before"),
    (Sense::OwnerBefore, "party", "owner_before"),
    (Sense::OwnerAfter, "party", "owner_after"),
    (Sense::NoName, "party", "no_name"),
    (Sense::OtherRole, "party", "other_role"),
    (Sense::Email, "channel", "email"),
    (Sense::Sms, "channel", "sms"),
    (Sense::Phone, "channel", "phone"),
    (Sense::Post, "channel", "post"),
    (Sense::Onward, "act", "onward"),
    (Sense::Confirm, "act", "confirm"),
    (Sense::CallConsent, "act", "call_consent"),
    (Sense::Vague, "topic", "vague"),
    (Sense::OwnAndPartners, "topic", "own_and_partners"),
    (Sense::DataTrade, "topic", "data_trade"),
    (Sense::AudienceMatching, "topic", "audience_matching"),
    (Sense::PartnerSource, "topic", "partner_source"),
    (Sense::NoTransfer, "topic", "no_transfer"),
    (Sense::Pressure, "topic", "pressure"),
    (Sense::PublicService, "topic", "public_service"),
    (Sense::Sensitive, "topic", "sensitive"),
    (Sense::OtherPerson, "topic", "other_person"),
    (Sense::MinimumAge, "topic", "minimum_age"),
    (Sense::LegalRepresentative, "party", "eu_representative"),
    (Sense::GroupCompanies, "party", "group_companies"),
    (Sense::CompanyBefore, "notice", "company_name"),
    (Sense::ShareCapital, "notice", "share_capital"),
    (Sense::RegisteredOffice, "notice", "registered_office"),
    (Sense::Registration, "notice", "registration"),
    (Sense::VatNumber, "notice", "vat_number"),
    (Sense::PublicationDirector, "notice", "publication_director"),
    (Sense::Host, "notice", "host"),
    (Sense::Dpo, "notice", "dpo"),
    (Sense::LegalBasis, "notice", "legal_basis"),
    (Sense::LegitimateInterest, "notice", "legitimate_interest"),
    (Sense::Recipients, "notice", "recipients"),
    (Sense::ThirdCountry, "notice", "third_country"),
    (Sense::Retention, "notice", "retention"),
    (Sense::RetentionVague, "notice", "retention_vague"),
    (Sense::RightAccess, "notice", "right_access"),
    (Sense::RightRectification, "notice", "right_rectification"),
    (Sense::RightErasure, "notice", "right_erasure"),
    (Sense::RightRestriction, "notice", "right_restriction"),
    (Sense::RightObjection, "notice", "right_objection"),
    (Sense::RightPortability, "notice", "right_portability"),
    (Sense::WithdrawOnline, "notice", "withdraw_online"),
    (Sense::WithdrawWriting, "notice", "withdraw_writing"),
    (Sense::WithdrawPartial, "notice", "withdraw_partial"),
    (Sense::PassOn, "notice", "pass_on"),
    (Sense::Complaint, "notice", "complaint"),
    (Sense::AnswerMandatory, "notice", "answer_mandatory"),
    (Sense::AutomatedDecision, "notice", "automated_decision"),
    (Sense::LaterPurpose, "notice", "later_purpose"),
    (Sense::Updated, "notice", "updated"),
    (Sense::Obsolete, "notice", "obsolete"),
    (Sense::Placeholder, "notice", "placeholder"),
    (Sense::Organiser, "contest", "organiser"),
    (Sense::Prize, "contest", "prize"),
    (Sense::Draw, "contest", "draw"),
    (Sense::Dates, "contest", "dates"),
    (Sense::CallsNeedConsent, "phone", "calls_need_consent"),
    (Sense::PhoneRevocable, "phone", "revocable"),
    (Sense::Autodialler, "phone", "autodialler"),
    (Sense::Prerecorded, "phone", "prerecorded"),
    (Sense::NumberProvided, "phone", "number_provided"),
    (Sense::NotACondition, "phone", "not_a_condition"),
    (Sense::StopAndRates, "phone", "stop_and_rates"),
    (Sense::ESign, "phone", "e_sign"),
    (Sense::SectorInsurance, "sector", "insurance"),
    (Sense::SectorFinance, "sector", "finance"),
    (Sense::SectorEnergy, "sector", "energy"),
    (Sense::SectorHomeAdaptation, "sector", "home_adaptation"),
    (Sense::SectorTelecom, "sector", "telecom"),
    (Sense::SectorHealth, "sector", "health"),
    (Sense::SectorVehicle, "sector", "vehicle"),
    (Sense::SectorHome, "sector", "home"),
    (Sense::SectorTravel, "sector", "travel"),
    (Sense::SectorTraining, "sector", "training"),
    (Sense::SectorFortune, "sector", "fortune"),
    (Sense::SectorRetail, "sector", "retail"),
    (Sense::SectorAny, "sector", "any"),
    (Sense::Submit, "button", "submit"),
    (Sense::Refuse, "button", "refuse"),
    (Sense::AcceptAll, "button", "accept_all"),
    (Sense::No, "button", "no"),
    (Sense::Next, "button", "next"),
    (Sense::Back, "button", "back"),
    (Sense::AcceptCookies, "button", "accept_cookies"),
    (Sense::NeededOnly, "button", "needed_only"),
    (Sense::LinkPrivacy, "link", "privacy"),
    (Sense::LinkLegal, "link", "legal"),
    (Sense::LinkTerms, "link", "terms"),
    (Sense::LinkRecipients, "link", "recipients"),
    (Sense::LinkCollection, "link", "collection"),
    (Sense::LinkNext, "link", "next"),
    (Sense::FormLogin, "form", "login"),
    (Sense::FormReset, "form", "reset"),
    (Sense::FormSearch, "form", "search"),
    (Sense::FormLocator, "form", "locator"),
    (Sense::FormCookies, "form", "cookies"),
    (Sense::FormCode, "form", "code"),
    (Sense::FormCaptcha, "form", "captcha"),
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
    (Sense::FieldNeutralTitle, "field", "neutral_title"),
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
    (Sense::FieldTrap, "field", "trap"),
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
