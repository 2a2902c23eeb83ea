//! `abide attach` finds by itself, in every schema, what a person would have mapped.

use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};

use abide::cli::{Cli, Command, Exit, Io, attach};
use abide::config::Config;
use abide::model::{Action, CloseReason, TaskStatus};
use abide::store::SqliteStore;
use clap::Parser as _;

use crate::build::{known, lead, opened, record, step};
use crate::reading::seen;
use crate::schemas;

/// Keeps what a command writes.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Runs it in a folder, quietly; says how it ended and what it said.
fn run(folder: &Path, more: &[&str]) -> (Exit, String) {
    let (config, database) = (folder.join("abide.toml"), folder.join("tasks.db"));
    let line = ["abide", "-qq", "--config", config.to_str().unwrap(), "attach", database.to_str().unwrap()];
    let cli = Cli::try_parse_from(line.into_iter().chain(["--same-database"]).chain(more.iter().copied())).unwrap();
    let Command::Attach(args) = &cli.command else { panic!("it is what was asked for") };
    let kept = Kept::default();
    let mut io = Io { out: Box::new(kept.clone()), err: Box::new(std::io::sink()), color: false };
    let exit = attach::run(args, &cli.global, &mut io).unwrap_or_else(|error| panic!("{error}"));
    drop(io);
    (exit, String::from_utf8(kept.0.lock().unwrap().clone()).unwrap())
}

/// What a person has to say where no one can tell: what numbers mean.
fn answers(name: &str) -> &'static [&'static str] {
    match name {
        "rails" => &[
            "--means",
            "0=pending",
            "--means",
            "1=running",
            "--means",
            "2=completed",
            "--means",
            "3=failed",
            "--urgent",
            "highest",
        ],
        _ => &[],
    }
}

#[test]
fn attached_schemas_read_as_a_person_would_map_them_and_take_tasks() {
    for schema in &schemas::ALL {
        let (folder, url) = schema.filled();
        let database = folder.path().join("tasks.db");
        let before = std::fs::read(&database).unwrap();
        let (exit, said) = run(folder.path(), answers(schema.name));
        assert_eq!(exit, Exit::Fine, "{}: {said}", schema.name);
        assert!(before == std::fs::read(&database).unwrap(), "{}: the database was changed", schema.name);
        let text = std::fs::read_to_string(folder.path().join("abide.toml")).unwrap();
        let config = Config::parse(&text, &[]).unwrap_or_else(|error| panic!("{}: {error}\n{text}", schema.name));
        assert_eq!(config.store.url, "sqlite:tasks.db", "{}", schema.name);
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let found = seen(schema.name, &url, config.mapping()).await;
            assert_eq!(found, seen(schema.name, &url, schema.mapping()).await, "{}\n{text}", schema.name);
            opens_and_closes(schema.name, &SqliteStore::open(&url, config.mapping()).unwrap()).await;
        });
    }
}

async fn opens_and_closes(name: &str, store: &SqliteStore) {
    let epoch = lead(store).await;
    let open = opened(store, epoch, "dev-1").await;
    assert_eq!(open.live.as_ref().map(|live| live.status), Some(TaskStatus::Pending), "{name}");
    step(store, epoch, Action::Close(CloseReason::Mended), known(&open, "dev-1")).await.unwrap();
    assert_eq!(record(store, "dev-1").await.live.map(|live| live.status), Some(TaskStatus::Completed), "{name}");
}

#[test]
fn what_numbers_mean_is_asked_and_not_guessed() {
    let (folder, _) = schemas::ALL[0].filled();
    let (exit, said) = run(folder.path(), &[]);
    assert_eq!(exit, Exit::Findings);
    assert!(said.contains("? which word of `state` means pending? Abide must be able to write it"), "{said}");
    assert!(said.contains("? what do the words `0`, `1`, `2` of `state` mean?"), "{said}");
    let text = std::fs::read_to_string(folder.path().join("abide.toml")).unwrap();
    assert!(text.contains("# pending = [\"?\"]   # which word is it?"), "{text}");
    assert!(text.contains("# ? = [2]   # what does it mean (1 rows)? Put it into one of the lines above"), "{text}");
    let missing = Config::parse(&text, &[]).unwrap_err().to_string();
    assert!(missing.contains("`tasks.status.pending` is missing"), "{missing}");
}
