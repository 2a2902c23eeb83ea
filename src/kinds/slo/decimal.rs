//! Figures as they were written, for comparisons that are exact at the border.

use std::cmp::Ordering;

/// A number that is not negative, as a fraction: 0.95 is 95 / 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    /// Above the line.
    pub numerator: u128,
    /// Below the line: a power of ten.
    pub denominator: u128,
}

/// Digits behind the point that count.
const DIGITS: usize = 12;

impl Decimal {
    /// The number that was written: the shortest decimal that reads back as this float. Digits behind the twelfth are
    /// cut off, and a negative number is nothing.
    pub fn of(written: f64) -> Self {
        let text = format!("{}", written.clamp(0.0, 1e12));
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let fraction: String = fraction.chars().take(DIGITS).collect();
        let denominator = 10u128.pow(fraction.len() as u32);
        let part = |digits: &str| digits.parse::<u128>().unwrap_or(0);
        Self { numerator: part(whole) * denominator + part(&fraction), denominator }
    }

    /// The same in percent.
    pub fn of_percent(written: f64) -> Self {
        let whole = Self::of(written);
        Self { denominator: whole.denominator * 100, ..whole }
    }

    /// One less this; nothing where it is more than one.
    #[must_use]
    pub const fn rest(self) -> Self {
        Self { numerator: self.denominator.saturating_sub(self.numerator), ..self }
    }

    /// Whether `part / whole` is strictly greater than the product of these two. Nothing exceeds within an empty whole.
    pub fn exceeded(part: u128, whole: u128, left: Self, right: Self) -> bool {
        matches!(Self::compare(part, whole, left, right), Some(Ordering::Greater))
    }

    /// How `part / whole` compares with the product of these two; nothing where the whole is empty. Exact up to 38 digits on
    /// both sides, and as floats compare beyond.
    pub fn compare(part: u128, whole: u128, left: Self, right: Self) -> Option<Ordering> {
        if whole == 0 {
            return None;
        }
        let (left, right) = (left.reduced(), right.reduced());
        let share = left.denominator.checked_mul(right.denominator).and_then(|below| part.checked_mul(below));
        let limit = left.numerator.checked_mul(right.numerator).and_then(|above| above.checked_mul(whole));
        match (share, limit) {
            (Some(share), Some(limit)) => Some(share.cmp(&limit)),
            _ => (part as f64 / whole as f64).partial_cmp(&(left.shown() * right.shown())),
        }
    }

    /// How it compares with another one.
    pub fn order(self, other: Self) -> Ordering {
        Self::compare(self.numerator, self.denominator, other, ONE).unwrap_or(Ordering::Equal)
    }

    /// The same in its lowest terms.
    const fn reduced(self) -> Self {
        let (mut a, mut b) = (self.numerator, self.denominator);
        while b > 0 {
            (a, b) = (b, a % b);
        }
        match (self.numerator.checked_div(a), self.denominator.checked_div(a)) {
            (Some(numerator), Some(denominator)) => Self { numerator, denominator },
            _ => self,
        }
    }

    /// As a float, for people to read.
    pub fn shown(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    /// This many of something that has `length` units, rounded down or up.
    pub const fn times(self, length: u64, up: bool) -> u64 {
        let product = self.numerator.saturating_mul(length as u128);
        let rounded = if up { product.div_ceil(self.denominator) } else { product / self.denominator };
        if rounded > u64::MAX as u128 { u64::MAX } else { rounded as u64 }
    }
}

/// One.
pub const ONE: Decimal = Decimal { numerator: 1, denominator: 1 };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_what_is_compared() {
        assert_eq!(Decimal::of(0.95), Decimal { numerator: 95, denominator: 100 });
        assert_eq!(Decimal::of_percent(99.9).rest(), Decimal { numerator: 1, denominator: 1000 });
        assert_eq!(Decimal::of(14.4), Decimal { numerator: 144, denominator: 10 });
        assert_eq!(Decimal::of(-3.0).numerator, 0);
        assert_eq!(Decimal::of(0.1).times(60_000, false), 6000);
        assert_eq!((Decimal::of(1.5).times(1, false), Decimal::of(1.5).times(1, true)), (1, 2));
    }

    #[test]
    fn a_share_and_percent_are_compared_alike() {
        assert_eq!(Decimal::of(0.999).order(Decimal::of_percent(99.9)), Ordering::Equal);
        assert_eq!(Decimal::of(0.999).order(Decimal::of_percent(99.91)), Ordering::Less);
        assert_eq!(Decimal::of(0.0).order(Decimal::of(0.1)), Ordering::Less);
    }

    #[test]
    fn the_border_itself_does_not_exceed() {
        for written in [0.9, 0.95, 0.99, 0.995, 0.999] {
            let budget = Decimal::of(written).rest();
            let bad = u128::from(budget.times(100_000, false));
            assert!(!Decimal::exceeded(bad, 100_000, budget, ONE), "{written}");
            assert!(Decimal::exceeded(bad + 1, 100_000, budget, ONE), "{written}");
        }
        assert!(!Decimal::exceeded(0, 0, Decimal::of(0.5), ONE));
    }
}
