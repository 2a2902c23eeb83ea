//! Which files of a tree are specs: those under the spec folder, with the right endings, that `.abideignore` leaves in.

use std::path::{Component, Path};
use std::sync::Arc;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// The name of the file that excludes others; it has the syntax of `.gitignore`.
pub(super) const IGNORE_FILE: &str = ".abideignore";

/// The endings of spec files.
const ENDINGS: [&str; 3] = [".yaml", ".yml", ".json"];

/// The spec folder, and what is left out of it.
#[derive(Debug)]
pub(super) struct Scope {
    /// The spec folder as people see it: relative to the folder of `abide.toml`, clean, empty for that folder itself.
    folder: String,
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
    /// The scope of that folder. `read` gives the text of an ignore file by its shown path, where there is one.
    pub(super) fn new<E>(folder: &str, mut read: impl FnMut(&str) -> Result<Option<String>, E>) -> Result<Self, E> {
        let folder = clean(folder);
        let mut scope = Self { ignores: Vec::new(), problems: Vec::new(), folder };
        let below = scope.shown(IGNORE_FILE);
        if let Some(text) = read(IGNORE_FILE)? {
            scope.add(IGNORE_FILE.into(), &text, false);
        }
        if &*below != IGNORE_FILE
            && let Some(text) = read(&below)?
        {
            scope.add(below, &text, true);
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

    /// The spec folder as people see it.
    pub(super) fn folder(&self) -> &str {
        &self.folder
    }

    /// How people see the file at that path below the spec folder.
    pub(super) fn shown(&self, within: &str) -> Arc<str> {
        join(&self.folder, within).into()
    }

    /// Whether to look into the folder of that path below the spec folder.
    pub(super) fn enters(&self, within: &str) -> bool {
        !is_hidden(within) && !self.ignored(within, true)
    }

    /// Whether the file of that path below the spec folder is a spec, when its folder is entered.
    pub(super) fn admits(&self, within: &str) -> bool {
        is_spec_name(within) && !is_hidden(within) && !self.ignored(within, false)
    }

    /// Whether a change of that file, by its path below the spec folder, changes what is read: it is a spec and so are
    /// none of its folders left out, or it says what is left out.
    pub(super) fn concerns(&self, within: &str) -> bool {
        let folders_enter = within.match_indices('/').all(|(at, _)| self.enters(&within[..at]));
        within == IGNORE_FILE || (folders_enter && self.admits(within))
    }

    fn ignored(&self, within: &str, is_folder: bool) -> bool {
        let decided = self.ignores.iter().rev().find_map(|ignore| {
            let shown = self.shown(within);
            let path = if ignore.of_folder { within } else { &*shown };
            let verdict = ignore.matcher.matched(path, is_folder);
            (!verdict.is_none()).then(|| verdict.is_ignore())
        });
        decided.unwrap_or(false)
    }
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
        Scope::new(folder, read).unwrap()
    }

    #[test]
    fn specs_end_in_yaml_yml_or_json_and_are_not_hidden() {
        let scope = scope("specs", "", "");
        for spec in ["a.yaml", "x/b.yml", "c.json"] {
            assert!(scope.concerns(spec), "{spec}");
        }
        for other in ["a.md", ".a.yaml", ".git/a.yaml", "yaml", "a.yaml.bak"] {
            assert!(!scope.concerns(other), "{other}");
        }
    }

    #[test]
    fn both_ignore_files_count_and_the_nearer_wins() {
        let scope = scope("./specs/", "specs/drafts/\n*.json\n", "!keep.json\nold-*.yaml\n");
        assert!(!scope.enters("drafts") && scope.enters("teams"));
        assert!(!scope.admits("a.json") && scope.admits("keep.json"));
        assert!(!scope.admits("old-1.yaml") && scope.admits("new.yaml"));
        assert!(!scope.concerns("drafts/a.yaml") && scope.concerns(".abideignore"));
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
