//! One file of the input, as far as it can be imported.

use std::ops::Range;
use std::sync::Arc;

use super::compose::{Composed, Edit, Part, compose, extent};
use super::convert::{Doc, Fate, Left, convert};
use super::names::{Mention, Renamed, Renames, Taken};
use crate::diagnostic::Span;
use crate::model::{Kind, Name};
use crate::yaml::{Node, is_text, parse};

/// A file of the input whose documents were looked at, each by itself.
#[derive(Debug)]
pub struct Draft<'t> {
    /// The file.
    pub file: Arc<str>,
    text: &'t str,
    documents: Vec<(Range<usize>, u32, Fate<'t>)>,
    broken: Option<Left>,
}

/// A file that is ready to be written.
#[derive(Debug)]
pub struct Finished {
    /// The file of the input.
    pub file: Arc<str>,
    /// Its new text; nothing where no document of it is imported.
    pub text: Option<Composed>,
    /// The specs in it, as references write them.
    pub specs: Vec<String>,
    /// What was changed.
    pub converted: Vec<Converted>,
    /// What was left out.
    pub left: Vec<Left>,
    /// Names that are none and stay all the same: where, and why.
    pub kept: Vec<Left>,
}

/// A document that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converted {
    /// The line of the input on which it begins.
    pub line: u32,
    /// Its kind, as `kind:` writes it.
    pub kind: String,
    /// Its name now.
    pub name: String,
    /// The apiVersion that it had.
    pub from: String,
    /// What was changed, in words.
    pub changes: Vec<String>,
}

/// Looks at a file. Never fails: what cannot be read is left out with the reason.
pub fn draft<'t>(file: &Arc<str>, text: &'t str) -> Draft<'t> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let parsed = parse(text);
    let mut draft = Draft { file: file.clone(), text, documents: Vec::new(), broken: None };
    if !parsed.complete {
        // Half a file is no file: what follows the place at fault would be lost without a word.
        let why = parsed.problems.last();
        let (line, why) = why.map_or((1, "it cannot be read".into()), |it| (it.span.line, it.message.clone()));
        draft.broken = Some(Left { line, why });
        return draft;
    }
    for node in parsed.documents {
        let (place, line) = (extent(text, &node), node.span.line);
        let within = |span: Span| place.contains(&(span.start as usize));
        let lost = parsed.problems.iter().find(|problem| within(problem.span));
        let fate = match (convert(node), lost) {
            // What the reader threw away would be missing in the document that is written from the rest.
            (Fate::In(document), Some(lost)) if document.changes.is_some() => {
                Fate::Out(Left { line: lost.span.line, why: lost.message.clone() })
            }
            (fate, _) => fate,
        };
        draft.documents.push((place, line, fate));
    }
    draft
}

impl<'t> Draft<'t> {
    /// Whether the file has to do with OpenSLO, so that nothing in it may be passed over in silence.
    pub fn is_openslo(&self) -> bool {
        match self.broken {
            Some(_) => self.text.contains("openslo") || self.text.contains("n9/v1"),
            None => self.documents.iter().any(|(_, _, fate)| !matches!(fate, Fate::Foreign(_))),
        }
    }

    /// The names of its documents, such as they are.
    pub(super) fn names(&self) -> impl Iterator<Item = (Kind, &str)> {
        self.documents.iter().filter_map(|(_, _, fate)| match fate {
            Fate::In(document) => Some((document.kind?, own_name(&document.node)?)),
            _ => None,
        })
    }

    /// The file as it will be, with these names in place of those that are none.
    pub fn finish(self, renames: Option<&Renames>) -> Finished {
        let mut finished = Finished {
            file: self.file.clone(),
            text: None,
            specs: Vec::new(),
            converted: Vec::new(),
            left: self.broken.into_iter().collect(),
            kept: Vec::new(),
        };
        let json = self.file.ends_with(".json");
        let take = |(extent, line, fate)| Part { extent, line, edit: finished.take(self.text, line, fate, renames) };
        let parts: Vec<Part<'t>> = self.documents.into_iter().map(take).collect();
        if finished.specs.is_empty() {
            return finished;
        }
        match compose(self.text, &parts, json) {
            Ok((composed, anew)) => {
                finished.text = Some(composed);
                if anew && !json {
                    let note = "the file is written anew, without its comments";
                    finished.converted.iter_mut().for_each(|it| it.changes.push(note.into()));
                }
            }
            Err(why) => {
                let why = Left { line: 1, why };
                finished = Finished { specs: Vec::new(), converted: Vec::new(), left: vec![why], ..finished };
            }
        }
        finished
    }
}

impl Finished {
    /// Takes a document in, and says what becomes of its text.
    fn take<'t>(&mut self, text: &str, line: u32, fate: Fate<'t>, renames: Option<&Renames>) -> Edit<'t> {
        let document = match fate {
            Fate::In(document) => *document,
            Fate::Out(left) | Fate::Foreign(left) => {
                let why = left.why.clone();
                self.left.push(left);
                return Edit::Drop(why);
            }
        };
        let Doc { mut node, from, kind, changes } = document;
        let mut renamed = Vec::new();
        if let (Some(kind), Some(renames)) = (kind, renames) {
            renamed = renames.apply(kind, &mut node);
            self.kept.extend(own_name(&node).and_then(|name| stays(kind, name, renames, &node)));
        }
        let name = own_name(&node).unwrap_or_default().to_owned();
        let title = node.get("kind").and_then(Node::text).unwrap_or_default().to_owned();
        self.specs.push(format!("{}/{name}", title.to_lowercase()));
        let verbatim = changes.is_none();
        let mut words: Vec<String> = Vec::new();
        for word in changes.into_iter().flatten().chain(renamed.iter().map(in_words)) {
            // Both sides of a ratio change alike, and so do all objectives.
            if !words.contains(&word) {
                words.push(word);
            }
        }
        if !words.is_empty() {
            self.converted.push(Converted { line, kind: title, name, from, changes: words });
        }
        if !verbatim {
            return Edit::Replace(node);
        }
        let mut edits: Vec<(Range<usize>, String)> = renamed
            .iter()
            .map(|it| {
                let run = it.span.range(text.len());
                let new = as_quoted(text.get(run.clone()).unwrap_or_default(), &it.new);
                (run, new)
            })
            .collect();
        edits.sort_by_key(|(run, _)| run.start);
        Edit::Keep(edits, node)
    }
}

fn own_name<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    node.get("metadata")?.get("name")?.text()
}

/// Why a document keeps a name that is none.
fn stays(kind: Kind, name: &str, renames: &Renames, node: &Node<'_>) -> Option<Left> {
    let line = node.get("metadata")?.get("name")?.span.line;
    let why = match renames.kept(kind, name)? {
        Taken::Nothing => format!("`{name}` is not renamed: nothing in it can be part of a name"),
        Taken::By(other) => {
            format!("`{name}` is not renamed to `{other}`: another {} would be called the same", kind.title())
        }
    };
    Some(Left { line, why })
}

fn in_words(renamed: &Renamed) -> String {
    let Renamed { old, new, mention, .. } = renamed;
    match mention {
        Mention::Own => format!("`{old}` is now called `{new}`"),
        Mention::Inner => format!("`{old}`, which is written within it, is now called `{new}`"),
        Mention::Reference => format!("it refers to `{old}` as `{new}`"),
    }
}

/// A name in the quotes of what it replaces, or in those that it needs.
fn as_quoted(old: &str, new: &Name) -> String {
    match old.chars().next() {
        Some(quote @ ('"' | '\'')) => format!("{quote}{new}{quote}"),
        _ if is_text(new.as_str()) => new.to_string(),
        _ => format!("'{new}'"),
    }
}
