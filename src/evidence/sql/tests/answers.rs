//! What is answered to honest statements.

use super::*;

#[test]
fn one_column_is_a_number() {
    let world = World::new();
    assert_eq!(world.ask(&format!("SELECT sum(ms) FROM jobs WHERE {WHEN}")), number(50.0));
    assert_eq!(world.ask(&format!("SELECT count(*) FROM JOBS WHERE {WHEN}")), number(2.0));
    assert_eq!(world.ask(&format!("SELECT ' 1.5 ' FROM jobs WHERE {WHEN} LIMIT 1")), number(1.5));
    let none = Ok(Table::Number(None));
    assert_eq!(world.ask(&format!("SELECT sum(ms) FROM jobs WHERE ms > 99 AND {WHEN}")), none);
    assert_eq!(world.ask(&format!("SELECT ms FROM jobs WHERE ms > 99 AND {WHEN}")), none);
}

#[test]
fn two_columns_are_rows_in_order_of_time() {
    let world = World::new();
    let both = rows(&[("2026-03-02T10:00:01Z", 20.0), ("2026-03-02T11:00:00Z", 30.0)]);
    assert_eq!(world.ask(&format!("SELECT at, ms FROM jobs WHERE {WHEN} ORDER BY at DESC -- the newest first")), both);
    assert_eq!(world.ask(&format!("SELECT at, ms FROM open_view WHERE {WHEN};\n /* and no more */ ")), both);
}

#[test]
fn what_lies_outside_the_times_and_what_is_null_is_left_out() {
    let world = World::new();
    let all = "SELECT at, CASE id WHEN 2 THEN NULL ELSE ms END FROM jobs WHERE :from < :to";
    assert_eq!(world.ask(all), rows(&[("2026-03-02T11:00:00Z", 30.0)]));
}

#[test]
fn times_are_bound_and_read_in_the_format_of_the_column() {
    let world = World::new();
    let hour = "2026-03-02T10:30:00Z";
    let millis = at(hour).as_millis();
    for (format, value) in [
        (TimeFormat::Text, "'2026-03-02 10:30:00'".to_owned()),
        (TimeFormat::Iso8601, "'2026-03-02T10:30:00Z'".to_owned()),
        (TimeFormat::Unix, (millis / 1000).to_string()),
        (TimeFormat::UnixMs, millis.to_string()),
    ] {
        let statement = format!("SELECT {value}, 1 WHERE {value} > :from AND {value} <= :to");
        assert_eq!(world.ask_as(&statement, format), rows(&[(hour, 1.0)]), "{}", format.word());
    }
    let moved = "SELECT '2026-03-02T12:30:00+02:00' AS t, 1 WHERE datetime(t) > datetime(:from) AND :to <> ''";
    assert_eq!(world.ask_as(moved, TimeFormat::Iso8601), rows(&[(hour, 1.0)]));
}

#[test]
fn usual_sql_is_understood() {
    let world = World::new();
    for (statement, value) in [
        ("SELECT avg(coalesce(context ->> '$.ok', 0)) FROM jobs WHERE at > :from AND at <= :to", 0.0),
        ("SELECT sum(json_extract(context, '$.ok')) FROM jobs WHERE at >= :from AND at <= :to", 1.0),
        ("WITH c AS (SELECT * FROM jobs WHERE at > :from AND at <= :to) SELECT count(*) FROM c", 2.0),
        ("WITH secrets AS (SELECT :from, :to FROM jobs) SELECT count(*) FROM secrets", 5.0),
        ("SELECT count(*) FROM (SELECT 1 FROM jobs WHERE at > :from AND at <= :to)", 2.0),
        ("SELECT count(*) FROM jobs a JOIN open_view b USING (id) WHERE :from < :to", 5.0),
        ("SELECT max(n) FROM (SELECT row_number() OVER (ORDER BY ms) n, :from, :to FROM jobs)", 5.0),
        ("SELECT round(julianday(:to) - julianday(:from), 3)", 0.042),
        ("SELECT count(*) FILTER (WHERE context LIKE '%ok%') FROM jobs WHERE at BETWEEN :from AND :to", 2.0),
        ("SELECT count(*) FROM jobs WHERE at IN (SELECT at FROM jobs WHERE at > :from UNION SELECT :to)", 3.0),
    ] {
        assert_eq!(world.ask(statement), number(value), "{statement}");
    }
}

#[test]
fn an_answer_of_another_form_says_so() {
    let world = World::new();
    for (select, message) in [
        ("at, ms, id", "the statement gives 3 columns; give one, a number, or two, a time and a number"),
        ("ms", "there are several rows of one column; give one row, or two columns, a time and a number"),
        ("at, context", "row 1 has the text `{\"ok\": 0}` where a number is expected"),
        ("at, x'00'", "row 1 has a blob where a number is expected"),
        ("at, 9e999", "row 1 has a number that is not finite, as from a division or a sum that is too large"),
        ("at, 'inf'", "row 1 has a number that is not finite, as from a division or a sum that is too large"),
        ("ms, ms", "row 1 has `20` where a time in the format `text` is expected: a text `YYYY-MM-DD HH:MM:SS` in UTC"),
    ] {
        let fault = world.fault(&format!("SELECT {select} FROM jobs WHERE {WHEN}"));
        assert_eq!(fault, Fault::Malformed(message.into()), "{select}");
    }
    assert!(matches!(world.fault(&format!("SELECT 'x' FROM jobs WHERE {WHEN} LIMIT 1")), Fault::Malformed(_)));
}

#[test]
fn a_statement_that_is_wrong_says_where() {
    let world = World::new();
    let advice = "so it would tell of all times; write `WHERE at > :from AND at <= :to`, with the column of the time in place of `at`";
    for (statement, message) in [
        ("SELECT sum(ms) FROM jobs", format!("the statement does not say `:from`, {advice}")),
        ("SELECT sum(ms) FROM jobs WHERE at > :from", format!("the statement does not say `:to`, {advice}")),
        ("SELECT :from, :to, ?", "the parameter `?` has no value; only `:from` and `:to` have one".into()),
        ("SELECT :from, :TO", "the parameter `:TO` has no value; only `:from` and `:to` have one".into()),
        ("SELECT @from, :to", "the parameter `@from` has no value; only `:from` and `:to` have one".into()),
        ("SELECT mss FROM jobs", "no such column: mss, at character 8".into()),
        (
            "SELECT \"mss\" FROM jobs",
            "no such column: \"mss\" - should this be a string literal in single-quotes?, at character 8".into(),
        ),
        ("SELEKT 1", "near \"SELEKT\": syntax error, at character 1".into()),
        ("SELECT 1 FROM job", "no such table: job".into()),
        (" -- nothing", "it is empty; write one SELECT".into()),
        ("SELECT :from, :to\0 FROM secrets", "it has a character of the code 0 in it".into()),
        ("EXPLAIN SELECT :from, :to", "EXPLAIN gives no figures; write the SELECT alone".into()),
    ] {
        assert_eq!(world.fault(statement), Fault::Statement(message), "{statement}");
    }
}

#[test]
fn a_file_that_is_missing_is_not_made() {
    let mut world = World::new();
    world.source.url = Some("sqlite:other.db".into());
    let message = "the database sqlite:other.db is out of reach: there is no such file";
    assert_eq!(world.fault("SELECT :from, :to").to_string(), message);
    assert!(!world.folder.path().join("other.db").exists());
    std::fs::write(world.folder.path().join("other.db"), "no database, but a text of some length".repeat(99)).unwrap();
    let message = "the database sqlite:other.db is out of reach: file is not a database";
    assert_eq!(world.fault("SELECT :from, :to").to_string(), message);
}

#[test]
fn another_database_than_sqlite_is_not_supported_yet() {
    let mut world = World::new();
    world.source.url = Some("postgres://host/hunter2".into());
    let message = "the database postgres:... is out of reach: only SQLite is supported so far; write `sqlite:PATH`";
    assert_eq!(world.fault("SELECT :from, :to").to_string(), message);
}

#[test]
fn without_a_url_the_store_is_asked() {
    let mut world = World::new();
    world.source.url = None;
    let store = format!("sqlite:{}", world.folder.path().join("team.db").display());
    let database = Database::new("sql", &world.source, &store, Path::new("elsewhere"));
    let (from, to) = (at("2026-03-02T10:00:00Z"), at("2026-03-02T11:00:00Z"));
    assert_eq!(database.ask("SELECT count(*) FROM jobs WHERE :from < :to", from, to, TimeFormat::Text), number(5.0));
}

#[test]
fn a_database_that_is_being_written_is_read_as_it_was_committed_last() {
    let world = World::new();
    let count = format!("SELECT count(*) FROM jobs WHERE {WHEN}");
    let writer = world.connect();
    writer.pragma_update(None, "journal_mode", "WAL").unwrap();
    writer.execute_batch("BEGIN IMMEDIATE; INSERT INTO jobs VALUES (9, '2026-03-02 10:59:00', 1, NULL)").unwrap();
    assert_eq!(world.ask(&count), number(2.0));
    writer.execute_batch("COMMIT").unwrap();
    assert_eq!(world.ask(&count), number(3.0));
}
