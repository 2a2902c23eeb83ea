//! One document to OpenSLO v1.

use super::{fields, v1alpha, v2alpha};
use crate::model::Kind;
use crate::yaml::Node;

/// What was left out, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// The line of the input.
    pub line: u32,
    /// Why.
    pub why: String,
}

/// A document that is imported.
#[derive(Debug, Clone)]
pub(super) struct Doc<'t> {
    /// The document as OpenSLO v1.
    pub node: Node<'t>,
    /// The apiVersion that it had.
    pub from: String,
    /// Its kind, where it is one that v1 has.
    pub kind: Option<Kind>,
    /// What was changed; `None` where it is taken over letter by letter.
    pub changes: Option<Vec<String>>,
}

/// What becomes of a document.
#[derive(Debug)]
pub(super) enum Fate<'t> {
    /// It is imported.
    In(Box<Doc<'t>>),
    /// It cannot be.
    Out(Left),
    /// It claims to be something else altogether.
    Foreign(Left),
}

/// The apiVersion of OpenSLO v1.
pub(super) const V1: &str = "openslo/v1";

/// Decides on a document, and converts it where it must be.
pub(super) fn convert(mut node: Node<'_>) -> Fate<'_> {
    let line = node.span.line;
    let word = |field: &str| node.get(field).and_then(Node::text).map(str::to_owned);
    let (Some(from), Some(title)) = (word("apiVersion"), word("kind")) else {
        let why = "it has no apiVersion and kind, so it is no OpenSLO document";
        return Fate::Foreign(Left { line, why: why.into() });
    };
    let kind = Kind::from_title(&title).filter(|kind| kind.api_version() == V1);
    let mut changes = vec![format!("apiVersion: {from} is now {V1}")];
    let converted = match (&*from, kind) {
        (V1, _) => return Fate::In(Box::new(Doc { node, from, kind, changes: None })),
        ("openslo/v1alpha", Some(kind)) => v1alpha::convert(kind, &mut node, &mut changes),
        ("openslo.com/v2alpha" | "openslo/v2alpha" | "openslo/v2alpha1", Some(kind)) => {
            v2alpha::convert(kind, &mut node, &mut changes)
        }
        _ => {
            let left = Left { line, why: why_not(&from, &title) };
            return if is_openslo(&from) { Fate::Out(left) } else { Fate::Foreign(left) };
        }
    };
    if let Err(left) = converted {
        return Fate::Out(left);
    }
    fields::set_text(&mut node, "apiVersion", V1);
    Fate::In(Box::new(Doc { node, from, kind, changes: Some(changes) }))
}

/// Whether somebody who imports OpenSLO wants to hear of a document of that version. Nobl9's own are easily taken for it.
fn is_openslo(version: &str) -> bool {
    version.starts_with("openslo") || version.starts_with("n9/")
}

fn why_not(version: &str, kind: &str) -> String {
    match version {
        "openslo/v1alpha" | "openslo.com/v2alpha" | "openslo/v2alpha" | "openslo/v2alpha1" => match kind {
            "BudgetAdjustment" => {
                "OpenSLO v1 has no BudgetAdjustment; a time that is accepted as unreliable cannot be \
                                   said in it"
                    .into()
            }
            _ => format!("OpenSLO v1 has no kind `{kind}`"),
        },
        _ if version.starts_with("n9/") => {
            format!("`{version}` is Nobl9's own format, which is no OpenSLO: write the document as OpenSLO first")
        }
        _ if version.starts_with("openslo") => {
            format!("`{version}` is no version that Abide converts: those are openslo/v1alpha and openslo.com/v2alpha")
        }
        _ => format!("`{version}` is no version of OpenSLO"),
    }
}
