//! A page's words made fit for one line of text.

/// Control characters and line ends become spaces: none acts on what shows the text.
pub fn one_line(text: &str) -> String {
    let ends = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    text.replace(ends, " ")
}

/// The start of a text that is longer than so many characters.
pub fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_string(),
    }
}

/// An address without what every one begins with, not longer than a heading can be.
pub fn short_address(url: &str) -> String {
    let bare = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    shortened(bare.unwrap_or(url), 90)
}
