//! A month in which nearly everything went as the specs ask for.

use super::row::{DAY, HOUR, MINUTE, Row, World};

/// How many tasks the month saw.
const TASKS: usize = 3000;

/// How tasks of one type usually go.
struct Usual {
    kind: &'static str,
    role: &'static str,
    agents: &'static [&'static str],
    /// How many of 100 tasks are of this type.
    share: usize,
    /// The median time to finish, in seconds.
    takes: i64,
    /// How many of 1000 end well.
    well: i64,
}

const DEVELOPERS: &[&str] = &["dev-1", "dev-2", "dev-3"];
const TESTERS: &[&str] = &["qa-1", "qa-2"];

#[rustfmt::skip]
const USUAL: [Usual; 10] = [
    Usual { kind: "fix_bug", role: "developer", agents: DEVELOPERS, share: 22, takes: 45 * MINUTE, well: 985 },
    Usual { kind: "triage_error", role: "triage", agents: &["triage-1"], share: 22, takes: 4 * MINUTE, well: 998 },
    Usual { kind: "implement_feature", role: "developer", agents: DEVELOPERS, share: 12, takes: 150 * MINUTE, well: 985 },
    Usual { kind: "code_review", role: "architect", agents: &["architect-1"], share: 11, takes: 40 * MINUTE, well: 995 },
    // Below its objective: planted.
    Usual { kind: "write_test", role: "qa", agents: TESTERS, share: 11, takes: 35 * MINUTE, well: 800 },
    Usual { kind: "security_scan", role: "security", agents: &["security-1"], share: 7, takes: 25 * MINUTE, well: 990 },
    Usual { kind: "health_check", role: "monitor", agents: &["monitor-1"], share: 7, takes: MINUTE, well: 999 },
    Usual { kind: "design_review", role: "architect", agents: &["architect-1"], share: 5, takes: HOUR, well: 995 },
    Usual { kind: "deploy", role: "developer", agents: DEVELOPERS, share: 2, takes: 15 * MINUTE, well: 990 },
    Usual { kind: "schema_change", role: "developer", agents: DEVELOPERS, share: 1, takes: 30 * MINUTE, well: 990 },
];

const AREAS: [&str; 4] = ["scoring", "outreach", "enrich", "proposals"];

const ERRORS: [&str; 4] = [
    "ETIMEDOUT after 30000 ms",
    "TypeError: undefined is not a function",
    "429 Too Many Requests",
    "SQLITE_BUSY: database is locked",
];

/// Lives through the month and leaves the open queue that a healthy day has.
pub(super) fn live_through(world: &mut World) {
    let deck: Vec<&Usual> = USUAL.iter().flat_map(|usual| std::iter::repeat_n(usual, usual.share)).collect();
    for _ in 0..TASKS {
        if let Some(usual) = world.random.one_of(&deck) {
            let row = finished(world, usual);
            world.add(row);
        }
    }
    for (kind, role) in [("fix_bug", "developer"), ("code_review", "architect"), ("security_scan", "security")] {
        world.add(Row::pending(kind, role, 2 * MINUTE));
    }
    world.add(Row::pending("fix_bug", "developer", 20 * MINUTE).running("dev-1", 15 * MINUTE));
}

fn finished(world: &mut World, usual: &Usual) -> Row {
    let random = &mut world.random;
    let created = random.between(5 * HOUR, 34 * DAY);
    let started = created - random.between(5, 5 * MINUTE);
    let finished = started - usual.takes * random.between(300, 1600) / 1000;
    // What is about to leave the window has left it: figures stay the same for a while, however long the demo takes.
    let gone = if (30 * DAY - HOUR..=30 * DAY).contains(&finished) { HOUR } else { 0 };
    let [created, started, finished] = [created, started, finished].map(|ago| ago + gone);
    // What usually goes well went well lately: a few failures among few tasks would look like a budget that burns.
    let well = random.happens(usual.well) || (usual.well > 900 && created < 12 * HOUR);
    let agent = random.one_of(usual.agents).unwrap_or("dev-1");
    let (po, architect) = match usual.kind {
        "schema_change" => (Some("approved"), Some("approved")),
        "deploy" => (None, Some("approved")),
        _ => (None, None),
    };
    let (area, error) = (random.one_of(&AREAS), random.one_of(&ERRORS).filter(|_| !well));
    let priority = random.between(3, 8);
    let row = Row::pending(usual.kind, usual.role, created).running(agent, started).ended(agent, finished, well);
    Row { priority, area: area.unwrap_or("scoring"), error, po, architect, ..row }
}
