//! Service levels: OpenSLO v1 as its specification gives it, the policies over their budgets, and how they are judged.

pub mod account;
mod alarms;
mod alert;
mod asked;
pub mod budget;
pub mod budgets;
pub mod burn;
pub mod burndown;
mod check;
pub mod composite;
pub mod decimal;
pub mod export;
pub mod figures;
pub mod freeze;
pub mod ground;
pub mod import;
pub mod indicator;
mod level;
pub mod lints;
pub mod measured;
mod metric;
pub mod objective;
mod period;
mod policy;
pub mod review;
mod source;
pub mod state;
pub mod target;
mod version;
pub mod words;

pub use alert::{AlertCondition, AlertNotificationTarget, AlertPolicy};
pub use figures::{Burn, Exhaustion, Figures};
pub use indicator::Refusal;
pub use level::{Budgeting, Calendar, Indicator, Objective, Op, Slo, TimeWindow};
pub use metric::{Metric, MetricSource, Ratio, Sli};
pub use period::Period;
pub use policy::{BurnRate, ErrorBudgetPolicy, Freeze, Step, Which};
pub use source::{
    DataSource, Lifespan, PROMETHEUS, PrometheusSpec, SQL, Service, SqlSpec, TASKS, TasksSource, TimeWord, Unit,
};
pub use state::{Known, State, known};
pub use target::{Target, Whole, targets};
pub use version::what_to_change;

#[cfg(test)]
mod burn_tests;
#[cfg(test)]
mod burndown_tests;
#[cfg(test)]
mod figures_tests;
#[cfg(test)]
mod ground_tests;
#[cfg(test)]
mod objective_tests;
#[cfg(test)]
mod odd_tests;
#[cfg(test)]
mod shared_tests;
#[cfg(test)]
mod tests;
