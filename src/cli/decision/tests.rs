//! How decisions are looked at, over an organisation with a decision in each state.

mod drawn;
mod linted;
mod looked;
mod org;
