//! Text of others, as people may see it.

/// A text in which nothing commands a terminal, on one line.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars().map(sign) {
        // Blanks around a break of lines become one.
        if letter != ' ' || !plain.ends_with(' ') {
            plain.push(letter);
        }
    }
    plain.trim().to_owned()
}

/// A sign for what a terminal would not show as it is.
pub fn sign(letter: char) -> char {
    match letter {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => ' ',
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => char::REPLACEMENT_CHARACTER,
        letter if letter.is_control() => char::REPLACEMENT_CHARACTER,
        letter => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_commands_a_terminal() {
        assert_eq!(plain("a\x1b[31m \n\tb\u{202e}c "), "a\u{fffd}[31m b\u{fffd}c");
    }
}
