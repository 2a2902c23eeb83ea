//! Numbers with what is counted.

use std::fmt;

/// `1 rule`, `3 rules`.
pub fn counted(count: impl Copy + fmt::Display + PartialEq + From<u8>, word: &str) -> String {
    if count == 1.into() { format!("1 {word}") } else { format!("{count} {word}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_one_and_all_else_is_many() {
        assert_eq!([0, 1, 2].map(|count| counted(count, "file")), ["0 files", "1 file", "2 files"]);
    }
}
