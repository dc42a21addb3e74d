//! Bytes to text as browsers do: byte order mark, the header's charset, the markup's charset, UTF-8
//! where it fits, else Windows-1252.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// Markup declares its charset within the first kilobyte (WHATWG HTML, "Determining the character
/// encoding").
const PRESCAN: usize = 1_024;

/// Decodes a page.
pub fn decode_html(body: &[u8], content_type: Option<&str>) -> String {
    if let Some((encoding, _)) = Encoding::for_bom(body) {
        return encoding.decode(body).0.into_owned();
    }
    let declared = content_type
        .and_then(charset)
        .or_else(|| in_markup(&body[..body.len().min(PRESCAN)]));
    let encoding = declared.unwrap_or_else(|| {
        if std::str::from_utf8(body).is_ok() {
            UTF_8
        } else {
            WINDOWS_1252
        }
    });
    encoding.decode(body).0.into_owned()
}

fn charset(text: &str) -> Option<&'static Encoding> {
    let at = text.to_ascii_lowercase().find("charset")?;
    let value = text[at + "charset".len()..]
        .trim_start()
        .strip_prefix('=')?;
    let label: String = value
        .trim_start_matches(['"', '\'', ' '])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.'))
        .collect();
    Encoding::for_label(label.as_bytes())
}

fn in_markup(start: &[u8]) -> Option<&'static Encoding> {
    let text = String::from_utf8_lossy(start);
    let lower = text.to_ascii_lowercase();
    lower
        .match_indices("<meta")
        .find_map(|(at, _)| charset(text[at..].split('>').next()?))
}

#[cfg(test)]
mod tests {
    use super::decode_html;

    #[test]
    fn charsets_are_found() {
        assert_eq!(decode_html(b"\xef\xbb\xbf\xc3\xa9", None), "é");
        assert_eq!(
            decode_html(b"\xe9", Some("text/html; charset=ISO-8859-1")),
            "é"
        );
        assert_eq!(
            decode_html(b"<meta charset=\"iso-8859-15\">\xa4", None)
                .chars()
                .last(),
            Some('€')
        );
        assert_eq!(decode_html("é".as_bytes(), None), "é");
        assert_eq!(decode_html(b"\xe9t\xe9", None), "été");
        assert_eq!(
            decode_html(b"\xc3\xa9", Some("text/html; charset=\"utf-8\"")),
            "é"
        );
    }
}
