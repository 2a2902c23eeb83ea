//! Service levels: OpenSLO v1 as its specification gives it, the policies over their budgets, and how they are judged.

mod alert;
pub mod burn;
mod check;
pub mod decimal;
pub mod indicator;
mod level;
mod metric;
pub mod objective;
mod period;
mod policy;
mod source;
pub mod state;
mod version;

pub use alert::{AlertCondition, AlertNotificationTarget, AlertPolicy};
pub use level::{Budgeting, Calendar, Indicator, Objective, Op, Slo, TimeWindow};
pub use metric::{Metric, MetricSource, Ratio, Sli};
pub use period::Period;
pub use policy::{BurnRate, ErrorBudgetPolicy, Freeze, Step, Which};
pub use source::{DataSource, Lifespan, Service, TASKS, TasksSource, Unit};
pub use state::{Burn, Figures, State, state};
pub use version::what_to_change;

#[cfg(test)]
mod burn_tests;
#[cfg(test)]
mod objective_tests;
#[cfg(test)]
mod shared_tests;
#[cfg(test)]
mod tests;
