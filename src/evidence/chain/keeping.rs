//! How long packs are kept: which ones are due to be deleted, and why others stay.

use time::format_description::well_known::Rfc3339;
use time::{Date, Month, OffsetDateTime};

use super::{Chain, Standing};

/// A time to keep packs for: `3y`, `36m` or `90d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    Months(u32),
    Days(u32),
}

/// The longest period, in years: a slip of the keyboard keeps everything, which harms nobody, but numbers
/// must stay numbers of the calendar.
const MOST_YEARS: u32 = 1_000;

impl std::str::FromStr for Period {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no period; write it like 3y, 36m or 90d");
        let at = text.char_indices().last().ok_or_else(wrong)?.0;
        let (number, unit) = text.split_at(at);
        let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
        let number: u32 = number.parse().ok().filter(|_| digits).ok_or_else(wrong)?;
        let (period, of_year) = match unit {
            "y" => (Period::Months(number.saturating_mul(12)), 1),
            "m" => (Period::Months(number), 12),
            "d" => (Period::Days(number), 365),
            _ => return Err(wrong()),
        };
        match number {
            0 => Err(format!(
                "{text:?} would keep nothing; the shortest period is 1d"
            )),
            _ if number / of_year > MOST_YEARS => Err(format!("{text:?} is too long")),
            _ => Ok(period),
        }
    }
}

impl Period {
    /// The moment so long before another. The last day of a shorter month stands for days it has not.
    pub fn before(self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        match self {
            Period::Days(days) => now.checked_sub(time::Duration::days(days.into())),
            Period::Months(months) => {
                let all = now.year() * 12 + i32::from(u8::from(now.month())) - 1;
                let all = all.checked_sub(i32::try_from(months).ok()?)?;
                let month = Month::try_from(u8::try_from(all.rem_euclid(12) + 1).ok()?).ok()?;
                let year = all.div_euclid(12);
                let day = now.day().min(month.length(year));
                Date::from_calendar_date(year, month, day)
                    .ok()
                    .map(|date| now.replace_date(date))
            }
        }
    }
}

/// Why a pack is deleted or stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    Due,
    NotYet,
    /// Somebody holds it.
    Held,
    /// Its link tells no time that can be read.
    NoTime,
}

/// One pack of the store and what becomes of it.
#[derive(Debug, Clone)]
pub struct Kept<'a> {
    pub pack: &'a str,
    pub standing: &'a Standing,
    pub why: Why,
}

/// What becomes of each pack in the store: those that were sealed before a moment are due, and never one
/// that is held.
pub fn due(chain: &Chain, before: OffsetDateTime) -> Vec<Kept<'_>> {
    let there = chain.packs.iter().filter(|(_, s)| s.pruned.is_none());
    let mut all: Vec<Kept> = there
        .map(|(pack, standing)| {
            let sealed = OffsetDateTime::parse(&standing.sealed.event.at, &Rfc3339);
            let why = match sealed {
                _ if !standing.holds.is_empty() => Why::Held,
                Ok(at) if at < before => Why::Due,
                Ok(_) => Why::NotYet,
                Err(_) => Why::NoTime,
            };
            Kept {
                pack,
                standing,
                why,
            }
        })
        .collect();
    all.sort_by_key(|kept| kept.standing.sealed.number);
    all
}

#[cfg(test)]
mod tests {
    use super::Period;
    use time::macros::datetime;

    #[test]
    fn periods_follow_the_calendar() {
        let now = datetime!(2028-02-29 12:00 UTC);
        let before = |text: &str| text.parse::<Period>().unwrap().before(now).unwrap();
        assert_eq!(before("3y"), datetime!(2025-02-28 12:00 UTC));
        assert_eq!(before("36m"), before("3y"));
        assert_eq!(before("1m"), datetime!(2028-01-29 12:00 UTC));
        assert_eq!(before("90d"), datetime!(2027-12-01 12:00 UTC));
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for text in [
            "",
            "y",
            "0d",
            "3",
            "3w",
            "-3y",
            "+3y",
            "3 y",
            "3é",
            "99999999999d",
            "4000000y",
        ] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }
}
