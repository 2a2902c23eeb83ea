//! The text of `abide.toml` with overrides laid over it, each still known by its place.

use std::borrow::Cow;
use std::ops::Range;

use serde::Deserialize as _;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::Fault;
use super::file::File;
use super::{ConfigError, ConfigPlace};
use crate::diagnostic::nearest;

/// The file and its overrides as one line of bytes: the file first, then each override behind the last.
pub(super) struct Overlay<'a> {
    text: &'a str,
    overrides: Vec<Override<'a>>,
}

struct Override<'a> {
    key: &'a str,
    value: &'a str,
    /// `v = value` behind so many blanks that its bytes count from the end of what is before it.
    padded: String,
    span: Range<usize>,
}

impl<'a> Overlay<'a> {
    pub(super) fn new(text: &'a str, overrides: &'a [(String, String)]) -> Self {
        let mut end = text.len() + 1;
        let place = |(key, value): &'a (String, String)| {
            let padded = format!("{}v={value}", " ".repeat(end));
            let span = end..padded.len() + 1;
            end = span.end;
            Override { key, value, padded, span }
        };
        Self { text, overrides: overrides.iter().map(place).collect() }
    }

    /// The file as its shape has it, overrides laid over it.
    pub(super) fn read(&self) -> Result<File, Fault> {
        let mut root = DeTable::parse(self.text).map_err(|error| fault(&error))?;
        for over in &self.overrides {
            over.lay(root.get_mut())?;
        }
        File::deserialize(toml::de::Deserializer::from(root)).map_err(|error| fault(&error))
    }

    /// The mistake with its place as people count it.
    pub(super) fn place(&self, fault: Fault) -> ConfigError {
        let Fault { span, what, fix } = fault;
        let place = match span {
            None => ConfigPlace::Absent,
            Some(span) => match self.overrides.iter().find(|over| over.span.contains(&span.start)) {
                Some(over) => ConfigPlace::Override(over.key.to_owned()),
                None => position(self.text, span.start),
            },
        };
        ConfigError { place, what, fix }
    }
}

impl<'a> Override<'a> {
    fn lay<'t>(&'t self, root: &mut DeTable<'t>) -> Result<(), Fault> {
        let value = self.value();
        let mut path: Vec<&'t str> = self.key.split('.').collect();
        let last = path.pop().unwrap_or_default();
        if last.is_empty() || path.iter().any(|part| part.is_empty()) {
            return Err(Fault::new(self.span.clone(), "this is no key").fix("write it dotted, as `tasks.table`"));
        }
        let mut table = root;
        for part in path {
            let key = Spanned::new(self.span.clone(), Cow::Borrowed(part));
            let inner = || Spanned::new(self.span.clone(), DeValue::Table(DeTable::new()));
            let entry = table.entry(key).or_insert_with(inner);
            let DeValue::Table(next) = entry.get_mut() else {
                return Err(Fault::new(self.span.clone(), format!("`{part}` is a value and holds no further keys")));
            };
            table = next;
        }
        // Removed first: an entry that stays keeps the place of its old key.
        let key = Spanned::new(self.span.clone(), Cow::Borrowed(last));
        table.remove(&key);
        table.insert(key, value);
        Ok(())
    }
}

impl<'a> Override<'a> {
    /// The value as TOML where it is some, as a text where it is none.
    fn value<'t>(&'t self) -> Spanned<DeValue<'t>> {
        let parsed = DeTable::parse(&self.padded).ok().map(Spanned::into_inner).filter(|table| table.len() == 1);
        let value = parsed.and_then(|table| table.into_iter().next()).map(|(_, value)| value);
        value.unwrap_or_else(|| Spanned::new(self.span.clone(), DeValue::String(Cow::Borrowed(self.value))))
    }
}

fn fault(error: &toml::de::Error) -> Fault {
    let message = error.message().trim_end().to_owned();
    let mut quoted = message.split('`').skip(1).step_by(2);
    let unknown = message.starts_with("unknown field").then(|| quoted.next()).flatten();
    let near = unknown.and_then(|written| nearest(written, quoted));
    let fix = near.map(|near| format!("did you mean `{near}`?"));
    let what = match unknown {
        Some(written) => {
            message.replacen(&format!("unknown field `{written}`"), &format!("no key is called `{written}` here"), 1)
        }
        None => message,
    };
    Fault { span: error.span(), what, fix }
}

fn position(text: &str, at: usize) -> ConfigPlace {
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    ConfigPlace::File { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
}
