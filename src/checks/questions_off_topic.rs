//! Asks whether more than a `share` of the form's questions have nothing to do with what it is about:
//! the product that the user named, else the trade that the page's title and headings speak of.
//!
//! Contact data is no question. Fewer than `least` questions say nothing either way: that is No.

use crate::finding::{Measure, Reason};
use crate::lexicon::{Reading, Sense};
use crate::model::{Category, Field, Product, Promise};

use super::{Answer, Check, Observed, Subject, SubjectKind};

pub static CHECK: Check = Check {
    id: "questions-off-topic",
    subjects: &[SubjectKind::Form],
    values: &["share", "limit", "questions", "unrelated", "language"],
    build: |parameters| {
        parameters.only(&["share", "least", "enough"])?;
        let share = parameters.number("share", 0.3)?;
        let least = parameters.number("least", 3.0)?;
        // Asked as a precondition: are there enough questions at all?
        let enough = parameters.flag("enough")?;
        parameters.asking(move |subject: &Subject| ask(subject, share, least, enough))
    },
};

/// Fields that reach or name the person, or say nothing about the need.
const CONTACT: [Category; 11] = [
    Category::Email,
    Category::Phone,
    Category::Name,
    Category::FirstName,
    Category::LastName,
    Category::Title,
    Category::PostalAddress,
    Category::Postcode,
    Category::City,
    Category::BirthDate,
    Category::FreeText,
];

const SECTORS: [Sense; 12] = [
    Sense::SectorInsurance,
    Sense::SectorFinance,
    Sense::SectorEnergy,
    Sense::SectorHomeAdaptation,
    Sense::SectorTelecom,
    Sense::SectorHealth,
    Sense::SectorVehicle,
    Sense::SectorHome,
    Sense::SectorTravel,
    Sense::SectorTraining,
    Sense::SectorFortune,
    Sense::SectorRetail,
];

fn ask(subject: &Subject, share: f64, least: f64, enough: bool) -> Answer {
    let form = subject.form;
    if !form.understood {
        return Answer::no_lexicon(subject);
    }
    let questions: Vec<&Field> = form
        .fields
        .iter()
        .filter(|f| !CONTACT.contains(&f.category) && !f.label.is_empty() && f.kind != "password")
        .collect();
    if enough {
        return match questions.len() as f64 >= least {
            true => Answer::Yes(Observed::default()),
            false => Answer::No(Observed::default()),
        };
    }
    let unrelated = match &subject.request.product {
        Some(product) => off_product(&questions, product, form.language.as_deref()),
        None => off_trade(subject, &questions),
    };
    let part = unrelated.len() as f64 / questions.len().max(1) as f64;
    let labels =
        |fields: &[&Field]| Measure::List(fields.iter().map(|f| f.label.clone()).collect());
    let mut observed = Observed::default()
        .with("share", Measure::Number((part * 100.0).round()))
        .with("limit", Measure::Number((share * 100.0).round()))
        .with("questions", labels(&questions))
        .with("unrelated", labels(&unrelated));
    for field in unrelated.iter().take(6) {
        observed = observed.seeing(subject.see(&field.label, &field.place));
    }
    if part <= share {
        return Answer::No(observed.seeing(subject.see_form()));
    }
    // Without a known trade nobody can say which question belongs to it.
    let known = subject.request.product.is_some()
        || form.promise == Promise::Contest
        || !trades(subject).is_empty();
    match known {
        true => Answer::Yes(observed),
        false => Answer::unknown(Reason::NeedsPerson, "topic_unclear", observed),
    }
}

fn off_product<'a>(
    questions: &[&'a Field],
    product: &Product,
    language: Option<&str>,
) -> Vec<&'a Field> {
    let wanted = |field: &&Field| {
        let meets = |reading: &Reading| {
            product.questions.iter().any(|question| {
                language.is_some_and(|tag| question.phrases.find(tag, reading).is_some())
            })
        };
        meets(&field.asks) || meets(&field.offers)
    };
    questions.iter().filter(|f| !wanted(f)).copied().collect()
}

/// Questions of trades that the page does not speak of.
fn off_trade<'a>(subject: &Subject, questions: &[&'a Field]) -> Vec<&'a Field> {
    let topics = trades(subject);
    let strange = |field: &&Field| {
        let own: Vec<Sense> = SECTORS
            .into_iter()
            .filter(|&sector| field.asks.has(sector) || field.offers.has(sector))
            .collect();
        !own.is_empty() && !own.iter().any(|sector| topics.contains(sector))
    };
    questions.iter().filter(|f| strange(f)).copied().collect()
}

/// The trades that the page's headings name. A legend is a heading of the questions, not of the page.
fn trades(subject: &Subject) -> Vec<Sense> {
    let heads = |passage: &&crate::model::Passage| {
        passage.heading && !passage.labels_control && !passage.place.locator.contains("legend")
    };
    let named = |passages: &[crate::model::Passage]| -> Vec<Sense> {
        let readings: Vec<&Reading> = passages.iter().filter(heads).map(|p| &p.reading).collect();
        SECTORS
            .into_iter()
            .filter(|&sector| readings.iter().any(|reading| reading.has(sector)))
            .collect()
    };
    let page = subject.once(subject.page, "trades", |page| named(&page.passages));
    let mut trades = named(&subject.form.passages);
    trades.extend(page.iter());
    trades
}
