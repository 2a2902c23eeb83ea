//! Abide's tables in one file, the team's in another.

mod crash;
mod files;
mod leaders;
mod random;
mod site;
