//! Two leaders on two files: one is slow, the other takes over at any moment.

use std::path::Path;
use std::sync::{Arc, Mutex};

use rusqlite::trace::{TraceEvent, TraceEventCodes};

use super::super::*;
use super::site::{Site, Wanted, copy, drifting, dump, prepare};
use crate::store::sqlite::fault::Fault;

const FIRST: (&str, Severity) = ("agent/one", Severity::High);
const SECOND: (&str, Severity) = ("agent/two", Severity::High);

/// Takes over and passes; says whether it could, since locks that another holds are not waited for.
fn take_over(site: &mut Site, wanted: &Wanted) -> bool {
    let Ok(epoch) = site.lead("them", now().plus(Duration::from_mins(5))) else { return false };
    for _ in 0..4 {
        match site.pass(wanted, epoch) {
            Ok(0) => return true,
            Ok(_) | Err(Fault::Store(StoreError::Stale(_))) => {}
            Err(_) => return false,
        }
    }
    panic!("it does not come to rest");
}

/// One leader passes; at its n-th statement another has taken over. What is left at the end, and whether there was an n-th.
fn taken_over(at: usize, before: &Path, first: &Wanted, then: &Wanted) -> (bool, Vec<String>) {
    let folder = copy(before);
    let (mut slow, other) = (Site::new(folder.path(), true), Site::new(folder.path(), true));
    other.conn.busy_timeout(std::time::Duration::ZERO).unwrap();
    let epoch = slow.lead("us", now()).unwrap();

    let (shared, wanted, mut count) = (Arc::new(Mutex::new((other, None))), then.clone(), 0);
    let seen = shared.clone();
    let trace = move |event: TraceEvent<'_>| {
        if let TraceEvent::Stmt(..) = event {
            let mut seen = seen.lock().unwrap();
            if count == at {
                let could = take_over(&mut seen.0, &wanted);
                seen.1 = Some(could);
            }
            count += 1;
        }
    };
    slow.conn.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(trace)).unwrap();
    let passed = slow.pass(first, epoch);
    slow.conn.trace_v2(TraceEventCodes::empty(), None::<fn(TraceEvent<'_>)>).unwrap();
    let mut shared = shared.lock().unwrap();
    if shared.1 == Some(true)
        && let Err(fault) = &passed
    {
        let refused = matches!(fault, Fault::Store(StoreError::Fenced { .. } | StoreError::Stale(_)))
            || matches!(fault, Fault::Sql(_));
        assert!(refused, "{fault:?}");
    }
    assert!(take_over(&mut shared.0, then), "the locks are free again");
    assert!(matches!(slow.pass(first, epoch), Err(Fault::Store(StoreError::Fenced { .. }))), "its time is over");
    (shared.1.is_some(), dump(folder.path(), true))
}

#[test]
fn whenever_another_takes_over_every_drift_has_one_task() {
    let cases = [
        (drifting(&[]), drifting(&[FIRST, SECOND])),
        (drifting(&[FIRST, SECOND]), drifting(&[(FIRST.0, Severity::Low)])),
    ];
    for (before, wanted) in cases {
        let before = prepare("", &before, true);
        let (_, whole) = taken_over(usize::MAX, before.path(), &wanted, &wanted);
        for at in 0.. {
            let (reached, left) = taken_over(at, before.path(), &wanted, &wanted);
            assert_eq!(left, whole, "taken over at statement {at}");
            if !reached {
                break;
            }
        }
    }
}

#[test]
fn what_the_slow_one_opened_is_closed_by_the_other_where_its_drift_is_gone() {
    let before = prepare("", &drifting(&[]), true);
    for at in 0.. {
        let (reached, left) = taken_over(at, before.path(), &drifting(&[FIRST]), &drifting(&[]));
        let of = |what: &str| left.iter().filter(|line| line.contains(&format!("Text(\"{what}\")"))).count();
        assert_eq!((of("alone"), of("intent"), of("lost")), (0, 0, 0), "{at}: {left:#?}");
        let opened = left.iter().filter(|line| line.contains("\"audit\"") && line.contains("Text(\"open\")")).count();
        let closed = left.iter().filter(|line| line.contains("\"audit\"") && line.contains("Text(\"close\")")).count();
        assert_eq!((opened, closed), (of("row"), of("row")), "{at}: {left:#?}");
        if !reached {
            break;
        }
    }
}
