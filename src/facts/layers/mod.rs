//! Layers: which folder may import which, and what modules import.
//!
//! Names are resolved as their language resolves them where the text alone tells: paths of a crate, relative imports, packages of
//! the own project. What a build tool makes up (aliases of JavaScript) is told as not to be known.

mod go;
mod javascript;
mod lex;
mod order;
mod python;
mod rust;

pub use go::Modules;
pub use order::Order;

/// A language whose imports are understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// `use` and paths that begin with `crate`, `super` or `self`.
    Rust,
    /// `import` and `from`.
    Python,
    /// `import`, `export … from`, `require` and dynamic imports of JavaScript and TypeScript.
    JavaScript,
    /// `import`.
    Go,
}

/// One import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The line, from 1.
    pub line: u32,
    /// What is imported, as its language writes it.
    pub text: Box<str>,
    /// Where that begins.
    pub from: From,
    /// The names that lead to it from there, with slashes between them. One text and not many: all imports of a repository
    /// are remembered.
    pub path: Box<str>,
}

/// Where the path of an import begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// At the root of the crate or project.
    Root,
    /// So many levels above the module that imports; 0 is that module itself.
    Above(usize),
    /// At a package, which may be the own project or another.
    Package,
    /// At a name that a build tool gives a meaning.
    Alias,
}

impl Language {
    /// The language of a file, by the ending of its name.
    pub fn of(path: &str) -> Option<Self> {
        match path.rsplit_once('.')?.1 {
            "rs" => Some(Self::Rust),
            "py" | "pyi" => Some(Self::Python),
            "js" | "jsx" | "mjs" | "cjs" | "ts" | "tsx" | "mts" | "cts" => Some(Self::JavaScript),
            "go" => Some(Self::Go),
            _ => None,
        }
    }

    /// What a file imports, in order.
    pub fn imports(self, text: &str) -> Vec<Import> {
        match self {
            Self::Rust => rust::imports(text),
            Self::Python => python::imports(text),
            Self::JavaScript => javascript::imports(text),
            Self::Go => go::imports(text),
        }
    }
}

#[cfg(test)]
mod tests;
