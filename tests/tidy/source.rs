//! Source files as text, and what can be told of them without a compiler.

use std::path::{Path, PathBuf};

use super::lexed;

/// A source file, as it is and with comments and texts blanked out.
pub(crate) struct Source {
    /// From the root of the package.
    pub(crate) path: String,
    pub(crate) raw: String,
    pub(crate) code: String,
    /// The lines that are compiled for tests only, from 0.
    pub(crate) tests: Vec<bool>,
}

impl Source {
    /// The first folder or file below `src`.
    pub(crate) fn module(&self) -> Option<&str> {
        let inner = self.path.strip_prefix("src/")?;
        Some(inner.split('/').next()?.trim_end_matches(".rs"))
    }

    /// Its lines outside tests, numbered from 1.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let plain = self.code.lines().zip(&self.tests).enumerate();
        plain.filter(|(_, (_, test))| !**test).map(|(n, (line, _))| (n + 1, line))
    }

    /// What is compiled for tests only, as it is written.
    pub(crate) fn test_text(&self) -> String {
        self.raw.lines().zip(&self.tests).filter(|(_, test)| **test).flat_map(|(line, _)| [line, "\n"]).collect()
    }
}

/// Every module of this crate that the file names outside tests, with the line.
pub(crate) fn imports(source: &Source) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let code: String =
        source.code.lines().zip(&source.tests).flat_map(|(l, t)| [if *t { "" } else { l }, "\n"]).collect();
    for (at, _) in code.match_indices("crate::") {
        let line = code[..at].matches('\n').count() + 1;
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            None => found.push((line, word(rest))),
            Some(group) => found.extend(top_level(group).map(|name| (line, name))),
        }
    }
    found
}

/// The first names of a group of imports: of `{a::{b, c}, d}` they are `a` and `d`.
pub(crate) fn top_level(group: &str) -> impl Iterator<Item = String> {
    let (mut depth, mut parts) = (1, vec![String::new()]);
    for c in group.chars() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        match c {
            _ if depth == 0 => break,
            ',' if depth == 1 => parts.push(String::new()),
            _ => parts.last_mut().unwrap().push(c),
        }
    }
    parts.into_iter().map(|part| word(part.trim_start()))
}

pub(crate) fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// Whether the text has the word, not as a part of another.
pub(crate) fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.match_indices(word)
        .any(|(at, _)| !is_part(text[..at].chars().next_back()) && !is_part(text[at + word.len()..].chars().next()))
}

pub(crate) fn names_module(code: &str, name: &str) -> bool {
    code.match_indices(&format!("mod {name};")).any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric()))
}

/// Where each function begins, and how many lines it has.
pub(crate) fn functions(code: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let is_keyword = !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let line = code[..at].matches('\n').count() + 1;
        if let Some(length) = is_keyword.then(|| block(&code[at..])).flatten() {
            found.push((line, length));
        }
    }
    found
}

/// How many lines it takes from here to the end of the block that begins here; none where none begins.
pub(crate) fn block(code: &str) -> Option<usize> {
    let (mut depth, mut brackets, mut lines) = (0, 0, 1);
    for c in code.chars() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        brackets += i32::from(matches!(c, '(' | '[')) - i32::from(matches!(c, ')' | ']'));
        match c {
            '\n' => lines += 1,
            ';' if depth == 0 && brackets == 0 => return None,
            '}' if depth == 0 => return Some(lines),
            _ if depth < 0 || brackets < 0 => return None,
            _ => {}
        }
    }
    None
}

/// Which lines stand below `#[cfg(test)]`: of a block all, of a declared module the declaration.
pub(crate) fn test_lines(code: &str) -> Vec<bool> {
    let mut tests = vec![false; code.lines().count()];
    for (at, _) in code.match_indices("#[cfg(test)]") {
        let begin = code[..at].matches('\n').count();
        let rest = &code[at..];
        let declared = rest.split(';').next().map_or(0, |item| item.lines().count());
        let length = block(&rest["#[cfg(test)]".len()..]).unwrap_or(declared);
        tests.iter_mut().skip(begin).take(length).for_each(|test| *test = true);
    }
    tests
}

/// The files that a `#[cfg(test)] mod name;` of this file names, without their ending.
pub(crate) fn test_modules(source: &Source) -> Vec<PathBuf> {
    let path = Path::new(&source.path);
    let inside = match path.file_name().and_then(|name| name.to_str()) {
        Some("mod.rs" | "lib.rs") => path.parent().unwrap().to_path_buf(),
        _ => path.with_extension(""),
    };
    let text = source.raw.lines().zip(&source.tests).filter(|(_, test)| **test);
    let mut modules = Vec::new();
    for (line, _) in text {
        let line = line.trim().trim_start_matches("pub(crate) ").trim_start_matches("pub(super) ");
        if let Some(name) = line.strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';')) {
            modules.push(inside.join(name));
        }
        if let Some(name) = line.strip_prefix("#[path = \"").and_then(|rest| rest.strip_suffix(".rs\"]")) {
            modules.push(path.parent().unwrap().join(name));
        }
    }
    modules
}

pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below a folder, in order.
pub(crate) fn sources(folder: &str) -> Vec<Source> {
    let read = |path: PathBuf| {
        let raw = std::fs::read_to_string(&path).unwrap();
        let path = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
        let code = lexed::code(&raw);
        Source { path, tests: test_lines(&code), raw, code }
    };
    let mut all: Vec<Source> = files(&root().join(folder), "rs").into_iter().map(read).collect();
    let modules: Vec<PathBuf> = all.iter().flat_map(test_modules).collect();
    for source in &mut all {
        let path = Path::new(&source.path).with_extension("");
        let path = if path.ends_with("mod") { path.parent().unwrap() } else { &path };
        if modules.iter().any(|module| path.starts_with(module)) {
            source.tests.fill(true);
        }
    }
    all
}

/// Every file of that ending below a folder, in order; none where there is no folder.
pub(crate) fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let below = |path: PathBuf| if path.is_dir() { files(&path, ending) } else { vec![path] };
    paths.into_iter().flat_map(below).filter(|path| path.extension().is_some_and(|e| e == ending)).collect()
}

#[test]
fn imports_are_found_wherever_they_stand() {
    let raw = "use crate::plan::{a, b};\nuse crate::{cli::{x, y}, git};\n// crate::store\nfn f() { crate::yaml::g() }\n\
        #[cfg(test)]\nmod tests {\n    use crate::engine;\n}\n";
    let code = lexed::code(raw);
    let source = Source { path: "src/model/a.rs".into(), raw: raw.into(), tests: test_lines(&code), code };
    let found: Vec<(usize, String)> = imports(&source);
    let names: Vec<(usize, &str)> = found.iter().map(|(line, name)| (*line, name.as_str())).collect();
    assert_eq!(names, [(1, "plan"), (2, "cli"), (2, "git"), (4, "yaml")]);
    assert_eq!((source.module(), functions(&source.code)), (Some("model"), vec![(4, 1)]));
}

#[test]
fn a_function_is_as_long_as_its_block() {
    let code = "trait T {\n    fn a();\n    fn b(\n        x: [u8; 3],\n    ) -> u8 {\n        { x[0] }\n    }\n}\n";
    assert_eq!(functions(code), [(3, 5)]);
}
