//! Agreement to tasks: what was said, how requests stand, and who may say so.

mod cast;
pub(super) mod gate;
pub(super) mod kept;
pub(super) mod record;
mod requests;
mod seen;
pub(super) mod token;
