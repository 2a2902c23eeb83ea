//! How a priority column and severities translate into each other.

use super::Constant;
use crate::model::Severity;

/// The severities of a priority column, both ways.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SeverityMap {
    /// The most severe first; the first that matches wins.
    rules: Vec<SeverityRule>,
}

/// One severity in terms of the priority column.
#[derive(Debug, Clone, PartialEq)]
pub struct SeverityRule {
    /// The severity.
    pub severity: Severity,
    /// The priorities that mean it.
    pub from: Vec<Bound>,
    /// What Abide writes for it.
    pub insert: Constant,
}

/// Which priorities are meant.
#[derive(Debug, Clone, PartialEq)]
pub enum Bound {
    /// Exactly this word.
    Word(String),
    /// Exactly this number.
    Equal(f64),
    /// This number or a higher one.
    AtLeast(f64),
    /// A higher number.
    Above(f64),
    /// This number or a lower one.
    AtMost(f64),
    /// A lower number.
    Below(f64),
}

impl SeverityMap {
    /// The map of these rules, in whatever order they come.
    pub fn new(mut rules: Vec<SeverityRule>) -> Self {
        rules.sort_by_key(|rule| std::cmp::Reverse(rule.severity));
        Self { rules }
    }

    /// `low`, `medium`, `high` and `critical` as they are.
    pub fn words() -> Self {
        let rule = |severity: Severity| SeverityRule {
            severity,
            from: vec![Bound::Word(severity.word().to_owned())],
            insert: Constant::Text(severity.word().to_owned()),
        };
        Self::new(Severity::ALL.into_iter().map(rule).collect())
    }

    /// The severity that a number stands for; none where no rule says.
    pub fn of_number(&self, number: f64) -> Option<Severity> {
        self.first(|bound| bound.holds(number))
    }

    /// The severity that a text stands for: as a word, or as the number that it spells.
    pub fn of_text(&self, text: &str) -> Option<Severity> {
        self.first(|bound| matches!(bound, Bound::Word(word) if word == text))
            .or_else(|| text.trim().parse().ok().and_then(|number| self.of_number(number)))
    }

    /// What to write for a severity: its own rule's value, or that of the nearest one that has a rule, the milder first.
    pub fn insert(&self, severity: Severity) -> Option<&Constant> {
        let milder = self.rules.iter().find(|rule| rule.severity <= severity);
        milder.or_else(|| self.rules.last()).map(|rule| &rule.insert)
    }

    /// Whether what is written for a severity is read as that severity again.
    pub fn says(&self, severity: Severity) -> bool {
        let Some(written) = self.insert(severity) else { return false };
        let read = match written {
            Constant::Text(text) => self.of_text(text),
            Constant::Integer(number) => self.of_text(&number.to_string()),
            Constant::Real(number) => self.of_number(*number),
        };
        // What no rule says is medium.
        read.unwrap_or_default() == severity
    }

    fn first(&self, mut holds: impl FnMut(&Bound) -> bool) -> Option<Severity> {
        self.rules.iter().find(|rule| rule.from.iter().any(&mut holds)).map(|rule| rule.severity)
    }
}

impl Bound {
    fn holds(&self, number: f64) -> bool {
        match self {
            Self::Word(_) => false,
            Self::Equal(bound) => number == *bound,
            Self::AtLeast(bound) => number >= *bound,
            Self::Above(bound) => number > *bound,
            Self::AtMost(bound) => number <= *bound,
            Self::Below(bound) => number < *bound,
        }
    }

    /// Reads `>=10`, `<4`, or a word.
    ///
    /// # Errors
    /// When a comparison compares with what is no number.
    pub fn parse(text: &str) -> Result<Self, String> {
        type Compare = fn(f64) -> Bound;
        const COMPARISONS: [(&str, Compare); 5] = [
            (">=", Bound::AtLeast),
            ("<=", Bound::AtMost),
            (">", Bound::Above),
            ("<", Bound::Below),
            ("=", Bound::Equal),
        ];
        match COMPARISONS.iter().find_map(|(sign, bound)| Some((bound, text.trim().strip_prefix(sign)?))) {
            None => Ok(Self::Word(text.to_owned())),
            Some((bound, number)) => match number.trim().parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(bound(number)),
                _ => Err(format!("`{text}` compares with no number; write it as `>=10`, or list words: [\"P1\"]")),
            },
        }
    }

    /// The number that it compares with, if it does.
    pub const fn number(&self) -> Option<f64> {
        match self {
            Self::Word(_) => None,
            Self::Equal(n) | Self::AtLeast(n) | Self::Above(n) | Self::AtMost(n) | Self::Below(n) => Some(*n),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_severe_rule_that_matches_wins() {
        let rule = |severity, from: &str, insert| SeverityRule {
            severity,
            from: vec![Bound::parse(from).unwrap()],
            insert: Constant::Integer(insert),
        };
        let map = SeverityMap::new(vec![rule(Severity::Low, ">=0", 2), rule(Severity::Critical, ">=10", 10)]);
        assert_eq!(map.of_number(12.0), Some(Severity::Critical));
        assert_eq!(map.of_number(9.5), Some(Severity::Low));
        assert_eq!(map.of_number(-1.0), None);
        assert_eq!(map.of_text("10"), Some(Severity::Critical));
        assert_eq!(map.insert(Severity::High), Some(&Constant::Integer(2)), "the milder neighbour");
        assert!(Bound::parse(">=soon").is_err());
        let said: Vec<Severity> = Severity::ALL.into_iter().filter(|severity| map.says(*severity)).collect();
        assert_eq!(said, [Severity::Low, Severity::Critical], "nothing is written that would be read as high");
    }
}
