//! What can be wrong with what other tables keep of a transition.

use std::fmt;

use crate::model::Timestamp;

/// Something that another table keeps, or should, and that the record does not tell so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// What it is, in words.
    pub what: String,
    /// The row that tells of it, or that it names; none where nothing leads to one.
    pub row: Option<i64>,
    /// What is wrong.
    pub how: How,
}

/// What is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// No row tells of it.
    Untold,
    /// The row that it names tells of something else: of that, in a word.
    Foreign(String),
    /// It is not as the row tells.
    Changed(Vec<Difference>),
    /// A row tells of it, and it is not there.
    Gone,
    /// A row takes it away, and it is there.
    Risen,
}

/// A value that is another one than was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Its name.
    pub field: &'static str,
    /// As the row tells it.
    pub told: String,
    /// As it stands there.
    pub found: String,
}

impl Mismatch {
    /// What kind of fault it is, in a word.
    pub const fn word(&self) -> &'static str {
        match self.how {
            How::Untold => "untold",
            How::Foreign(_) => "foreign",
            How::Changed(_) => "changed",
            How::Gone => "gone",
            How::Risen => "risen",
        }
    }

    /// What had to be there, and what is there instead.
    pub fn contrast(&self) -> Option<(String, String)> {
        let How::Changed(differences) = &self.how else { return None };
        let side = |of: fn(&Difference) -> &String| {
            let parts = differences.iter().map(|it| format!("{} {}", it.field, of(it)));
            parts.collect::<Vec<_>>().join(", ")
        };
        Some((side(|it| &it.told), side(|it| &it.found)))
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, row, how } = self;
        let row = row.map(|row| format!("row {row}"));
        match (how, row) {
            (How::Untold, None) => write!(f, "{what}: no row tells of it"),
            (How::Untold, Some(row)) => write!(f, "{what}: it names {row}, which is not there"),
            (How::Foreign(action), row) => {
                write!(f, "{what}: it names {}, which tells of something else ({action})", row.unwrap_or_default())
            }
            (How::Changed(differences), row) => {
                let fields: Vec<&str> = differences.iter().map(|it| it.field).collect();
                write!(f, "{what}: not as {} tells, by its {}", row.unwrap_or_default(), fields.join(", "))
            }
            (How::Gone, row) => write!(f, "{what}: not there as {} left it", row.unwrap_or_default()),
            (How::Risen, row) => write!(f, "{what}: there, although {} took it away", row.unwrap_or_default()),
        }
    }
}

/// What differs between a row and what it tells of.
#[derive(Debug, Default)]
pub(super) struct Differences(Vec<Difference>);

impl Differences {
    /// Holds a text against what a row tells.
    pub(super) fn text(&mut self, field: &'static str, told: Option<&str>, found: Option<&str>) {
        if told != found {
            let shown = |text: Option<&str>| text.map_or_else(|| "none".to_owned(), |text| format!("`{text}`"));
            self.0.push(Difference { field, told: shown(told), found: shown(found) });
        }
    }

    /// Holds a moment against what a row tells.
    pub(super) fn time(&mut self, field: &'static str, told: Option<&str>, found: Option<Timestamp>) {
        let found = found.map(|found| found.to_string());
        self.text(field, told, found.as_deref());
    }

    /// Holds a moment against another one.
    pub(super) fn moment(&mut self, field: &'static str, told: Option<Timestamp>, found: Option<Timestamp>) {
        // As numbers: what is beyond the calendar prints as its last day.
        if told != found {
            let shown = |at: Option<Timestamp>| at.map_or_else(|| "none".to_owned(), |at| at.to_string());
            self.0.push(Difference { field, told: shown(told), found: shown(found) });
        }
    }

    /// That it is changed, if anything differs.
    pub(super) fn found(self) -> Option<How> {
        (!self.0.is_empty()).then_some(How::Changed(self.0))
    }
}
