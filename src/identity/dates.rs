//! Dates as fields take them: the birth date whole and in parts, and days to come.

use time::macros::format_description;
use time::{Date, Duration};

use super::Asked;
use super::fit::Fit;
use super::wanted::Wanted;
use super::words::folded;

/// A day that says nothing is this far ahead.
const AHEAD: Duration = Duration::days(30);

/// What is typed into fields of type `date`, `month`, `week`, `time` and `datetime-local`, in the form that
/// HTML gives their values.
pub fn typed(asked: &Asked, kind: &str) -> Vec<String> {
    let is_birth = asked.wanted == Wanted::BirthDate;
    let day = if is_birth {
        asked.person.birth_date
    } else {
        day_to_come(asked)
    };
    let sample = written(day, kind);
    let bound = |text: &Option<String>| text.clone().filter(|text| same_shape(text, &sample));
    let (min, max) = (bound(&asked.prompt.min), bound(&asked.prompt.max));
    // Of one shape, these compare as they are written.
    let within = |text: &String| {
        min.as_ref().is_none_or(|min| min <= text) && max.as_ref().is_none_or(|max| text <= max)
    };
    let mut out = vec![sample];
    if !is_birth {
        out.extend([min.clone(), max.clone()].into_iter().flatten());
    }
    // Steps count from the first day allowed, which is always in step.
    let step = asked.prompt.step.as_deref().map_or("", str::trim);
    if !is_birth && min.is_some() && !matches!(step, "" | "1" | "any") {
        out.swap(0, 1);
    }
    out.retain(within);
    Fit::of(asked.prompt).keep(out)
}

fn written(day: Date, kind: &str) -> String {
    let iso = day.to_string();
    match kind {
        "month" => iso.get(..7).unwrap_or_default().to_string(),
        "week" => {
            let (year, week, _) = day.to_iso_week_date();
            format!("{year}-W{week:02}")
        }
        "time" => "10:00".to_string(),
        "datetime-local" => format!("{iso}T10:00"),
        _ => iso,
    }
}

/// Digits where the other has digits, and the same elsewhere.
fn same_shape(text: &str, sample: &str) -> bool {
    let alike = |(a, b): (u8, u8)| a == b || (a.is_ascii_digit() && b.is_ascii_digit());
    text.len() == sample.len() && text.bytes().zip(sample.bytes()).all(alike)
}

fn day_to_come(asked: &Asked) -> Date {
    asked.today.checked_add(AHEAD).unwrap_or(asked.today)
}

/// A day to come as texts.
pub fn to_come(asked: &Asked) -> Vec<String> {
    texts(asked, day_to_come(asked))
}

/// The birth date, or the part that is wanted, as texts.
pub fn birth(asked: &Asked) -> Vec<String> {
    let born = asked.person.birth_date;
    let (year, month, day) = (born.year(), u8::from(born.month()), born.day());
    match asked.wanted {
        Wanted::BirthDay => vec![format!("{day:02}"), day.to_string()],
        Wanted::BirthMonth => {
            let mut out = vec![format!("{month:02}"), month.to_string()];
            out.extend(month_names(asked));
            out
        }
        Wanted::BirthYear => vec![year.to_string(), format!("{:02}", year % 100)],
        _ => texts(asked, born),
    }
}

/// The month of birth in each language.
pub fn month_names(asked: &Asked) -> Vec<String> {
    let at = usize::from(u8::from(asked.person.birth_date.month())).saturating_sub(1);
    asked
        .all
        .months
        .iter()
        .filter_map(|months| months.get(at).cloned())
        .collect()
}

/// A day in the form that the placeholder shows, in the country's forms, as standards write it, and
/// without anything between its parts.
fn texts(asked: &Asked, day: Date) -> Vec<String> {
    let shown = shown_order(&asked.prompt.placeholder).or_else(|| shown_order(&asked.prompt.label));
    let orders = &asked.person.dates;
    let mut out: Vec<String> = shown
        .iter()
        .chain(orders)
        .map(|(order, between)| in_order(day, order, &between.to_string()))
        .collect();
    out.extend(day.format(format_description!("[year]-[month]-[day]")).ok());
    if let Some((order, _)) = shown.as_ref().or(orders.first()) {
        out.push(in_order(day, order, ""));
    }
    out
}

fn in_order(day: Date, order: &str, between: &str) -> String {
    let part = |c: char| match c {
        'd' => format!("{:02}", day.day()),
        'm' => format!("{:02}", u8::from(day.month())),
        _ => format!("{:04}", day.year()),
    };
    order.chars().map(part).collect::<Vec<_>>().join(between)
}

/// The order that a placeholder shows: "JJ/MM/AAAA", "TT.MM.JJJJ", "yyyy-mm-dd".
fn shown_order(placeholder: &str) -> Option<(String, char)> {
    let words = folded(placeholder);
    let parts = words.split(' ').map(|word| {
        let first = word.chars().next()?;
        let one_letter = word.chars().all(|c| c == first);
        match (word.len(), first) {
            (4, 'a' | 'y' | 'j') if one_letter => Some('y'),
            (2, 'm') if one_letter => Some('m'),
            (2, 'j' | 'd' | 't' | 'g') if one_letter => Some('d'),
            _ => None,
        }
    });
    let order: String = parts.flatten().collect();
    let between = placeholder.chars().find(|c| matches!(c, '/' | '-' | '.'))?;
    matches!(order.as_str(), "dmy" | "mdy" | "ymd").then_some((order, between))
}
