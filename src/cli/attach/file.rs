//! Where the mapping goes: a new `abide.toml`, or the one that is there.

use std::fs;
use std::path::{Path, PathBuf};

use super::found::Proposal;
use super::write::{self, Urls};
use super::{CliError, Written};
use crate::cli::Global;

/// The `abide.toml` that is to be written, and what stands in it already.
pub(super) struct Place {
    path: PathBuf,
    /// Its folder.
    pub base: PathBuf,
    before: Option<(String, toml::Table)>,
    urls: Urls,
}

impl Place {
    /// Where the configuration is, seen against the database. `is_same` says that Abide's own tables go into that.
    pub(super) fn new(global: &Global, database: &Path, is_same: bool) -> Result<Self, CliError> {
        let path = global.config.clone();
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
        let base = folder.canonicalize().map_err(|error| CliError::usage(format!("{}: {error}", folder.display())))?;
        let shown = database.strip_prefix(&base).unwrap_or(database);
        let url = format!("sqlite:{}", shown.display());
        let urls = if is_same {
            Urls { store: url, tasks: None }
        } else {
            Urls { store: crate::config::Config::default().store.url, tasks: Some(url) }
        };
        let before = match fs::read_to_string(&path) {
            Ok(text) => {
                let parsed = text.parse().map_err(|error| {
                    CliError::usage(format!("{} cannot be read: {error}", path.display())).hint("mend it first")
                })?;
                Some((text, parsed))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(CliError::usage(format!("{}: {error}", path.display()))),
        };
        Ok(Self { path, base, before, urls })
    }

    /// Whether what is there leaves room.
    pub(super) fn may_write(&self, force: bool) -> Result<(), CliError> {
        let Some((_, parsed)) = self.before.as_ref().filter(|_| !force) else { return Ok(()) };
        let shown = self.path.display();
        if parsed.contains_key("tasks") {
            let error = CliError::usage(format!("{shown} maps a task table already"));
            return Err(error.hint("compare with `--print`, or replace its [tasks] with `--force`"));
        }
        if self.is_other_store(parsed) {
            let error = CliError::usage(format!("{shown} keeps Abide's own tables in another database"));
            let fix = format!("set `[store] url = \"{}\"` there, or have `--force` do it", self.urls.store);
            return Err(error.hint(fix));
        }
        Ok(())
    }

    /// Whether the file names a store of its own, and the mapping needs this one.
    fn is_other_store(&self, parsed: &toml::Table) -> bool {
        let Some(store) = parsed.get("store").filter(|_| self.urls.tasks.is_none()) else { return false };
        store.get("url").and_then(toml::Value::as_str) != Some(&self.urls.store)
    }

    /// What the whole file will say.
    pub(super) fn text(&self, found: &Proposal) -> Result<String, CliError> {
        let tasks = write::tasks(found, &self.urls);
        let Some((before, parsed)) = &self.before else {
            let head = "# How Abide meets a task database that was there before it. `abide init` writes the keys that are not here,\n\
                        # with their defaults.\n";
            return Ok(format!("{head}\n{}\n{tasks}", write::store(&self.urls)));
        };
        let mut dropped = vec!["tasks"];
        if self.is_other_store(parsed) {
            dropped.push("store");
        }
        let mut text = without(before, parsed, &dropped).ok_or_else(|| {
            let error = CliError::usage(format!("[tasks] cannot be replaced in {} safely", self.path.display()));
            error.hint("take what `--print` shows and put it there by hand")
        })?;
        text.truncate(text.trim_end().len());
        text += "\n\n";
        if dropped.contains(&"store") || (self.urls.tasks.is_none() && !parsed.contains_key("store")) {
            text += &format!("{}\n", write::store(&self.urls));
        }
        Ok(text + &tasks)
    }

    /// Writes it.
    pub(super) fn write(&self, text: &str) -> Result<Written, CliError> {
        let shown = self.path.display().to_string();
        fs::write(&self.path, text).map_err(|error| CliError::usage(format!("{shown}: {error}")))?;
        Ok(if self.before.is_some() { Written::Added(shown) } else { Written::New(shown) })
    }
}

/// The text without the sections of these keys; none where that would change anything else.
fn without(text: &str, parsed: &toml::Table, keys: &[&str]) -> Option<String> {
    let mut rest = String::new();
    let mut is_dropped = false;
    for line in text.split_inclusive('\n') {
        if let Some(header) = line.trim_start().strip_prefix('[') {
            let name = header.trim_start_matches('[').trim_start();
            let first = name.split(['.', ']']).next().unwrap_or_default().trim();
            is_dropped = keys.contains(&first);
        }
        if !is_dropped {
            rest += line;
        }
    }
    let mut wanted = parsed.clone();
    keys.iter().for_each(|key| drop(wanted.remove(*key)));
    rest.parse::<toml::Table>().is_ok_and(|rest| rest == wanted).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abides_own_tables_may_lie_in_a_file_of_their_own() {
        let folder = tempfile::tempdir().unwrap();
        let global = Global { config: folder.path().join("abide.toml"), ..crate::cli::testing::global() };
        let database = folder.path().canonicalize().unwrap().join("t.db");
        let found = Proposal { table: "tasks".into(), ..Proposal::default() };
        let text = Place::new(&global, &database, false).unwrap().text(&found).unwrap();
        assert!(text.contains("[store]\nurl = \"sqlite:.abide/abide.db\""), "{text}");
        assert!(text.contains("\nurl = \"sqlite:t.db\"   # your database\ntable = \"tasks\""), "{text}");
        std::fs::write(&global.config, "[store]\nurl = \"sqlite:other.db\"\n").unwrap();
        let place = Place::new(&global, &database, false).unwrap();
        assert!(place.may_write(false).is_ok(), "another store is no hindrance then");
        assert!(place.text(&found).unwrap().starts_with("[store]\nurl = \"sqlite:other.db\"\n\n[tasks]"));
    }

    #[test]
    fn only_what_can_be_taken_out_alone_is_taken_out() {
        let out = |text: &str| without(text, &text.parse().unwrap(), &["tasks"]);
        let text =
            "[specs]\npath = \"s\"\n[tasks]\ntable = \"t\"\n[tasks.columns]\nid = \"i\"\n[limits]\nopen_per_pass = 3\n";
        assert_eq!(out(text).as_deref(), Some("[specs]\npath = \"s\"\n[limits]\nopen_per_pass = 3\n"));
        assert_eq!(out("tasks.table = \"t\"\n[specs]\n"), None);
        assert_eq!(out("[specs]\npath = '''\n[tasks]\nx'''\n[limits]\n"), None, "it stands in a text");
    }
}
