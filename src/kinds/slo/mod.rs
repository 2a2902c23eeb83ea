//! Service levels.

pub mod objective;

use schemars::JsonSchema;
use serde::Deserialize;

use super::Shape;
use super::common::Link;

/// stub
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Slo {
    /// Its service.
    pub service: Link,
}
macro_rules! stub { ($($n:ident)+) => { $(
/// stub
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct $n {}
impl Shape for $n {}
)+ } }
stub! { Sli Service DataSource AlertPolicy AlertCondition AlertNotificationTarget ErrorBudgetPolicy }
impl Shape for Slo {}

/// What must change in a document of another version of OpenSLO.
pub fn what_to_change(_version: &str, _kind: &str) -> Option<String> {
    None
}
