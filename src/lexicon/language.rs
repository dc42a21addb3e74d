//! Which language a text is in.
//!
//! Pages declare a language and are often wrong about it; short texts cannot be told apart by their
//! letters. It says nothing rather than guess.

use whatlang::{Lang, detect as guess};

/// Shorter texts are not guessed at.
const SHORTEST: usize = 60;
/// From this length on, a confident guess wins over the page's declaration.
const LONG: usize = 300;

/// The primary BCP 47 tag of a text's language: what the page declares, unless the text, being long
/// enough, is plainly in another language.
pub fn detect(text: &str, declared: Option<&str>) -> Option<String> {
    let declared = declared.and_then(primary);
    let seen = if text.len() < SHORTEST {
        None
    } else {
        guess(text).and_then(|info| {
            let tag = tag(info.lang())?;
            Some((tag.to_string(), info.confidence(), info.is_reliable()))
        })
    };
    match (declared, seen) {
        (Some(declared), None) => Some(declared),
        (Some(declared), Some((seen, confidence, _))) => {
            Some(if text.len() >= LONG && confidence > 0.6 {
                seen
            } else {
                declared
            })
        }
        (None, Some((seen, confidence, reliable))) => {
            (reliable || confidence > 0.3).then_some(seen)
        }
        (None, None) => None,
    }
}

/// The primary tag of `fr-FR`, `fr_FR`, `FR`.
fn primary(declared: &str) -> Option<String> {
    let tag: String = declared
        .trim()
        .chars()
        .take_while(|c| c.is_ascii_alphabetic())
        .collect::<String>()
        .to_ascii_lowercase();
    (2..=3).contains(&tag.len()).then_some(tag)
}

/// The ISO 639-1 code, which web pages use, where there is one.
fn tag(lang: Lang) -> Option<&'static str> {
    Some(match lang {
        Lang::Eng => "en",
        Lang::Fra => "fr",
        Lang::Deu => "de",
        Lang::Spa => "es",
        Lang::Ita => "it",
        Lang::Por => "pt",
        Lang::Nld => "nl",
        Lang::Cat => "ca",
        Lang::Dan => "da",
        Lang::Swe => "sv",
        Lang::Nob => "nb",
        Lang::Fin => "fi",
        Lang::Pol => "pl",
        Lang::Ces => "cs",
        Lang::Slk => "sk",
        Lang::Slv => "sl",
        Lang::Hrv => "hr",
        Lang::Hun => "hu",
        Lang::Ron => "ro",
        Lang::Bul => "bg",
        Lang::Ell => "el",
        Lang::Est => "et",
        Lang::Lav => "lv",
        Lang::Lit => "lt",
        Lang::Tur => "tr",
        Lang::Rus => "ru",
        Lang::Ukr => "uk",
        Lang::Ara => "ar",
        Lang::Heb => "he",
        Lang::Jpn => "ja",
        Lang::Cmn => "zh",
        Lang::Kor => "ko",
        Lang::Vie => "vi",
        Lang::Hin => "hi",
        _ => return None,
    })
}
