pub mod catalog;
pub mod diagnostic;
pub mod evidence;
pub mod git;
pub mod model;
pub mod plan;
pub mod store;
pub mod yaml;
