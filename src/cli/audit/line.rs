//! A row of the record as a line of JSON. The particulars come last, and as the very text that the hash is over.

use std::io::{self, Write};

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::model::Timestamp;
use crate::store::audit::Entry;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'l> {
    seq: i64,
    at: String,
    who: String,
    action: String,
    prev: String,
    hash: String,
    #[serde(borrow)]
    what: &'l RawValue,
}

/// Writes a row. What is no JSON object, or not on one line, was never written so: it goes as a text, and its hash does not fit.
pub(super) fn write(entry: &Entry, out: &mut dyn Write) -> io::Result<()> {
    let Entry { seq, at, who, action, what, prev, hash } = entry;
    let [who, action, prev, hash] = [who, action, prev, hash].map(|text| Value::from(text.as_str()).to_string());
    write!(out, r#"{{"seq":{seq},"at":"{at}","who":{who},"action":{action},"prev":{prev},"hash":{hash},"what":"#)?;
    if is_object(what) { writeln!(out, "{what}}}") } else { writeln!(out, "{}}}", Value::from(what.as_str())) }
}

fn is_object(text: &str) -> bool {
    let is_braced = text.starts_with('{') && text.ends_with('}') && !text.contains(['\n', '\r']);
    is_braced && serde_json::from_str::<&RawValue>(text).is_ok()
}

/// Reads a row back, or says why the line is none.
pub(super) fn read(line: &str) -> Result<Entry, String> {
    let Line { seq, at: said, who, action, prev, hash, what } =
        serde_json::from_str(line).map_err(|error| error.to_string())?;
    let at: Timestamp = said.parse().map_err(|_| format!("`{said}` is no time of RFC 3339"))?;
    // The hash is over the moment: another spelling of it would go unseen.
    if at.to_string() != said {
        return Err(format!("the time `{said}` is not written as it is exported: `{at}`"));
    }
    Ok(Entry { seq, at, who, action, what: what.get().to_owned(), prev, hash })
}
