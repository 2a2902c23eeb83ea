pub mod catalog;
pub mod config;
pub mod diagnostic;
pub mod evidence;
pub mod git;
pub mod model;
pub mod store;
pub mod yaml;
