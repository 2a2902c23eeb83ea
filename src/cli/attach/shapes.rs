//! Times as people write them for people, which Abide does not read.

use crate::store::inspect::Held;

const MONTHS: [&str; 16] =
    ["jan", "feb", "mar", "mär", "apr", "may", "mai", "jun", "jul", "aug", "sep", "oct", "okt", "nov", "dec", "dez"];

/// What a value is, where it looks like such a time.
pub(super) fn of(held: &Held) -> Option<&'static str> {
    if let Held::Integer(number) = held
        && is_packed(*number)
    {
        return Some("days packed into a number, as year * 65536 + month * 4096 + day * 128");
    }
    let text = match held {
        Held::Integer(number) => number.to_string(),
        Held::Text(text) => text.trim().to_lowercase(),
        Held::Real(_) | Held::Blob => return None,
    };
    let parts: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let mark = text.chars().find(|c| !c.is_alphanumeric());
    let number = |at: usize, lengths: &[usize]| {
        let part = parts.get(at).filter(|part| lengths.contains(&part.len()))?;
        part.parse::<u32>().ok()
    };
    let day_first = (mark, number(0, &[1, 2]), number(1, &[1, 2]), number(2, &[2, 4]));
    let year_first = (mark, number(0, &[4]), number(1, &[1, 2]), number(2, &[1, 2]));
    if matches!(day_first, (Some('/'), Some(1..=31), Some(1..=31), Some(_))) {
        return Some("times that begin with the day or the month");
    }
    if matches!(day_first, (Some('.' | '-'), Some(1..=31), Some(1..=12), Some(_))) {
        return Some("times with the day first");
    }
    if matches!(year_first, (Some('/' | '.'), Some(1900..=2100), Some(1..=12), Some(1..=31))) {
        return Some("times with other marks than `-` in the day");
    }
    let is_month = |part: &str| MONTHS.iter().any(|month| part.starts_with(month));
    let is_year = |part: &str| part.len() == 4 && part.parse().is_ok_and(|year: u32| (1900..=2100).contains(&year));
    let has = |is: fn(&str) -> bool| parts.iter().any(|part| is(part));
    if parts.len() >= 3 && has(is_year) && has(is_month) {
        return Some("times with the month in letters");
    }
    is_without_marks(&text).then_some("times without marks, as YYYYMMDD")
}

/// The year, month and day in the bits of a number, as Things keeps them. As seconds since 2001 they would be of the spring of 2005.
fn is_packed(number: i64) -> bool {
    let (year, month, day) = (number >> 16, number >> 12 & 0xf, number >> 7 & 0x1f);
    number & 0x7f == 0 && (1990..2100).contains(&year) && (1..=12).contains(&month) && day > 0
}

/// `20261124`, `202611241000` and `20261124100000`.
fn is_without_marks(text: &str) -> bool {
    let two = |at: usize| text.get(at..at + 2).and_then(|part| part.parse::<u32>().ok());
    matches!(text.len(), 8 | 12 | 14)
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && matches!(two(0), Some(19 | 20))
        && matches!(two(4), Some(1..=12))
        && matches!(two(6), Some(1..=31))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_called_by_its_form() {
        for (text, is) in [
            ("24.11.2026 10:00", Some("times with the day first")),
            ("4.1.26", Some("times with the day first")),
            ("24-11-2026", Some("times with the day first")),
            ("11/24/2026 10:00 AM", Some("times that begin with the day or the month")),
            ("2026/11/24", Some("times with other marks than `-` in the day")),
            ("Tue, 24 Nov 2026 10:00:00 +0000", Some("times with the month in letters")),
            ("24. März 2026", Some("times with the month in letters")),
            ("20261124", Some("times without marks, as YYYYMMDD")),
            ("20261324", None),
            ("2026-11-24", None),
            ("10.5", None),
            ("1.2.3", None),
            ("soon", None),
            ("may we 2026", Some("times with the month in letters")),
        ] {
            assert_eq!(of(&Held::Text(text.to_owned())), is, "{text}");
        }
        let packed = "days packed into a number, as year * 65536 + month * 4096 + day * 128";
        assert_eq!(of(&Held::Integer(2026 << 16 | 11 << 12 | 24 << 7)), Some(packed));
        assert_eq!(of(&Held::Integer(814_138_678)), None);
        assert_eq!(of(&Held::Integer(202_611_241_000)), Some("times without marks, as YYYYMMDD"));
    }
}
