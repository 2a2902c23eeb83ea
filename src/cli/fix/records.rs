//! What can be mended of records in Markdown.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::catalog::SourceFile;
use crate::cli::records::{Found, collect, find};
use crate::cli::{CliError, setup};
use crate::diagnostic::{Edit, Mended};
use crate::kinds::decision::records::{Collection, fixes, lint};

/// Mends the records below paths, and leaves them as they are where that would not make them better.
///
/// # Errors
/// When a path cannot be read.
pub(super) fn mend(paths: &[PathBuf]) -> Result<Vec<Mended>, CliError> {
    let first = Records::of(find(paths)?);
    let mut now = first.clone();
    // What one mending lets be seen, the next one mends: a link that leads somewhere again may be a claim.
    for _ in 0..ROUNDS {
        match now.better() {
            Some(better) => now = better,
            None => break,
        }
    }
    let mended = first.inputs.iter().zip(&now.inputs).filter_map(|(old, new)| {
        let (old, new) = (old.file.text()?, (old.shown.clone(), new.file.text()?));
        (old != new.1).then(|| Mended { file: new.0, old: old.clone(), new: new.1.to_string() })
    });
    Ok(mended.collect())
}

/// Rounds of mending, each of which must leave less to mend.
const ROUNDS: usize = 4;

/// Edits that are tried one by one where all of them at once do more harm than good.
const ONE_BY_ONE: usize = 50;

/// Records as they are, or as they would be.
#[derive(Clone)]
struct Records {
    inputs: Vec<Found>,
    whole: Vec<Arc<str>>,
    collection: Arc<Collection>,
    /// How many findings of each code there are, and under no code what cannot be read.
    wrong: BTreeMap<&'static str, usize>,
}

impl Records {
    fn of(inputs: Vec<Found>) -> Self {
        let collection = collect(&inputs);
        let whole: Vec<Arc<str>> = inputs.iter().filter(|input| !input.named).map(|it| it.shown.clone()).collect();
        let mut wrong = BTreeMap::from([("", collection.unread.len())]);
        for finding in lint::lint(&collection, &whole, setup::now().date()) {
            *wrong.entry(finding.entry.code).or_default() += 1;
        }
        Self { inputs, whole, collection: Arc::new(collection), wrong }
    }

    /// The same with what can be mended mended: all at once, or else what helps by itself. What does not leave the records
    /// better than they were is for a person.
    fn better(&self) -> Option<Self> {
        let texts: BTreeMap<&str, &Arc<str>> =
            self.inputs.iter().filter_map(|input| Some((&*input.shown, input.file.text()?))).collect();
        let text = |file: &str| texts.get(file).map(|text| (*text).clone());
        let offered = fixes(&self.collection, &self.whole, &text);
        let with = |edits: &[Edit]| {
            let mended = Mended::all(edits, &text);
            Some(Self::of(self.inputs.iter().map(|input| changed(input, &mended)).collect()))
                .filter(|then| !mended.is_empty() && then.is_better_than(self))
        };
        with(&offered).or_else(|| {
            let mut kept: Vec<Edit> = Vec::new();
            for edit in offered.iter().take(ONE_BY_ONE) {
                kept.push(edit.clone());
                if with(&kept).is_none() {
                    kept.pop();
                }
            }
            with(&kept)
        })
    }

    /// Whether there is less of something and not more of anything.
    fn is_better_than(&self, other: &Self) -> bool {
        let count = |of: &Self, code: &str| of.wrong.get(code).copied().unwrap_or_default();
        self.wrong != other.wrong && self.wrong.keys().all(|code| count(self, code) <= count(other, code))
    }
}

fn changed(input: &Found, mended: &[Mended]) -> Found {
    let new = mended.iter().find(|one| one.file == input.shown);
    let file = new.map(|one| SourceFile::of_text(one.new.as_str().into()));
    Found { file: file.unwrap_or_else(|| input.file.clone()), ..input.clone() }
}
