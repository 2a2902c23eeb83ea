//! Other people's OpenSLO documents, of any version, as OpenSLO v1.
//!
//! A document of v1 is taken over letter by letter, a document of an older or a later version is converted, and what cannot
//! be converted without a guess is left out with the reason. What is put on the disk is read again before it counts.

mod compose;
mod convert;
mod draft;
mod fields;
mod names;
#[cfg(test)]
mod tests;
mod v1alpha;
mod v2alpha;

pub use compose::Composed;
pub use convert::Left;
pub use draft::{Converted, Draft, Finished, draft};
pub use names::{Renames, Taken};
