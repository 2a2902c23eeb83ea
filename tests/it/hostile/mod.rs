//! Input of every sort that nobody should have to fear: an exact message, the documented code, no panic, no row changed.

mod command_line;
mod config;
mod database;
mod repository;
mod specs;

use crate::support::organisation::{Ended, NOW, Organisation};

/// What the program must do with an organisation that something is wrong with.
struct Expected<'e> {
    /// The code that it ends with.
    code: i32,
    /// What it must say.
    says: &'e [&'e str],
}

/// Runs a command and holds it to what was expected; nothing in the database may have changed.
fn check(org: &Organisation, arguments: &[&str], expected: &Expected<'_>) -> Ended {
    let before = org.dump();
    let ended = org.abide(arguments);
    assert!(!ended.err.contains("panicked"), "{arguments:?}: {}", ended.err);
    assert_eq!(ended.code, expected.code, "{arguments:?} should end otherwise: {ended:#?}");
    let said = format!("{}{}", ended.err, ended.out);
    for words in expected.says {
        assert!(said.contains(words), "{arguments:?} should say `{words}`, and says:\n{said}");
    }
    let after = org.dump();
    assert!(before.is_empty() || own_tables_apart(&before) == own_tables_apart(&after), "{arguments:?} changed a row");
    ended
}

/// A command that may write creates Abide's own tables; empty, they are no change to anybody's row.
fn own_tables_apart(dump: &str) -> Vec<&str> {
    let mut own = false;
    let keep = |line: &&str| {
        if !line.starts_with('[') {
            own = line.starts_with("abide_") || line.starts_with("refinery_") || line.starts_with("sqlite_");
        }
        !own
    };
    dump.lines().filter(keep).collect()
}

/// Plans and reconciles, and expects the same of both.
fn check_both(org: &Organisation, expected: &Expected<'_>) {
    check(org, &["plan", "--at", NOW], expected);
    check(org, &["reconcile", "--at", NOW], expected);
}

#[test]
fn without_any_fault_everything_is_fine() {
    let org = Organisation::new();
    let plan = org.abide(&["plan", "--at", NOW, "-o", "json"]);
    assert_eq!((plan.code, plan.json()["drifts"].as_array().map(Vec::len)), (0, Some(1)), "{plan:?}");
    assert_eq!(org.abide(&["reconcile", "--at", NOW]).code, 0);
    let again = org.abide(&["reconcile", "--at", NOW, "-o", "json"]);
    assert_eq!((again.code, again.json()["steps"].as_array().map(Vec::len)), (0, Some(0)), "{again:?}");
}
