//! Imports of Rust: `use`, and paths that begin with `crate`, `super` or `self` anywhere.

use super::lex::{Dialect, Placed, Token, tokens};
use super::{From, Import};

/// Levels of groups in one `use`.
const DEPTH: usize = 32;

pub(super) fn imports(text: &str) -> Vec<Import> {
    let tokens = tokens(text, Dialect::Rust);
    let mut reader = Reader { tokens: &tokens, at: 0, inner: Vec::new(), braces: 0, found: Vec::new() };
    while reader.at < tokens.len() {
        reader.step();
    }
    reader.found
}

struct Reader<'t> {
    tokens: &'t [Placed<'t>],
    at: usize,
    /// Modules within the file: how many braces were open where each began.
    inner: Vec<usize>,
    braces: usize,
    found: Vec<Import>,
}

impl<'t> Reader<'t> {
    fn token(&self, ahead: usize) -> Option<Token<'t>> {
        self.tokens.get(self.at + ahead).map(|(_, token)| *token)
    }

    fn is_path_sign(&self, ahead: usize) -> bool {
        self.token(ahead) == Some(Token::Sign(':')) && self.token(ahead + 1) == Some(Token::Sign(':'))
    }

    fn step(&mut self) {
        match (self.token(0), self.token(1)) {
            (Some(Token::Sign('{')), _) => self.braces += 1,
            (Some(Token::Sign('}')), _) => {
                self.braces = self.braces.saturating_sub(1);
                self.inner.retain(|&outer| outer < self.braces);
            }
            (Some(Token::Word("mod")), Some(Token::Word(_))) if self.token(2) == Some(Token::Sign('{')) => {
                self.inner.push(self.braces);
            }
            (Some(Token::Word("use")), _) => {
                self.at += 1;
                // A path that begins with `::` begins at a package as well.
                self.at += if self.is_path_sign(0) { 2 } else { 0 };
                return self.tree(&mut Vec::new(), 0);
            }
            // `pub(in crate::a)` says who may see, and imports nothing.
            (Some(Token::Word("in")), Some(Token::Word("crate" | "super" | "self"))) if self.is_path_sign(2) => {
                self.at += 1;
            }
            (Some(Token::Word("crate" | "super" | "self")), _) if self.is_path_sign(1) && !self.is_continued() => {
                return self.tree(&mut Vec::new(), 0);
            }
            _ => {}
        }
        self.at += 1;
    }

    /// Whether this word goes on a path that began before.
    fn is_continued(&self) -> bool {
        let before = self.at.checked_sub(2).and_then(|at| self.tokens.get(at..self.at));
        before.is_some_and(|two| two.iter().all(|(_, token)| *token == Token::Sign(':')))
    }

    /// A path with its groups: `a::{b, c::*}`.
    fn tree(&mut self, path: &mut Vec<&'t str>, depth: usize) {
        let length = path.len();
        let line = self.tokens.get(self.at).map_or(1, |(line, _)| *line);
        loop {
            match self.token(0) {
                Some(Token::Word(word)) => path.push(word),
                Some(Token::Sign('{')) if depth < DEPTH => {
                    self.group(path, depth);
                    break;
                }
                Some(Token::Sign('*')) => {
                    self.at += 1;
                    self.import(path, line);
                    break;
                }
                // Nested deeper than anybody writes.
                Some(Token::Sign('{')) => {
                    self.at += 1;
                    break;
                }
                _ => {
                    self.import(path, line);
                    break;
                }
            }
            self.at += 1;
            if !self.is_path_sign(0) {
                self.import(path, line);
                break;
            }
            self.at += 2;
        }
        path.truncate(length);
    }

    fn group(&mut self, path: &mut Vec<&'t str>, depth: usize) {
        self.at += 1;
        while let Some(token) = self.token(0) {
            match token {
                Token::Sign('}') => {
                    self.at += 1;
                    return;
                }
                Token::Word("as") => self.at += 2,
                Token::Word(_) | Token::Sign('{' | '*') => self.tree(path, depth + 1),
                _ => self.at += 1,
            }
        }
    }

    fn import(&mut self, path: &[&'t str], line: u32) {
        let ups = path.iter().take_while(|word| **word == "super").count();
        let (from, names) = match path.first() {
            None => return,
            Some(&"crate") => (From::Root, &path[1..]),
            Some(&"self") => {
                let ups = path[1..].iter().take_while(|word| **word == "super").count();
                (self.above(ups), &path[1 + ups..])
            }
            Some(&"super") => (self.above(ups), &path[ups..]),
            Some(_) => (From::Package, path),
        };
        // What Rust itself brings is of no project.
        if from == From::Package && matches!(path.first(), Some(&("std" | "core" | "alloc"))) {
            return;
        }
        let names: Vec<&str> = names.iter().copied().filter(|name| *name != "self").collect();
        self.found.push(Import { line, text: path.join("::").into(), from, path: names.join("/").into() });
    }

    /// Levels above the module of the file: modules within it do not leave it.
    const fn above(&self, ups: usize) -> From {
        From::Above(ups.saturating_sub(self.inner.len()))
    }
}
