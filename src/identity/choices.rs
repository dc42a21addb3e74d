//! Which of the offered answers a person gives: the fitting one where there is one, else the first that is
//! an answer at all.

use super::Asked;
use super::dates;
use super::prompt::{Answer, Choice};
use super::wanted::Wanted;
use super::words::{folded, has, starts};

/// The options a person might choose, the fitting ones first; a group without any is left.
pub fn all(asked: &Asked) -> Vec<Answer> {
    let options = &asked.prompt.options;
    let usable: Vec<usize> = (0..options.len())
        .filter(|at| is_answer(asked, *at))
        .collect();
    let mut order: Vec<usize> = fitting(asked, &usable);
    order.extend(&usable);
    let mut seen = vec![false; options.len()];
    order.retain(|at| !std::mem::replace(&mut seen[*at], true));
    if order.is_empty() {
        return vec![Answer::Leave];
    }
    order.into_iter().map(Answer::Choose).collect()
}

/// Whether an option is an answer, not the invitation to choose one.
fn is_answer(asked: &Asked, at: usize) -> bool {
    let option = &asked.prompt.options[at];
    let label = option.label.trim();
    let invites = at == 0 && starts(&folded(label), &asked.all.words.no_choice);
    // The buttons of a radio group may have no value at all.
    let empty = option.value.trim().is_empty() && !asked.prompt.kind.eq_ignore_ascii_case("radio");
    // "--"; a label that is empty may be a picture.
    let line = !label.is_empty() && label.chars().all(|c| "-–—_.…*·: ".contains(c));
    !option.disabled && !empty && !invites && !line
}

/// The options that fit what is wanted, best first.
fn fitting(asked: &Asked, usable: &[usize]) -> Vec<usize> {
    let person = asked.person;
    let born = person.birth_date;
    let by = |texts: &[String]| equal(asked, usable, texts);
    let numbered = |number: i32| {
        let fits = |option: &Choice| {
            [&option.label, &option.value]
                .into_iter()
                .any(|text| text.trim().parse() == Ok(number))
        };
        those(asked, usable, fits)
    };
    match asked.wanted {
        Wanted::Title => [by(&person.title), by(&person.gender)].concat(),
        Wanted::Gender => [by(&person.gender), by(&person.title)].concat(),
        Wanted::Country | Wanted::Anything => by(&person.country),
        Wanted::CountryCode => {
            [by(std::slice::from_ref(&person.code)), by(&person.country)].concat()
        }
        Wanted::Region => by(&person.region),
        Wanted::City => by(std::slice::from_ref(&person.city)),
        Wanted::Postcode => by(std::slice::from_ref(&person.postcode)),
        Wanted::PhoneCode | Wanted::Phone => calling_code(asked, usable),
        Wanted::BirthDay => numbered(i32::from(born.day())),
        Wanted::BirthMonth => {
            let named = month(asked, usable);
            let by_number = numbered(i32::from(u8::from(born.month())));
            [named, by_number].concat()
        }
        Wanted::BirthYear => numbered(born.year()),
        Wanted::BirthDate => by(&dates::birth(asked)),
        Wanted::Age => aged(asked, usable),
        _ => Vec::new(),
    }
}

fn those(asked: &Asked, usable: &[usize], fits: impl Fn(&Choice) -> bool) -> Vec<usize> {
    usable
        .iter()
        .copied()
        .filter(|at| fits(&asked.prompt.options[*at]))
        .collect()
}

/// Options that are one of the texts, in the order of the texts.
fn equal(asked: &Asked, usable: &[usize], texts: &[String]) -> Vec<usize> {
    let texts = texts
        .iter()
        .map(|text| folded(text))
        .filter(|text| !text.is_empty());
    texts
        .flat_map(|text| {
            those(asked, usable, move |option| {
                folded(&option.label) == text || folded(&option.value) == text
            })
        })
        .collect()
}

/// "France (+33)", "+33", "FR 33".
fn calling_code(asked: &Asked, usable: &[usize]) -> Vec<usize> {
    let code = asked.person.mobile.code.as_str();
    let tells = |text: &String| folded(text).split(' ').any(|word| word == code);
    let mut out = equal(asked, usable, &asked.person.country);
    out.extend(those(asked, usable, |option| {
        tells(&option.label) || tells(&option.value)
    }));
    out
}

/// Months by their names, which may be cut: "janv.", "Sept".
fn month(asked: &Asked, usable: &[usize]) -> Vec<usize> {
    let names: Vec<String> = dates::month_names(asked)
        .iter()
        .map(|name| folded(name))
        .collect();
    those(asked, usable, |option| {
        let label = folded(&option.label);
        names
            .iter()
            .any(|name| *name == label || (label.len() >= 3 && name.starts_with(&label)))
    })
}

/// Ages and ranges of ages: "41", "35-44 ans", "65 ans et plus", "moins de 25 ans".
fn aged(asked: &Asked, usable: &[usize]) -> Vec<usize> {
    let age = u32::try_from(asked.age()).unwrap_or_default();
    let words = &asked.all.words;
    those(asked, usable, |option| {
        let label = folded(&option.label);
        let numbers: Vec<u32> = label
            .split(|c: char| !c.is_ascii_digit())
            .filter_map(|n| n.parse().ok())
            .collect();
        match numbers[..] {
            [from, to] => (from..=to).contains(&age),
            [one] if has(&label, &words.less) => age <= one,
            [one] if option.label.contains('+') || has(&label, &words.more) => age >= one,
            [one] => age == one,
            _ => false,
        }
    })
}
