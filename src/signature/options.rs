//! The options before a key, as the `allowed_signers` file of `ssh-keygen` has them.

use std::sync::Arc;

use super::key::KeyError;
use crate::model::Timestamp;

/// When and for what a key counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Validity {
    /// Not before this moment.
    pub after: Option<Timestamp>,
    /// Not after this moment.
    pub before: Option<Timestamp>,
    /// Only in these namespaces; in all of them where none are given.
    pub namespaces: Option<Vec<Arc<str>>>,
}

/// The options that a key may have.
const KNOWN: &str = "`valid-after=\"20260101\"`, `valid-before=\"20261231\"` and `namespaces=\"git\"`";

/// Reads a list of options: names and quoted values, with commas between.
pub(super) fn read(text: &str) -> Result<Validity, KeyError> {
    let mut validity = Validity::default();
    let mut rest = text;
    while !rest.is_empty() {
        let (name, value, after) = first(rest)?;
        match name.to_ascii_lowercase().as_str() {
            "valid-after" if validity.after.is_none() => validity.after = Some(moment(name, value)?),
            "valid-before" if validity.before.is_none() => validity.before = Some(moment(name, value)?),
            "namespaces" if validity.namespaces.is_none() => validity.namespaces = Some(namespaces(value)?),
            "valid-after" | "valid-before" | "namespaces" => {
                return Err(KeyError::Option(format!("the option `{name}` is given twice")));
            }
            _ => return Err(KeyError::Option(unknown(name))),
        }
        rest = after;
    }
    match (validity.after, validity.before) {
        (Some(after), Some(before)) if before < after => {
            Err(KeyError::Option(format!("it is never valid: it ends at {before} and begins at {after}")))
        }
        _ => Ok(validity),
    }
}

fn unknown(name: &str) -> String {
    let name: String = name.chars().take(40).collect();
    if name.contains('@') {
        return format!(
            "`{name}` is no option; leave out for whom the key is: it is the key of the agent of this spec"
        );
    }
    format!(
        "`{name}` is no option that Abide knows, and one that it does not know may forbid something; it knows {KNOWN}"
    )
}

/// The name and the value of the first option, and what stands after it.
fn first(text: &str) -> Result<(&str, &str, &str), KeyError> {
    let Some((name, rest)) = text.split_once('=').filter(|(name, _)| !name.contains(',')) else {
        return Err(KeyError::Option(unknown(text.split(',').next().unwrap_or(text))));
    };
    let unquoted = || KeyError::Option(format!("the value of the option `{name}` must stand in double quotes"));
    let (value, rest) = rest.strip_prefix('"').and_then(|rest| rest.split_once('"')).ok_or_else(unquoted)?;
    match rest.strip_prefix(',') {
        Some(next) if !next.is_empty() => Ok((name, value, next)),
        None if rest.is_empty() => Ok((name, value, "")),
        _ => Err(KeyError::Option(format!("after the option `{name}` there is something that is no option"))),
    }
}

/// `YYYYMMDD`, `YYYYMMDDHHMM` or `YYYYMMDDHHMMSS`, with or without a `Z`. OpenSSH takes one without for local time; Abide, which is the
/// same on every machine, for UTC.
fn moment(name: &str, value: &str) -> Result<Timestamp, KeyError> {
    let wrong =
        || KeyError::Option(format!("`{value}` is no time for `{name}`; write YYYYMMDD or YYYYMMDDHHMMSS, in UTC"));
    let digits = value.strip_suffix(['Z', 'z']).unwrap_or(value);
    if !digits.bytes().all(|b| b.is_ascii_digit()) || ![8, 12, 14].contains(&digits.len()) {
        return Err(wrong());
    }
    let whole = format!("{digits:0<14}");
    let part = |from: usize, to: usize| whole.get(from..to).unwrap_or_default();
    let (date, time) = ((part(0, 4), part(4, 6), part(6, 8)), (part(8, 10), part(10, 12), part(12, 14)));
    let text = format!("{}-{}-{} {}:{}:{}", date.0, date.1, date.2, time.0, time.1, time.2);
    Timestamp::from_sql_text(&text).map_err(|_| wrong())
}

fn namespaces(value: &str) -> Result<Vec<Arc<str>>, KeyError> {
    let plain = |name: &str| !name.is_empty() && !name.contains(['*', '?', '!', ' ']);
    if !value.split(',').all(plain) {
        let message = format!("`{value}` are no namespaces; write their names with commas between, and no patterns");
        return Err(KeyError::Option(message));
    }
    Ok(value.split(',').map(Arc::from).collect())
}

impl Validity {
    /// Whether the key counts in that namespace.
    pub(super) fn covers(&self, namespace: &str) -> bool {
        self.namespaces.as_ref().is_none_or(|names| names.iter().any(|name| **name == *namespace))
    }
}
