//! What to write instead, exactly, where mending is mechanical.

use std::collections::BTreeMap;
use std::sync::Arc;

use similar::TextDiff;

use super::{Diagnostic, Span};

/// One piece of a file that another text takes the place of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The file.
    pub file: Arc<str>,
    /// Which bytes of it.
    pub span: Span,
    /// What is to stand there.
    pub text: String,
}

/// A file and what it becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mended {
    /// The file.
    pub file: Arc<str>,
    /// Its text as it is.
    pub old: Arc<str>,
    /// Its text as it is to be.
    pub new: String,
}

impl Mended {
    /// Carries edits out, file by file. Of two that touch the same bytes the first in order counts; an edit of a file
    /// without a text is left out.
    pub fn all<'a>(edits: impl IntoIterator<Item = &'a Edit>, texts: &dyn Fn(&str) -> Option<Arc<str>>) -> Vec<Self> {
        let mut by_file: BTreeMap<&Arc<str>, Vec<&Edit>> = BTreeMap::new();
        edits.into_iter().for_each(|edit| by_file.entry(&edit.file).or_default().push(edit));
        let mend = |(file, edits): (&Arc<str>, Vec<&Edit>)| {
            let old = texts(file)?;
            let new = edited(&old, edits);
            (*old != *new).then(|| Self { file: file.clone(), old, new })
        };
        by_file.into_iter().filter_map(mend).collect()
    }

    /// The same as a patch that `git apply` takes.
    pub fn patch(&self) -> String {
        // Only a line feed ends a line of a patch.
        let (before, after): (Vec<&str>, Vec<&str>) =
            (self.old.split_inclusive('\n').collect(), self.new.split_inclusive('\n').collect());
        let diff = TextDiff::configure().newline_terminated(true).diff_slices(&before, &after);
        // A tab ends a name, so that one with spaces is read whole.
        let end = if self.file.contains(' ') { "\t" } else { "" };
        let (old, new) = (format!("a/{}{end}", self.file), format!("b/{}{end}", self.file));
        diff.unified_diff().context_radius(3).header(&old, &new).to_string()
    }
}

fn edited(text: &str, mut edits: Vec<&Edit>) -> String {
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let (mut new, mut at) = (String::with_capacity(text.len()), 0);
    for edit in edits {
        let range = edit.span.range(text.len());
        let Some(before) = text.get(at..range.start).filter(|_| range.start >= at) else { continue };
        new.push_str(before);
        new.push_str(&edit.text);
        at = range.end;
    }
    new.push_str(text.get(at..).unwrap_or_default());
    new
}

/// The edits that findings offer.
pub fn edits(diagnostics: &[Diagnostic]) -> impl Iterator<Item = &Edit> {
    diagnostics.iter().flat_map(|said| &said.problem.edits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: u32, end: u32, text: &str) -> Edit {
        let span = Span { start, end, line: 1, column: 1 };
        Edit { file: "a b.yaml".into(), span, text: text.into() }
    }

    fn mended(text: &str, edits: &[Edit]) -> Vec<Mended> {
        Mended::all(edits, &|_| Some(text.into()))
    }

    #[test]
    fn edits_change_their_bytes_and_nothing_else() {
        let edits = [edit(8, 16, "superseded"), edit(0, 6, "state"), edit(10, 12, "never")];
        assert_eq!(mended("status: accepted # ü", &edits)[0].new, "state: superseded # ü");
        assert_eq!(mended("status", &[edit(0, 6, "status")]), []);
        assert_eq!(Mended::all(&edits, &|_| None), []);
    }

    #[test]
    fn a_patch_names_the_file_and_shows_what_stands_around() {
        let patch = mended("a\nb\nstatus: accepted", &[edit(12, 20, "superseded")])[0].patch();
        let expected = "--- a/a b.yaml\t\n+++ b/a b.yaml\t\n@@ -1,3 +1,3 @@\n a\n b\n-status: accepted\n\\ No newline at end of file\n+status: superseded\n\\ No newline at end of file\n";
        assert_eq!(patch, expected);
    }
}
