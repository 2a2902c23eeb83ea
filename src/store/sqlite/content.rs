//! What a task asks for, as one digest, and whether it is Abide's own.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{ABIDE, Content};

/// Whether Abide opened the task, and what its type, title, body, author, labels and context ask for.
pub(super) fn of(
    kind: &str,
    title: &str,
    body: &[u8],
    author: Option<&str>,
    labels: &BTreeMap<Arc<str>, Arc<str>>,
    context: Option<&str>,
) -> (bool, Content) {
    // Most contexts hold nothing of Abide's, and are not parsed for it.
    let without = context.filter(|text| text.contains("\"abide\"")).and_then(without_abide);
    let own = is_own_type(kind) || without.as_ref().is_some_and(|part| part.own);
    let context = without.as_ref().map_or(context, |part| part.rest.as_deref());
    let labels: Vec<&[u8]> = labels.iter().flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]).collect();
    let text = |text: Option<&'_ str>| text.unwrap_or_default().as_bytes().to_owned();
    let (author, context) = (text(author), text(context));
    let content = Content::of([&[kind.as_bytes()], &[title.as_bytes()], &[body], &[&author], &labels, &[&context]]);
    (own, content)
}

fn is_own_type(kind: &str) -> bool {
    kind.strip_prefix(ABIDE).is_some_and(|rest| rest.starts_with('/'))
}

struct WithoutAbide {
    own: bool,
    rest: Option<String>,
}

/// A context without what Abide wrote into it, so that writing there changes nothing that was approved.
fn without_abide(context: &str) -> Option<WithoutAbide> {
    let mut object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(context).ok()?;
    let abide = object.remove(ABIDE)?;
    let own = abide.get("fingerprint").is_some();
    Some(WithoutAbide { own, rest: (!object.is_empty()).then(|| serde_json::Value::Object(object).to_string()) })
}
