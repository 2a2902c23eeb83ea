use std::collections::BTreeMap;

use super::*;
use crate::catalog::{Asking, Catalog, Keys, SourceTree, judge, load};
use crate::model::{Answer, Answers, Heartbeat, Policy, Timestamp};

const SEEN: Timestamp = Timestamp::from_secs(1_772_000_000);

/// Whether a stranger is found who reported last so long ago, and after which silence the rule looks again.
fn found(silence: Duration) -> (bool, Option<Duration>) {
    let text = "apiVersion: abide.dev/v1\nkind: Agent\nmetadata: {name: dev-1}\nspec: {}\n";
    let (catalog, _) = load(&SourceTree::of_texts([("specs/a.yaml", text)]), &Catalog::empty(), SEEN);
    let (keys, policy) = (Keys::default(), Policy::default());
    let beats: BTreeMap<Arc<str>, Heartbeat> =
        ["dev-1", "stranger"].map(|name| (name.into(), Heartbeat { seen: SEEN, role: None })).into();
    let mut answers = Answers::default();
    for question in Asking::of(&catalog, &keys, &policy).questions().iter() {
        let answer = match **question {
            Question::Heartbeats => Answer::Heartbeats(beats.clone()),
            _ => Answer::Tasks(BTreeMap::new()),
        };
        answers.put(question.clone(), Ok(answer));
    }
    let verdicts = judge(&catalog, &answers, &keys, &policy, SEEN.plus(silence));
    let subjects: Vec<_> = verdicts.drifts().map(|drift| drift.subject.to_string()).collect();
    assert!(subjects.is_empty() || subjects == ["agent/stranger"], "{subjects:?}");
    (!subjects.is_empty(), verdicts.due().map(|due| due.since(SEEN)))
}

#[test]
fn a_report_counts_for_a_day_and_its_end_is_waited_for() {
    let end = Duration::from_millis(Duration::from_days(1).as_millis() + 1);
    assert_eq!(found(Duration::from_millis(0)), (true, Some(end)));
    assert_eq!(found(Duration::from_days(1)), (true, Some(end)));
    assert_eq!(found(end), (false, None));
}
