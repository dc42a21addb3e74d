//! What is typed into fields of numbers: the wanted value, or one that says nothing, in range and in step.

use super::Asked;
use super::wanted::Wanted;
use super::{dates, fit::Fit, texts};

/// Numbers that say nothing: years, persons, rooms, square metres, a sum.
pub const NEUTRAL: [i32; 5] = [20, 3, 1, 100, 50_000];
/// Beyond this a number of a page is no range anybody means.
const LARGEST: f64 = 1e15;

/// The numbers that fit, the likeliest first.
pub fn all(asked: &Asked) -> Vec<String> {
    let range = Range::of(asked);
    let exact = match asked.wanted {
        Wanted::Age => vec![f64::from(asked.age())],
        Wanted::Income => vec![f64::from(asked.person.income)],
        Wanted::BirthDay | Wanted::BirthMonth | Wanted::BirthYear | Wanted::BirthDate => {
            read(&dates::birth(asked))
        }
        Wanted::Phone | Wanted::PhoneCode | Wanted::Postcode | Wanted::HouseNumber => {
            // Digits as they are: a leading zero belongs to them.
            let digits =
                |text: &String| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            let mut texts = texts::all(asked);
            texts.retain(|text| digits(text) && text.parse().is_ok_and(|value| range.takes(value)));
            return Fit::of(asked.prompt).keep(texts);
        }
        _ => Vec::new(),
    };
    let mut values: Vec<f64> = exact
        .iter()
        .copied()
        .filter(|value| range.takes(*value))
        .collect();
    let may_differ = !matches!(
        asked.wanted,
        Wanted::BirthDay | Wanted::BirthMonth | Wanted::BirthYear | Wanted::BirthDate
    );
    if may_differ {
        // A slider stands somewhere already, mostly at an end or in the middle, and some pages want it moved.
        let slides = asked.prompt.kind.eq_ignore_ascii_case("range");
        values.extend(range.share(0.6).filter(|_| slides));
        let neutral = NEUTRAL.map(f64::from);
        values.extend(exact.iter().filter_map(|value| range.nearest(*value)));
        values.extend(neutral.into_iter().filter(|value| range.takes(*value)));
        values.extend(range.nearest(neutral[0]));
    }
    Fit::of(asked.prompt).keep(values.into_iter().map(|value| value.to_string()).collect())
}

fn read(texts: &[String]) -> Vec<f64> {
    texts.iter().filter_map(|text| text.parse().ok()).collect()
}

/// What `min`, `max` and `step` allow (WHATWG HTML, "The min and max attributes", "The step attribute").
struct Range {
    min: f64,
    max: f64,
    /// `None` for `any`.
    step: Option<f64>,
    /// Steps count from here.
    base: f64,
}

impl Range {
    fn of(asked: &Asked) -> Range {
        let number = |text: &Option<String>| -> Option<f64> {
            let value: f64 = text.as_deref()?.trim().parse().ok()?;
            (value.abs() <= LARGEST).then_some(value)
        };
        let prompt = asked.prompt;
        // A slider has a range of its own.
        let (low, high) = if prompt.kind.eq_ignore_ascii_case("range") {
            (0.0, 100.0)
        } else {
            (-LARGEST, LARGEST)
        };
        let any = prompt
            .step
            .as_deref()
            .is_some_and(|step| step.trim().eq_ignore_ascii_case("any"));
        let step = number(&prompt.step)
            .filter(|step| *step > 0.0)
            .unwrap_or(1.0);
        Range {
            min: number(&prompt.min).unwrap_or(low),
            max: number(&prompt.max).unwrap_or(high),
            step: (!any).then_some(step),
            base: number(&prompt.min).unwrap_or(0.0),
        }
    }

    fn takes(&self, value: f64) -> bool {
        let in_step = self.step.is_none_or(|step| {
            let steps = (value - self.base) / step;
            (steps - steps.round()).abs() < 1e-6
        });
        value >= self.min && value <= self.max && in_step
    }

    /// A place between the ends.
    fn share(&self, share: f64) -> Option<f64> {
        self.nearest(self.min + (self.max - self.min) * share)
    }

    /// The nearest value that is allowed, rounded to what a step can mean.
    fn nearest(&self, value: f64) -> Option<f64> {
        if self.min > self.max {
            return None;
        }
        let value = value.clamp(self.min, self.max);
        let stepped = match self.step {
            None => value,
            // Tenths have no exact binary form: a whole number of steps may come out a hair below itself.
            Some(step) => self.base + ((value - self.base) / step + 1e-9).floor() * step,
        };
        let rounded = (stepped * 1e6).round() / 1e6;
        self.takes(rounded).then_some(rounded)
    }
}
