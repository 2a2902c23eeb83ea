//! Statements that try to read what they may not, or to do more than to read.

use super::*;

/// The whole database, to see that nothing was written.
fn bytes(world: &World) -> Vec<u8> {
    std::fs::read(world.folder.path().join("team.db")).unwrap()
}

#[test]
fn a_table_that_is_not_listed_cannot_be_read_by_any_way_round() {
    let world = World::new();
    for statement in [
        "SELECT word FROM secrets WHERE :from < :to",
        "SELECT count(*) FROM secrets WHERE :from < :to",
        "SELECT count(*) FROM Secrets AS jobs WHERE :from < :to",
        "SELECT count(*) FROM \"main\".\"secrets\" WHERE :from < :to",
        "SELECT count(*) FROM [secrets] WHERE :from < :to",
        "SELECT 1 FROM secrets INDEXED BY secrets_by_word WHERE word = 'hunter2' AND :from < :to",
        "SELECT count(*) FROM (SELECT 1 FROM secrets) WHERE :from < :to",
        "WITH jobs AS (SELECT * FROM secrets) SELECT count(*) FROM jobs WHERE :from < :to",
        "WITH c AS (SELECT 1 FROM secrets) SELECT count(*) FROM c WHERE :from < :to",
        "SELECT (SELECT ms FROM secrets) FROM jobs WHERE :from < :to",
        "SELECT EXISTS (SELECT 1 FROM secrets) FROM jobs WHERE :from < :to",
        "SELECT count(*) FROM jobs WHERE 1 IN (SELECT rowid FROM secrets) AND :from < :to",
        "SELECT count(*) FROM jobs LEFT JOIN secrets ON 1 WHERE :from < :to",
        "SELECT ms FROM jobs UNION ALL SELECT ms FROM secrets WHERE :from < :to",
        "SELECT ms FROM jobs WHERE :from < :to ORDER BY (SELECT word FROM secrets)",
        "SELECT sum(ms) OVER (ORDER BY (SELECT word FROM secrets)) FROM jobs WHERE :from < :to",
    ] {
        let allow = "to allow it, write `tables = [\"jobs\", \"open_view\", \"";
        match world.fault(statement) {
            Fault::Denied { what, fix } => {
                assert!(what.to_lowercase().contains("reads `secrets`, which abide.toml does not allow"), "{what}");
                assert!(fix.starts_with(allow) && fix.ends_with("\"]` below `[sources.reports]`"), "{fix}");
            }
            other => panic!("{statement}: {other:?}"),
        }
    }
}

/// The authorizer is not told of these: it sees no column of theirs read.
#[test]
fn a_table_that_is_joined_by_its_columns_alone_is_seen_in_the_program() {
    let world = World::new();
    for statement in [
        "SELECT count(*) FROM jobs JOIN secrets USING (id) WHERE :from < :to",
        "SELECT count(*) FROM jobs NATURAL JOIN secrets WHERE :from < :to",
        "SELECT count(*) FROM jobs LEFT JOIN secrets USING (at) WHERE :from < :to",
        "SELECT count(*) FROM open_view JOIN secrets USING (id, at) WHERE :from < :to",
    ] {
        let message = "the statement reads `secrets`, which abide.toml does not allow; to allow it, write `tables = [\"jobs\", \"open_view\", \"secrets\"]` below `[sources.reports]`";
        assert_eq!(world.fault(statement).to_string(), message, "{statement}");
    }
    let own = world.fault("SELECT count(*) FROM jobs NATURAL JOIN sqlite_schema WHERE :from < :to");
    assert!(matches!(own, Fault::Denied { .. }), "{own:?}");
}

#[test]
fn a_view_is_read_where_it_and_all_that_it_reads_are_listed() {
    let mut world = World::new();
    let (read, count) = ("SELECT ms FROM leak WHERE :from < :to", "SELECT count(*) FROM leak WHERE :from < :to");
    let joined = "SELECT count(*) FROM jobs JOIN leak USING (id) WHERE :from < :to";
    for tables in [&["jobs", "leak"][..], &["jobs", "secrets"]] {
        world.source.tables = tables.iter().map(|table| (*table).to_owned()).collect();
        for statement in [read, count] {
            assert!(matches!(world.fault(statement), Fault::Denied { .. }), "{tables:?} {statement}");
        }
    }
    world.source.tables = vec!["jobs".into(), "leak".into()];
    assert!(matches!(world.fault(joined), Fault::Denied { .. }));
    world.source.tables = vec!["LEAK".into(), "Secrets".into()];
    assert_eq!((world.ask(read), world.ask(count)), (number(7.0), number(1.0)));
}

#[test]
fn tables_of_sqlites_own_are_never_read() {
    let mut world = World::new();
    world.write("ANALYZE");
    let own = [
        "sqlite_master",
        "sqlite_schema",
        "main.sqlite_master",
        "sqlite_temp_master",
        "temp.sqlite_schema",
        "sqlite_stat1",
    ];
    world.source.tables.extend(own.map(str::to_owned));
    for table in own {
        for select in ["count(*)", "1", "rowid"] {
            let fault = world.fault(&format!("SELECT {select} FROM {table} WHERE :from < :to"));
            let told = fault.to_string();
            assert!(told.contains("which is SQLite's own; nothing in abide.toml allows that"), "{table}: {told}");
        }
    }
}

#[test]
fn virtual_tables_are_never_read() {
    let mut world = World::new();
    let modules = ["texts", "json_each", "dbstat", "pragma_table_info", "fts5vocab", "sqlite_dbpage", "bytecode"];
    world.source.tables.extend(modules.map(str::to_owned));
    for statement in [
        "SELECT count(*) FROM texts WHERE :from < :to",
        "SELECT rowid FROM texts WHERE body MATCH 'x' AND :from < :to",
        "SELECT count(*) FROM jobs JOIN texts ON texts.rowid = id WHERE :from < :to",
        "SELECT value FROM json_each('[1]') WHERE :from < :to",
        "SELECT count(*) FROM json_each('[1]') WHERE :from < :to",
        "SELECT count(*) FROM jobs NATURAL JOIN json_each('[1]') WHERE :from < :to",
        "SELECT pageno FROM dbstat WHERE :from < :to",
        "SELECT count(*) FROM dbstat WHERE :from < :to",
        "SELECT count(*) FROM pragma_table_info('secrets') WHERE :from < :to",
        "SELECT name FROM pragma_table_info('secrets') WHERE :from < :to",
    ] {
        let fault = world.fault(statement);
        assert!(matches!(fault, Fault::Denied { .. }), "{statement}: {fault:?}");
    }
    let fault = world.fault("SELECT value FROM json_each('[1]') WHERE :from < :to").to_string();
    assert!(fault.starts_with("the statement reads a virtual table, or a function that gives a table; "), "{fault}");
}

#[test]
fn only_known_functions_are_called() {
    let world = World::new();
    for call in [
        "load_extension('x')",
        "LOAD_EXTENSION('x', 'y')",
        "randomblob(9)",
        "zeroblob(9)",
        "random()",
        "fts3_tokenizer('simple')",
        "sqlite_version()",
        "sqlite_compileoption_get(1)",
        "last_insert_rowid()",
        "changes()",
        "CURRENT_TIMESTAMP",
        "fts5(1)",
        "soundex('x')",
    ] {
        let fault = world.fault(&format!("SELECT {call} FROM jobs WHERE {WHEN}"));
        assert!(matches!(&fault, Fault::Denied { what, .. } if what.contains("calls `")), "{call}: {fault:?}");
    }
    // Of the shell only.
    for call in ["readfile('/etc/passwd')", "writefile('x', 'y')", "edit('x')"] {
        let fault = world.fault(&format!("SELECT {call} FROM jobs WHERE {WHEN}"));
        assert!(matches!(&fault, Fault::Statement(what) if what.contains("no such function")), "{call}: {fault:?}");
    }
}

#[test]
fn whatever_does_more_than_to_read_is_refused_and_nothing_is_written() {
    let world = World::new();
    let before = bytes(&world);
    for statement in [
        "INSERT INTO jobs (id, at) VALUES (:from, :to)",
        "INSERT INTO jobs (at, ms) VALUES (:from, :to) RETURNING at, ms",
        "WITH c AS (SELECT :from, :to) INSERT INTO jobs (at, ms) SELECT * FROM c RETURNING at, ms",
        "REPLACE INTO jobs (id, at) VALUES (:from, :to)",
        "UPDATE jobs SET at = :from WHERE at = :to",
        "UPDATE jobs SET at = :from WHERE at = :to RETURNING at, ms",
        "DELETE FROM jobs WHERE at > :from AND at <= :to",
        "CREATE TABLE more AS SELECT :from, :to",
        "CREATE TEMP TABLE more AS SELECT 1, 2",
        "CREATE TEMP VIEW more AS SELECT 1",
        "CREATE VIRTUAL TABLE more USING fts5(x)",
        "DROP TABLE jobs",
        "ALTER TABLE jobs RENAME TO work",
        "CREATE INDEX more ON jobs (at)",
        "CREATE TRIGGER more AFTER INSERT ON jobs BEGIN DELETE FROM jobs; END",
        "ATTACH 'other.db' AS other",
        "ATTACH :from AS other",
        "ATTACH ':memory:' AS other",
        "DETACH main",
        "PRAGMA query_only = OFF",
        "PRAGMA trusted_schema = ON",
        "PRAGMA table_info(secrets)",
        "PRAGMA wal_checkpoint",
        "PRAGMA journal_mode = WAL",
        "BEGIN",
        "COMMIT",
        "ROLLBACK",
        "SAVEPOINT s",
        "RELEASE s",
        "VACUUM",
        "VACUUM INTO 'other.db'",
        "VACUUM INTO :from",
        "REINDEX",
        "ANALYZE",
        "EXPLAIN DELETE FROM jobs WHERE at = :from",
    ] {
        let fault = world.fault(statement);
        assert!(matches!(fault, Fault::Denied { .. }), "{statement}: {fault:?}");
    }
    assert_eq!(bytes(&world), before);
    let names: Vec<_> = world.folder.path().read_dir().unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(names, ["team.db"]);
}

#[test]
fn it_is_one_statement_and_no_more() {
    let world = World::new();
    let before = bytes(&world);
    let one = format!("SELECT count(*) FROM jobs WHERE {WHEN}");
    for (more, denied) in
        [("SELECT 1", false), ("DELETE FROM jobs", true), ("COMMIT", true), ("PRAGMA user_version = 5", true)]
    {
        for text in [format!("{one}; {more}"), format!("{one};;/* x */;{more}"), format!("{more};{one}")] {
            let fault = world.fault(&text);
            assert_eq!(matches!(fault, Fault::Denied { .. }), denied, "{text}: {fault:?}");
        }
    }
    let message = "the statement cannot be asked: it is more than one; write one SELECT and nothing behind it";
    assert_eq!(world.fault(&format!("{one}; {one}")).to_string(), message);
    assert_eq!(bytes(&world), before);
}

#[test]
fn the_connection_cannot_write_even_without_a_guard() {
    let world = World::new();
    let path = world.folder.path().join("team.db");
    let Snapshot { conn, .. } =
        connect::open(&path, Duration::from_secs(9), Instant::now() + Duration::from_secs(60).to_std()).unwrap();
    for statement in ["DELETE FROM jobs", "CREATE TABLE more (x)", "PRAGMA query_only = OFF; DELETE FROM jobs"] {
        let error = conn.execute_batch(statement).unwrap_err().to_string();
        assert!(error.contains("attempt to write a readonly database"), "{statement}: {error}");
    }
    assert!(conn.execute_batch("COMMIT; ATTACH ':memory:' AS other").is_err());
}
