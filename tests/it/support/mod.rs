//! What several rooms of this suite stand on.

pub(crate) mod daemon;
pub(crate) mod organisation;
pub(crate) mod repository;
