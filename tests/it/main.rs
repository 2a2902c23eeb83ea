//! What holds of the library as a whole.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod laws;
