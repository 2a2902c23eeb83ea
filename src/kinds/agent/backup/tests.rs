use super::*;
use crate::catalog::{Catalog, SourceTree, load};
use crate::kinds::common::Link;

const NOW: Timestamp = Timestamp::from_secs(1_772_000_000);
const MINUTE: Duration = Duration::from_mins(1);

/// What is said of these backups of `a`, when agents last reported so many minutes ago.
fn said(backup: &[&str], minutes: &[(&str, u64)]) -> String {
    let text = "apiVersion: abide.dev/v1\nkind: Agent\nmetadata: {name: patient}\nspec: {heartbeat: {deadAfter: 1h}}\n";
    let (catalog, _) = load(&SourceTree::of_texts([("specs/a.yaml", text)]), &Catalog::empty(), NOW);
    let link = |name: &&str| Link::at((*name).into(), crate::diagnostic::Span::default());
    let agent = Agent { backup: backup.iter().map(link).collect(), ..Agent::default() };
    let beat = |(name, ago): &(&str, u64)| {
        (Arc::from(*name), Heartbeat { seen: NOW.minus(Duration::from_mins(*ago)), role: None })
    };
    let beats = minutes.iter().map(beat).collect();
    Backups::of((&Name::slug("a"), &agent), MINUTE, &beats, (&catalog.specs, NOW)).says()
}

#[test]
fn only_backups_that_report_are_proposed() {
    assert_eq!(said(&[], &[]), "");
    assert_eq!(said(&["b", "agent/c"], &[("b", 0), ("c", 1)]), ", or give its work to agent/b or agent/c");
    let silent = ", or give its work to agent/b; agent/c is no help, it has been silent for 2m itself";
    assert_eq!(said(&["c", "b", "d"], &[("b", 1), ("c", 2)]), silent);
}

#[test]
fn where_no_backup_reports_nothing_is_promised() {
    assert_eq!(said(&["b"], &[]), ", or give its work to agent/b, of whom nobody knows: no report yet");
    assert_eq!(said(&["b"], &[("b", 5)]), "; agent/b is no help, it has been silent for 5m itself");
    assert_eq!(said(&["a"], &[("a", 0)]), "", "an agent is no backup of its own");
}

#[test]
fn a_backup_is_held_to_its_own_time() {
    assert_eq!(said(&["patient"], &[("patient", 30)]), ", or give its work to agent/patient");
}
