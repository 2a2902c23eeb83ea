//! What several rooms of this suite stand on.

pub(crate) mod repository;
