#![doc = include_str!("ARCHITECTURE.md")]

pub mod model;

pub mod diagnostic;
pub mod yaml;

pub mod facts;
pub mod signature;

pub mod config;
pub mod kinds;

pub mod catalog;
pub mod plan;
pub mod schedule;

pub mod git;
pub mod store;

pub mod evidence;

pub mod engine;

pub mod demo;

pub mod cli;
