//! What holds of the library and of the program as a whole.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod incremental;
mod laws;
mod scenarios;
mod support;
