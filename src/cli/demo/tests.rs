//! What was planted is found, exactly, and nothing else is.

use super::*;
use crate::demo::Planted;
use crate::model::DriftState;

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn global() -> Global {
    Global {
        config: "abide.toml".into(),
        set: Vec::new(),
        store: None,
        color: super::super::output::Color::Never,
        quiet: 2,
        verbose: 0,
    }
}

#[test]
fn what_was_planted_is_found_and_nothing_else() {
    for seed in 1..=4 {
        let folder = tempfile::tempdir().unwrap();
        let args = Args { dir: folder.path().join("demo"), seed };
        let Made { built, pass, tasks } = make(&args, &global(), now()).unwrap();
        let found = pass.plan.drifts.iter().map(|reported| {
            let drift = &reported.drift;
            (drift.case.spec.as_ref().map(ToString::to_string), drift.subject.to_string(), drift.code)
        });
        let mut found: Vec<_> = found.collect();
        let planted = built.planted.iter().cloned();
        let mut planted: Vec<_> =
            planted.map(|Planted { spec, subject, code }| (spec.map(str::to_owned), subject, code)).collect();
        found.sort();
        planted.sort();
        assert_eq!(found, planted, "seed {seed}");
        assert_eq!((pass.plan.unknown.len(), pass.plan.held.len()), (0, 0), "seed {seed}");
        assert!(pass.catalog.unread.is_empty());
        assert_eq!(pass.outcome.as_ref().map(|outcome| outcome.opened.len()), Some(tasks.len()));
        let waived = pass.plan.drifts.iter().filter(|reported| reported.state == DriftState::Waived);
        assert_eq!(waived.count(), 1);

        let again = setup(&args.dir, &global()).unwrap();
        let again = again.with_engine(Access::Write, |handle| async move { Ok(handle.reconcile(Some(now())).await?) });
        assert_eq!(again.unwrap().plan.steps, [], "seed {seed}");
    }
}

#[test]
fn a_folder_of_somebody_else_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("thesis.txt"), "years").unwrap();
    let args = Args { dir: folder.path().to_owned(), seed: 1 };
    let error = make(&args, &global(), now()).map(|_| ()).unwrap_err();
    assert_eq!(error.exit, Exit::Usage);
    assert!(error.to_string().ends_with("name a folder that is not there yet: abide demo DIR"), "{error}");
}
