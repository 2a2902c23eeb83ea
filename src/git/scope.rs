//! Which files of a tree may be specs: those under the spec folder with the right endings, and Markdown under the folders of
//! records; `.abideignore` leaves out what it names. Paths are those that people see: relative to the folder of `abide.toml`.
//!
//! Of Markdown, only a look into a file tells whether it is a spec: [`is_spec`] does, and everything else is an ordinary page.
//!
//! [`is_spec`]: crate::kinds::decision::markdown::is_spec

use std::path::{Component, Path};
use std::sync::Arc;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// The name of the file that excludes others; it has the syntax of `.gitignore`.
pub(super) const IGNORE_FILE: &str = ".abideignore";

/// The endings of spec files.
const ENDINGS: [&str; 3] = [".yaml", ".yml", ".json"];

/// The folders that specs may be in, clean; the root is empty.
#[derive(Debug, Clone, Default)]
pub(super) struct Folders {
    /// The folder of all specs.
    specs: String,
    /// Folders beside it in which decisions may be Markdown.
    records: Vec<String>,
}

impl Folders {
    /// These folders; those that the first one holds add nothing.
    pub(super) fn new(specs: &str, records: &[String]) -> Self {
        let specs = clean(specs);
        let mut records: Vec<String> = records.iter().map(|folder| clean(folder)).collect();
        records.retain(|folder| within(&specs, folder).is_none());
        records.sort();
        records.dedup();
        Self { specs, records }
    }

    /// The folder of all specs.
    pub(super) fn specs(&self) -> &str {
        &self.specs
    }

    /// Folders beside it in which decisions may be Markdown.
    pub(super) fn records(&self) -> &[String] {
        &self.records
    }

    /// Whether that path lies in the folder of all specs.
    pub(super) fn of_specs(&self, path: &str) -> bool {
        within(&self.specs, path).is_some()
    }

    /// All of them, that of all specs first.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        [&self.specs].into_iter().chain(&self.records).map(String::as_str)
    }
}

/// The folders of specs, and what is left out of them.
#[derive(Debug)]
pub(super) struct Scope {
    folders: Folders,
    ignores: Vec<Ignore>,
    problems: Vec<(Arc<str>, String)>,
}

/// One `.abideignore`.
#[derive(Debug)]
struct Ignore {
    matcher: Gitignore,
    /// Whether its patterns are relative to the spec folder and not to the root.
    of_folder: bool,
}

impl Scope {
    /// The scope of those folders. `read` gives the text of an ignore file by its path, where there is one.
    pub(super) fn new<E>(folders: Folders, mut read: impl FnMut(&str) -> Result<Option<String>, E>) -> Result<Self, E> {
        let below = join(&folders.specs, IGNORE_FILE);
        let mut scope = Self { ignores: Vec::new(), problems: Vec::new(), folders };
        if let Some(text) = read(IGNORE_FILE)? {
            scope.add(IGNORE_FILE.into(), &text, false);
        }
        if below != IGNORE_FILE
            && let Some(text) = read(&below)?
        {
            scope.add(below.into(), &text, true);
        }
        Ok(scope)
    }

    fn add(&mut self, file: Arc<str>, text: &str, of_folder: bool) {
        let mut builder = GitignoreBuilder::new("");
        builder.allow_unclosed_class(false);
        for (line, pattern) in (1..).zip(text.lines()) {
            if let Err(error) = builder.add_line(None, pattern) {
                let problem = format!("line {line}: `{pattern}` is no pattern of the .gitignore syntax: {error}");
                self.problems.push((file.clone(), problem));
            }
        }
        match builder.build() {
            Ok(matcher) => self.ignores.push(Ignore { matcher, of_folder }),
            Err(error) => self.problems.push((file, error.to_string())),
        }
    }

    /// What is wrong with the ignore files, by their shown path.
    pub(super) fn problems(&self) -> &[(Arc<str>, String)] {
        &self.problems
    }

    /// The folders of specs.
    pub(super) const fn folders(&self) -> &Folders {
        &self.folders
    }

    /// Whether to look into the folder of that path.
    pub(super) fn enters(&self, path: &str) -> bool {
        !is_hidden(path) && !self.ignored(path, true)
    }

    /// Whether the file of that path may be a spec, when its folder is entered.
    pub(super) fn admits(&self, path: &str) -> bool {
        let may_be = is_page_name(path) || (is_spec_name(path) && self.folders.of_specs(path));
        may_be && !is_hidden(path) && !self.ignored(path, false)
    }

    /// Whether a change of that file may change what is read: it may be a spec and so are none of its folders left out, or
    /// it says what is left out.
    pub(super) fn concerns(&self, path: &str) -> bool {
        path == IGNORE_FILE
            || within(&self.folders.specs, path) == Some(IGNORE_FILE)
            || (self.admits(path) && self.folders.all().any(|folder| self.is_entered(folder, path)))
    }

    /// Whether that path lies below the folder, and every folder between the two is entered.
    fn is_entered(&self, folder: &str, path: &str) -> bool {
        let Some(inner) = within(folder, path) else { return false };
        let above = path.len() - inner.len();
        inner.match_indices('/').all(|(at, _)| self.enters(&path[..above + at]))
    }

    fn ignored(&self, path: &str, is_folder: bool) -> bool {
        let decided = self.ignores.iter().rev().find_map(|ignore| {
            let path = if ignore.of_folder { within(&self.folders.specs, path)? } else { path };
            let verdict = ignore.matcher.matched(path, is_folder);
            (!verdict.is_none()).then(|| verdict.is_ignore())
        });
        decided.unwrap_or(false)
    }
}

/// The path below a folder of what lies in it, or is it.
pub(super) fn within<'p>(folder: &str, path: &'p str) -> Option<&'p str> {
    match path.strip_prefix(folder)? {
        rest if folder.is_empty() || rest.is_empty() => Some(rest),
        rest => rest.strip_prefix('/'),
    }
}

/// Whether a name has the ending of Markdown.
pub(super) fn is_page_name(name: &str) -> bool {
    name.ends_with(".md")
}

/// Whether a name has an ending of a spec.
pub(super) fn is_spec_name(name: &str) -> bool {
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Whether the last name of the path begins with a dot.
pub(super) fn is_hidden(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.starts_with('.'))
}

/// One path below another; either may be empty.
pub(super) fn join(folder: &str, within: &str) -> String {
    match (folder, within) {
        ("", path) | (path, "") => path.to_owned(),
        (folder, within) => format!("{folder}/{within}"),
    }
}

/// A relative path with forward slashes and without `.`, `x/..` and slashes at its end; leading `..` stay.
pub(super) fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split(['/', std::path::MAIN_SEPARATOR]) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// A relative path of the disk as text with forward slashes.
pub(super) fn slashed(path: &Path) -> String {
    let names = path.components().filter_map(|component| match component {
        Component::Normal(name) => Some(name.to_string_lossy()),
        _ => None,
    });
    names.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(folder: &str, root: &str, below: &str) -> Scope {
        let read = |path: &str| -> Result<_, std::convert::Infallible> {
            Ok(Some(if path == IGNORE_FILE { root } else { below }.to_owned()))
        };
        Scope::new(Folders::new(folder, &["docs/adr".into()]), read).unwrap()
    }

    #[test]
    fn specs_end_in_yaml_yml_or_json_and_are_not_hidden() {
        let scope = scope("specs", "", "");
        for spec in ["specs/a.yaml", "specs/x/b.yml", "specs/c.json", "specs/d.md", "docs/adr/x/0001-a.md"] {
            assert!(scope.concerns(spec), "{spec}");
        }
        let others = ["specs/.a.yaml", "specs/.git/a.yaml", "specs/yaml", "specs/a.yaml.bak", "a.yaml", "README.md"];
        for other in others.into_iter().chain(["docs/adr/a.yaml", "docs/a.md", "docs/adrs/a.md", "docs/adr/.x/a.md"]) {
            assert!(!scope.concerns(other), "{other}");
        }
    }

    #[test]
    fn folders_of_records_that_hold_no_more_than_the_specs_are_left_out() {
        let records = ["./docs/adr/".into(), "docs/adr".into(), "specs/adr".into(), "specs".into(), "specs2".into()];
        assert_eq!(Folders::new("specs", &records).all().collect::<Vec<_>>(), ["specs", "docs/adr", "specs2"]);
        assert_eq!(Folders::new(".", &records).all().collect::<Vec<_>>(), [""]);
    }

    #[test]
    fn both_ignore_files_count_and_the_nearer_wins() {
        let scope = scope("./specs/", "specs/drafts/\ndocs/adr/old/\n*.json\n", "!keep.json\nold-*.yaml\n");
        assert!(!scope.enters("specs/drafts") && scope.enters("specs/teams"));
        assert!(!scope.admits("specs/a.json") && scope.admits("specs/keep.json"));
        assert!(!scope.admits("specs/old-1.yaml") && scope.admits("specs/new.yaml"));
        assert!(!scope.concerns("specs/drafts/a.yaml") && scope.concerns(".abideignore"));
        assert!(scope.concerns("specs/.abideignore") && !scope.concerns("docs/adr/.abideignore"));
        assert!(!scope.concerns("docs/adr/old/a.md") && scope.concerns("docs/adr/old-1.md"));
    }

    #[test]
    fn a_bad_pattern_is_told_with_its_line() {
        let scope = scope("", "ok\na[\n", "");
        let (file, problem) = &scope.problems()[0];
        assert_eq!(&**file, ".abideignore");
        assert!(problem.starts_with("line 2: `a[`"), "{problem}");
    }

    #[test]
    fn paths_are_cleaned() {
        for (from, to) in [("./specs/", "specs"), (".", ""), ("a/../b", "b"), ("../x/./y", "../x/y"), ("", "")] {
            assert_eq!(clean(from), to, "{from}");
        }
    }
}
