//! What holds of the library and of the program as a whole.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]
#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

mod adr;
mod apart;
mod audit;
mod check;
mod claims;
mod daemon;
mod decisions;
mod demo;
mod fights;
mod hints;
mod history;
mod hostile;
mod import;
mod incremental;
mod kanban;
mod laws;
mod prometheus;
mod readme;
mod records;
mod refusals;
mod rules;
mod scenarios;
mod shared;
mod shell;
mod sources;
mod support;
mod texts;
