//! What the pages are called, so that whoever reads them finds number and title again.

use std::collections::{BTreeMap, BTreeSet};

use super::super::records::{Body, Source, read};
use crate::model::SpecId;

/// A name for each decision's file, without its ending: of the first that reads back and that nobody has yet.
pub(super) fn stems<'a>(decisions: impl Iterator<Item = (&'a SpecId, Option<u32>)>) -> BTreeMap<&'a SpecId, String> {
    let mut taken = BTreeSet::new();
    let mut stems = BTreeMap::new();
    for (id, number) in decisions {
        let all = candidates(id.name.as_str(), number);
        let free = |stem: &&String| !taken.contains(*stem);
        let fits = all.iter().filter(free).find(|stem| reads_back(stem, number));
        let stem = fits.or_else(|| all.iter().find(free)).cloned().unwrap_or_else(|| id.name.to_string());
        taken.insert(stem.clone());
        stems.insert(id, stem);
    }
    stems
}

fn candidates(name: &str, number: Option<u32>) -> Vec<String> {
    let Some(number) = number else {
        // A name that begins like a number is no number: `3-tiers`.
        return vec![name.to_owned(), format!("{name}-decision"), format!("about-{name}"), no_template(name)];
    };
    // A decision that was imported is named as its file was, number and all.
    let rest = if Body::read(name, "", 0).number == Some(number) { behind_number(name) } else { name };
    let bare = if rest.is_empty() { format!("{number:04}") } else { format!("{number:04}-{rest}") };
    let others = [name.to_owned(), format!("{name}-decision"), no_template(name)];
    [bare].into_iter().chain(others.map(|name| format!("{number:04}-{name}"))).collect()
}

/// What is called a template is taken for one.
fn no_template(name: &str) -> String {
    format!("about-{}", name.replace("template", "form"))
}

fn behind_number(name: &str) -> &str {
    let from_digits = name.trim_start_matches(|c: char| !c.is_ascii_digit());
    from_digits.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches('-')
}

/// Whether a file of that name is taken for a decision of that number, and not for a template or a guide.
fn reads_back(stem: &str, number: Option<u32>) -> bool {
    let text = "---\nstatus: accepted\n---\n# Any\n\n## Decision Outcome\n\nAny.\n";
    let records = read(&[Source { file: format!("{stem}.md").into(), text, named: false }]).records;
    matches!(&*records, [record] if record.number == number)
}

/// A heading that reads back as that title. `number` is written where the file's name does not tell it.
pub(super) fn heading(title: &str, number: Option<u32>) -> String {
    let escaped = escaped(title);
    let prefixes = match number {
        None => [String::new(), "ADR: ".into()],
        // A number alone is of the same family as those of other files.
        Some(number) => [format!("{number}. "), format!("ADR-{number:04}: ")],
    };
    let all = prefixes.iter().flat_map(|prefix| [title, &*escaped].map(|title| format!("{prefix}{title}")));
    let reads_back = |heading: &String| {
        let body = Body::read("page", &format!("# {heading}\n"), 0);
        body.number == number && body.title.is_some_and(|(read, _)| read == title)
    };
    let all: Vec<String> = all.collect();
    all.iter().find(|heading| reads_back(heading)).or(all.last()).cloned().unwrap_or_default()
}

/// Every mark as itself.
fn escaped(text: &str) -> String {
    let mut all = String::new();
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            all.push('\\');
        }
        all.push(c);
    }
    all
}
