//! A tree of files to all specs of one commit: parse what changed, resolve references, collect questions.

mod source;

pub use source::{Blob, Content, SourceFile, SourceTree};
