//! A crash between any two statements leaves what the run that never crashed leaves.

use std::path::Path;
use std::sync::atomic::Ordering;

use super::super::*;
use super::site::{Site, Wanted, copy, drifting, dump, prepare};
use crate::kinds::approval::Gates;
use crate::model::{HoldId, Reason, Said, Spent, Vote};
use crate::store::sqlite::fault::Fault;
use crate::store::{Cast, Command, Proof, Weighing};

const ROWS: &str =
    "INSERT INTO team (kind, name, who, state, made) VALUES ('fix', 'A', 'qa', 'todo', '2026-11-23 09:00:00');
    INSERT INTO team (kind, name, who, state, made) VALUES ('fix', 'B', 'dev', 'doing', '2026-11-23 09:00:00');";

const ONE: (&str, Severity) = ("agent/one", Severity::High);
const TWO: (&str, Severity) = ("agent/two", Severity::High);

/// One thing that may be cut short.
struct Scene {
    name: &'static str,
    /// What held before.
    before: Wanted,
    /// What the team did since.
    team: &'static str,
    /// What somebody asked for.
    command: Option<Command>,
    /// What holds now.
    after: Wanted,
}

fn scenes() -> Vec<Scene> {
    let scene = |name, before, team, after| Scene { name, before, team, command: None, after };
    let both = || drifting(&[ONE, TWO]);
    let ended = |state: &'static str| match state {
        "done" => "UPDATE team SET state = 'done', ended = '2026-11-23 11:00:00' WHERE kind = 'abide/agent/load'",
        _ => "UPDATE team SET state = 'broken', ended = '2026-11-23 11:00:00' WHERE kind = 'abide/agent/load'",
    };
    let held = || Wanted { held: vec![ONE.0], ..drifting(&[ONE, TWO]) };
    let release = Command::Release(HoldId::of("open", &remediation(ONE.0).fingerprint));
    let refusal = crate::model::WontFix { until: now(), by: "po".into(), reason: "known".into() };
    let refuse = Command::WontFix { fingerprint: remediation(ONE.0).fingerprint, refusal };
    let worker = crate::model::Worker { name: "dev-9".into(), roles: ["qa".into()].into(), ..Default::default() };
    let (duties, length) = (Arc::default(), Duration::from_mins(30));
    let claim = crate::store::Claim { worker, duties, gates: Default::default(), task: None, most: 1, length };
    let give_back = Command::GiveBack { task: "2".into(), token: None, reason: None };
    vec![
        Scene { command: Some(Command::Claim(Box::new(claim))), ..scene("claim", both(), "", both()) },
        Scene { command: Some(give_back), ..scene("give back", both(), "", both()) },
        Scene { command: Some(cast()), ..scene("say yes", both(), "", both()) },
        Scene { command: Some(weigh()), ..scene("weigh", both(), "", both()) },
        scene("open", drifting(&[]), "", both()),
        scene("update", both(), "", drifting(&[(ONE.0, Severity::Critical), (TWO.0, Severity::Low)])),
        scene("close", both(), "", drifting(&[TWO])),
        scene("close a claim", both(), ended("done"), drifting(&[])),
        scene("reopen a claim", both(), ended("done"), both()),
        scene("reopen what failed", both(), ended("failed"), both()),
        scene("open what is gone", both(), "DELETE FROM team WHERE kind LIKE 'abide/%'", both()),
        scene("all at once", both(), ended("failed"), drifting(&[TWO, ("agent/three", Severity::Low)])),
        scene("assign", both(), "", Wanted { assigned: Some(("1", "dev")), ..both() }),
        Scene { command: Some(release), ..scene("release", held(), "", held()) },
        Scene { command: Some(refuse), ..scene("refuse", both(), "", both()) },
        Scene {
            command: Some(Command::Complete { task: "2".into(), token: None, result: None }),
            ..scene("complete", both(), "", both())
        },
        Scene {
            command: Some(Command::Fail { task: "2".into(), token: None, reason: Some("no".into()), last: true }),
            ..scene("fail", both(), "", both())
        },
    ]
}

/// Ada is asked about every fix.
fn gates() -> Gates {
    let text = "apiVersion: abide.dev/v1\nkind: Role\nmetadata: {name: architect}\nspec: {mayApprove: true}\n---\n\
                apiVersion: abide.dev/v1\nkind: Agent\nmetadata: {name: ada}\nspec: {human: true, roles: [architect]}\n---\n\
                apiVersion: abide.dev/v1\nkind: ApprovalPolicy\nmetadata: {name: fixes}\n\
                spec: {select: {types: [fix]}, require: {role: architect}}\n";
    let tree = crate::catalog::SourceTree::of_texts([("specs/a.yaml", text)]);
    let (catalog, said) = crate::catalog::load(&tree, &crate::catalog::Catalog::empty(), now());
    assert_eq!(said, []);
    Gates::of(catalog.specs, "c0ffee")
}

fn cast() -> Command {
    Command::Cast(Box::new(Cast {
        gates: gates(),
        task: "1".into(),
        policy: None,
        said: Said::Vote(Vote::Approved),
        by: "ada".into(),
        proof: Proof::Key,
        seen: None,
        nonce: "once".into(),
        expires: None,
        reason: None,
    }))
}

fn weigh() -> Command {
    Command::Weigh(Weighing {
        gates: gates(),
        tasks: None,
        ended_since: now(),
        spent: Some(Spent(["slo/x".into()].into())),
        fence: None,
    })
}

/// The files as they are before what may be cut short.
fn prepared(scene: &Scene, is_apart: bool) -> tempfile::TempDir {
    let folder = prepare(ROWS, &scene.before, is_apart);
    Connection::open(folder.path().join("team.db")).unwrap().execute_batch(scene.team).unwrap();
    folder
}

/// Does what may be cut short, then restarts and passes until nothing changes.
fn live(scene: &Scene, folder: &Path, is_apart: bool, cut: usize) -> (usize, Vec<String>) {
    let mut site = Site::new(folder, is_apart);
    let epoch = site.lead("us", now()).unwrap();
    let count = site.cut(cut);
    if let Some(command) = &scene.command {
        drop(site.apply(command));
    }
    drop(site.pass(&scene.after, epoch));
    let count = count.load(Ordering::SeqCst);
    drop(site);

    let mut site = Site::new(folder, is_apart);
    let epoch = site.lead("them", now().plus(Duration::from_mins(5))).unwrap();
    if let Some(command) = &scene.command {
        again(&mut site, command);
    }
    let mut after = scene.after.clone();
    let is_assigned = || {
        let sql = "SELECT who = 'dev' FROM team WHERE id = 1";
        Connection::open(folder.join("team.db")).unwrap().query_row(sql, [], |row| row.get::<_, bool>(0)).unwrap()
    };
    if after.assigned.is_some() && is_assigned() {
        after.assigned = None;
    } else if after.assigned.is_some() {
        site.pass(&after, epoch).unwrap();
        after.assigned = None;
    }
    let passes = site.settle(&after, epoch);
    assert!(passes <= 3, "{} cut at {cut}: {passes} passes", scene.name);
    let verified = crate::store::sqlite::audit::verify(&site.conn).unwrap();
    assert_eq!((verified.faults, verified.mismatches), (vec![], vec![]), "{}", scene.name);
    drop(site);
    (count, dump(folder, is_apart))
}

/// Whoever got no answer asks once more. What was released and carried out waits no longer.
fn again(site: &mut Site, command: &Command) {
    match site.apply(command) {
        Ok(_) => {}
        Err(Fault::Store(StoreError::NotFound(_))) if matches!(command, Command::Release(_)) => {}
        Err(Fault::Store(StoreError::Stale(_))) if matches!(command, Command::GiveBack { .. }) => {}
        // It was said, and counts once.
        Err(Fault::Store(StoreError::Unheard(denial))) if denial.reason == Reason::Replayed => {}
        Err(fault) => panic!("{command:?}: {fault:?}"),
    }
}

/// Every place at which the scene can be cut short.
fn everywhere(scene: &Scene) {
    let [together, apart] = [false, true].map(|is_apart| {
        let before = prepared(scene, is_apart);
        let (count, whole) = live(scene, copy(before.path()).path(), is_apart, usize::MAX);
        assert!(count > 5, "{}", scene.name);
        // One transaction is whole by itself: a few places are enough for it.
        for cut in (0..count).step_by(if is_apart { 1 } else { 9 }) {
            let folder = copy(before.path());
            let (_, crashed) = live(scene, folder.path(), is_apart, cut);
            assert_eq!(crashed, whole, "{} cut at {cut} of {count}, apart: {is_apart}", scene.name);
        }
        whole
    });
    assert_eq!(together, apart, "{}: in two files it is as in one", scene.name);
}

#[test]
fn a_crash_between_any_two_statements_leaves_what_no_crash_leaves() {
    std::thread::scope(|threads| {
        for scene in scenes() {
            threads.spawn(move || everywhere(&scene));
        }
    });
}
