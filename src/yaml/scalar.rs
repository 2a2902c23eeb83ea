//! What a scalar means: the core schema of YAML 1.2, strictly.

/// A scalar's meaning.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Scalar {
    /// Nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number. Never NaN or infinite.
    Float(f64),
    /// Something that other readers take for a value that specs cannot have: `True`, `.nan`, a number beyond 64 bits.
    Odd,
    /// A text.
    Text,
}

/// The meaning of a scalar. Quoted ones are always text, and so are numbers with leading zeros.
pub(super) fn resolve(text: &str, plain: bool) -> Scalar {
    if !plain {
        return Scalar::Text;
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "true" => Scalar::Bool(true),
        "false" => Scalar::Bool(false),
        "True" | "TRUE" | "False" | "FALSE" => Scalar::Odd,
        _ => number(text),
    }
}

fn number(text: &str) -> Scalar {
    let bare = text.strip_prefix(['-', '+']).unwrap_or(text);
    let Some(first) = bare.bytes().next() else { return Scalar::Text };
    if !first.is_ascii_digit() && first != b'.' {
        return Scalar::Text;
    }
    if matches!(bare, ".nan" | ".NaN" | ".NAN" | ".inf" | ".Inf" | ".INF") {
        return Scalar::Odd;
    }
    if let Some(digits) = bare.strip_prefix("0x").filter(|digits| !digits.is_empty()) {
        return radix(digits, 16, text);
    }
    if let Some(digits) = bare.strip_prefix("0o").filter(|digits| !digits.is_empty()) {
        return radix(digits, 8, text);
    }
    if bare.bytes().all(|b| b.is_ascii_digit()) {
        return if first == b'0' && bare.len() > 1 { Scalar::Text } else { integer(text) };
    }
    let shape = bare.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'-' | b'+'));
    match text.parse::<f64>() {
        Ok(number) if shape && number.is_finite() => Scalar::Float(number),
        Ok(_) if shape => Scalar::Odd,
        _ => Scalar::Text,
    }
}

fn integer(text: &str) -> Scalar {
    text.parse().map_or(Scalar::Odd, Scalar::Integer)
}

fn radix(digits: &str, radix: u32, text: &str) -> Scalar {
    if !digits.chars().all(|c| c.is_digit(radix)) {
        return Scalar::Text;
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    i64::from_str_radix(digits, radix).map_or(Scalar::Odd, |number| Scalar::Integer(sign * number))
}

impl Scalar {
    /// What it is, for messages.
    pub(super) fn describe(self, text: &str) -> String {
        let shown: String = text.chars().take(40).collect();
        match self {
            Self::Null => "nothing".into(),
            Self::Bool(_) => format!("the boolean `{shown}`"),
            Self::Integer(_) | Self::Float(_) => format!("the number `{shown}`"),
            Self::Odd | Self::Text => format!("`{shown}`"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_follow_the_core_schema() {
        let cases = [
            ("", Scalar::Null),
            ("true", Scalar::Bool(true)),
            ("yes", Scalar::Text),
            ("True", Scalar::Odd),
            ("12", Scalar::Integer(12)),
            ("-3", Scalar::Integer(-3)),
            ("0x1F", Scalar::Integer(31)),
            ("007", Scalar::Text),
            ("0.95", Scalar::Float(0.95)),
            (".5", Scalar::Float(0.5)),
            ("1e3", Scalar::Float(1000.0)),
            (".nan", Scalar::Odd),
            ("1e999", Scalar::Odd),
            ("99999999999999999999", Scalar::Odd),
            ("2026-02-15", Scalar::Text),
            ("12:30:00", Scalar::Text),
            ("1.2.3", Scalar::Text),
            ("15m", Scalar::Text),
            ("-", Scalar::Text),
            ("inf", Scalar::Text),
        ];
        for (text, meaning) in cases {
            assert_eq!(resolve(text, true), meaning, "{text}");
            assert_eq!(resolve(text, false), Scalar::Text, "{text}");
        }
    }
}
