//! The mapping of Abide's own task table: served by the same code as any other.

use std::collections::BTreeMap;

use super::{ANY_LABEL, AgentsTable, Field, Join, Mapping, SeverityMap, Source, StatusWords, TimeFormat};
use crate::model::TaskStatus;

impl Mapping {
    /// The mapping of Abide's own table, `abide_tasks`, with `abide_beats` beside it.
    pub fn own() -> Self {
        let column = |field: &Field| match field {
            Field::Priority => "severity".to_owned(),
            other => other.word().to_owned(),
        };
        let labels = Source::Json { column: "labels".into(), pointer: String::new(), is_list: false };
        Self {
            url: None,
            table: "abide_tasks".into(),
            own: true,
            only: BTreeMap::new(),
            time: TimeFormat::UnixMs,
            columns: Field::ALL.iter().map(|field| (*field, column(field))).collect(),
            lookups: BTreeMap::new(),
            times: BTreeMap::new(),
            default_type: None,
            labels: BTreeMap::from([(ANY_LABEL.into(), labels)]),
            needs: Some(Source::Rows(Join {
                table: "abide_needs".into(),
                task: "task".into(),
                name: None,
                value: "needs".into(),
                lookup: None,
                only: BTreeMap::new(),
            })),
            status: StatusWords::same(),
            severity: SeverityMap::words(),
            insert: BTreeMap::new(),
            counted: BTreeMap::new(),
            insert_type: None,
            approvals: Vec::new(),
            agents: Some(AgentsTable {
                table: "abide_beats".into(),
                name: "agent".into(),
                role: Some("role".into()),
                seen: "seen".into(),
                time: None,
            }),
        }
    }
}

impl StatusWords {
    /// Abide's own words.
    pub fn same() -> Self {
        Self(TaskStatus::ALL.into_iter().map(|status| (status, vec![status.word().to_owned()])).collect())
    }
}
