//! The words hidden in attribute values: `billingFirstName` is "billing first name".

/// Cuts a name, id or class into words.
pub fn words(value: &str) -> String {
    let mut out = String::new();
    let mut previous = ' ';
    let mut chars = value.chars().take(200).peekable();
    while let Some(c) = chars.next() {
        if !c.is_alphanumeric() {
            previous = ' ';
            continue;
        }
        let next_lower = chars.peek().is_some_and(|next| next.is_lowercase());
        let starts = previous == ' '
            || (c.is_uppercase() && (previous.is_lowercase() || next_lower))
            || (c.is_ascii_digit() != previous.is_ascii_digit());
        if starts && !out.is_empty() {
            out.push(' ');
        }
        out.extend(c.to_lowercase());
        previous = c;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn names_become_words() {
        assert_eq!(words("billingFirstName"), "billing first name");
        assert_eq!(words("data[User][news_list][]"), "data user news list");
        assert_eq!(
            words("ctl00$cphMain$cbNewsletter"),
            "ctl 00 cph main cb newsletter"
        );
        assert_eq!(words("SMSOptIn"), "sms opt in");
        assert_eq!(words("address2"), "address 2");
    }
}
