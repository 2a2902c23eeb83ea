//! What Abide says about specs: findings with a stable code, an exact place and a way to mend them.

pub mod codes;
mod counted;
mod edit;
mod plain;
mod problem;
pub mod render;
mod span;

pub use codes::Entry;
pub use counted::counted;
pub use edit::{Edit, Mended, edits};
pub use plain::{plain, sign};
pub use problem::{Diagnostic, Level, Problem, Related, nearest};
pub use span::{Position, Span, Spanned};
