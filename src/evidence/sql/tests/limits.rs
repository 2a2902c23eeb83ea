//! Statements that ask for too much.

use super::*;

const SERIES: &str = "VALUES (1),(2),(3),(4),(5),(6),(7),(8),(9),(10)";

#[test]
fn a_join_that_runs_for_ever_is_ended() {
    let mut world = World::new();
    world.source.timeout = Duration::from_millis(50);
    let from = vec![format!("({SERIES})"); 20].join(",");
    for statement in [
        format!("SELECT count(*) FROM {from} WHERE :from < :to"),
        format!("SELECT DISTINCT :to, 1 FROM {from} WHERE :from < :to"),
        format!("SELECT :from, :to FROM {from} GROUP BY 1 HAVING count(*) < 0"),
    ] {
        assert_eq!(world.fault(&statement), Fault::TimedOut(Duration::from_millis(50)), "{statement}");
    }
}

#[test]
fn a_statement_that_calls_itself_is_refused() {
    let world = World::new();
    let statement =
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c WHERE :from < :to";
    for statement in [statement.to_owned(), statement.replace("RECURSIVE ", "")] {
        let message = "the statement is recursive; nothing in abide.toml allows that; write it without RECURSIVE";
        assert_eq!(world.fault(&statement).to_string(), message);
    }
}

#[test]
fn a_database_that_stays_locked_is_out_of_reach() {
    let mut world = World::new();
    world.source.timeout = Duration::from_millis(50);
    let writer = world.connect();
    writer.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let fault = world.fault("SELECT :from, :to");
    assert!(
        fault.to_string().starts_with("the database sqlite:team.db is out of reach: somebody else kept it locked"),
        "{fault}"
    );
}

#[test]
fn more_rows_than_allowed_are_not_taken() {
    let mut world = World::new();
    world.source.rows = 5;
    assert!(world.ask("SELECT at, ms FROM jobs WHERE :from < :to").is_ok());
    world.source.rows = 4;
    let message = "the statement asks too much: it gives more than 4 rows; sum them up by the hour, or set a higher `rows` in abide.toml";
    assert_eq!(world.fault("SELECT at, ms FROM jobs WHERE :from < :to").to_string(), message);
}

#[test]
fn a_value_that_is_too_long_is_not_made() {
    let world = World::new();
    for select in [
        "length(printf('%2000000d', 1))",
        "length(replace(hex(hex(hex(printf('%20000d', 1)))), '3', '333'))",
        "length(group_concat(printf('%90000d', 1)))",
    ] {
        let fault = world.fault(&format!("SELECT {select} FROM jobs WHERE :from < :to"));
        assert_eq!(fault, Fault::TooMuch("it makes a value of more than 100000 bytes".into()), "{select}");
    }
}

#[test]
fn a_long_text_in_a_table_does_no_harm_where_it_is_not_read() {
    let world = World::new();
    world.write("UPDATE jobs SET context = printf('%300000d', 1)");
    assert_eq!(world.ask(&format!("SELECT sum(ms) FROM jobs WHERE {WHEN}")), number(50.0));
    let fault = world.fault(&format!("SELECT sum(context LIKE '%1') FROM jobs WHERE {WHEN}"));
    assert!(matches!(fault, Fault::TooMuch(_)), "{fault:?}");
}

#[test]
fn a_schema_longer_than_any_statement_is_read() {
    let world = World::new();
    let columns: Vec<String> = (0..1500).map(|n| format!("column_{n}")).collect();
    world.write(&format!("CREATE TABLE wide ({})", columns.join(", ")));
    assert_eq!(world.ask(&format!("SELECT count(*) FROM jobs WHERE {WHEN}")), number(2.0));
}

#[test]
fn a_statement_that_is_too_large_is_not_compiled() {
    let world = World::new();
    let long = format!("SELECT :from, :to{}", " ".repeat(10_000));
    assert_eq!(world.fault(&long), Fault::TooMuch("it has more than 10000 bytes".into()));
    let nested = |before: &str, times: usize, after: &str| {
        format!("SELECT {}1{} WHERE :from < :to", before.repeat(times), after.repeat(times))
    };
    let ok = nested("(", 20, ")");
    assert_eq!(world.ask(&ok), number(1.0), "{ok}");
    for deep in [
        nested("(", 4000, ")"),
        nested("1+", 4000, ""),
        nested("- ", 4000, ""),
        nested("NOT ", 2000, ""),
        nested("* FROM (SELECT ", 200, ")"),
        nested("(SELECT ", 600, ")"),
        nested("CASE WHEN 1 THEN ", 300, " END"),
        nested("1 UNION SELECT ", 500, ""),
        format!("SELECT 1 FROM jobs{} WHERE :from < :to", ",jobs".repeat(1000)),
        format!("SELECT 1 FROM {}jobs{} WHERE :from < :to", "(".repeat(4000), ")".repeat(4000)),
    ] {
        let told = world.fault(&deep).to_string();
        let limits =
            ["maximum depth", "too many", "too large", "at most 64 tables", "stack overflow", "Recursion limit"];
        assert!(limits.iter().any(|limit| told.contains(limit)), "{}: {told}", &deep[..40]);
    }
}

/// Each names the one before twice, and SQLite copies it into each place: as many copies as 2 to the power of their number.
/// Before 3.54 it looked at neither time nor limits while it did so.
#[test]
fn expressions_that_double_each_other_are_not_compiled() {
    let world = World::new();
    let doubled = |form: &str, times: usize| -> String {
        let more: String = (1..=times)
            .map(|n| form.replace("NEXT", &format!("a{n}")).replace("BEFORE", &format!("a{}", n - 1)))
            .collect();
        format!("WITH a0 AS (SELECT 1 x){more} SELECT count(*) FROM a{times} WHERE :from < :to")
    };
    for form in [
        ", NEXT AS (SELECT l.x FROM BEFORE l, BEFORE r)",
        ", NEXT(x) AS NOT MATERIALIZED (SELECT l.x FROM BEFORE l JOIN BEFORE r)",
        ", NEXT AS MATERIALIZED (SELECT x FROM BEFORE WHERE x IN BEFORE)",
        ", NEXT AS (SELECT x FROM BEFORE UNION ALL SELECT x FROM BEFORE)",
        ", NEXT AS (SELECT (SELECT x FROM BEFORE) + (SELECT x FROM BEFORE) x)",
    ] {
        let fault = world.fault(&doubled(form, 18));
        assert!(matches!(&fault, Fault::Statement(what) if what.contains("nested too deep")), "{form}: {fault:?}");
    }
    assert_eq!(world.ask(&doubled(", NEXT AS (SELECT x FROM BEFORE)", 30)), number(1.0));
    assert_eq!(world.ask(&doubled(", NEXT AS (SELECT l.x FROM BEFORE l, BEFORE r)", 4)), number(1.0));
}
