//! What the specs of several kinds share: names, references, selectors, times and metadata as YAML writes them.

mod link;
mod metadata;
mod select;
mod text;

pub use link::{Link, LinkUse, Links};
pub use metadata::{AnyMetadata, Head, Metadata, OneOrMany, OpenSloMetadata};
pub use select::Select;
