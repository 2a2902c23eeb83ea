pub mod catalog;
pub mod diagnostic;
pub mod evidence;
pub mod git;
pub mod kinds;
pub mod model;
pub mod store;
pub mod yaml;
