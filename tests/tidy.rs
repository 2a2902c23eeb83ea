//! The house, held as a test: what a compiler does not check of the layout, the bans and the sizes.
//!
//! Reads the sources as text. Every failure names the file, the line, the rule and why there is one.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "tidy/lexed.rs"]
mod lexed;
#[path = "tidy/source.rs"]
mod source;

use std::fmt::Write as _;
use std::path::Path;

use source::{Source, files, functions, has_word, imports, names_module, root, sources};

/// Data flows one way: a module imports only what stands above it.
const ORDER: [&str; 16] = [
    "model",
    "diagnostic",
    "yaml",
    "facts",
    "signature",
    "config",
    "kinds",
    "catalog",
    "plan",
    "schedule",
    "git",
    "store",
    "evidence",
    "engine",
    "demo",
    "cli",
];

/// The modules that are the same for the same input: no clock, no disk, no network.
const PURE: [&str; 10] =
    ["model", "diagnostic", "yaml", "facts", "signature", "config", "kinds", "catalog", "plan", "schedule"];

/// What touches the world, or tells the time.
const EFFECTS: [&str; 14] = [
    "tokio",
    "git2",
    "notify",
    "rusqlite",
    "tracing",
    "ureq",
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::thread",
    "SystemTime",
    "Instant",
    "Timestamp::now",
];

/// Where wire types live: the only places that derive `Serialize`. `yaml/write.rs` is where they are written as YAML.
const WIRES: [&str; 5] = ["cli/", "diagnostic/render/", "store/sqlite/", "evidence/record", "yaml/write.rs"];

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 60;

/// Everything that is wrong, so that one run shows it all.
#[derive(Default)]
struct Faults(String);

impl Faults {
    fn add(&mut self, source: &Source, line: usize, rule: &str) {
        writeln!(self.0, "{}:{line}: {rule}", source.path).unwrap();
    }

    fn none(self) {
        assert!(self.0.is_empty(), "the house is not in order:\n{}", self.0);
    }
}

#[test]
fn a_module_imports_only_what_stands_above_it() {
    let mut faults = Faults::default();
    for source in sources("src") {
        let Some(here) = source.module().and_then(place) else { continue };
        for (line, name) in imports(&source) {
            let Some(there) = place(&name) else { continue };
            if there > here {
                let rule = format!("{} imports {name}, which stands below it; data flows one way", ORDER[here]);
                faults.add(&source, line, &rule);
            }
            if (ORDER[here], &*name) == ("store", "git") {
                faults.add(&source, line, "git and store never see each other: either can be replaced alone");
            }
        }
    }
    faults.none();
}

#[test]
fn a_face_names_no_concrete_store() {
    let mut faults = Faults::default();
    for source in sources("src/cli").into_iter().filter(|source| source.path != "src/cli/setup.rs") {
        for (line, text) in source.lines() {
            if ["SqliteStore", "MemoryStore", "rusqlite"].iter().any(|name| has_word(text, name)) {
                faults.add(&source, line, "only cli/setup.rs knows which store there is; faces go through a Handle");
            }
        }
    }
    faults.none();
}

#[test]
fn pure_modules_touch_nothing_of_the_world() {
    let mut faults = Faults::default();
    for source in sources("src").iter().filter(|source| source.module().is_some_and(|name| PURE.contains(&name))) {
        for (line, text) in source.lines() {
            for effect in EFFECTS.iter().filter(|effect| has_word(text, effect)) {
                let rule = format!("`{effect}` in a pure module; the same input must give the same output");
                faults.add(source, line, &rule);
            }
        }
    }
    faults.none();
}

#[test]
fn only_wire_types_are_serialisable() {
    let mut faults = Faults::default();
    for source in sources("src") {
        if WIRES.iter().any(|wire| source.path.starts_with(&format!("src/{wire}"))) {
            continue;
        }
        for (line, _) in source.lines().filter(|(_, text)| has_word(text, "Serialize")) {
            faults.add(&source, line, "a serialisable domain type is frozen by whoever reads it; use a wire type");
        }
    }
    faults.none();
}

#[test]
fn files_and_functions_stay_short() {
    let mut faults = Faults::default();
    for source in sources("src").into_iter().chain(sources("tests")).chain(sources("benches")) {
        let lines = source.raw.lines().count();
        if lines > FILE_LINES {
            let rule = format!("the file has {lines} lines, more than {FILE_LINES}: split it into rooms");
            faults.add(&source, lines, &rule);
        }
        for (line, length) in functions(&source.code).into_iter().filter(|(_, length)| *length > FUNCTION_LINES) {
            let rule = format!("a function of {length} lines, more than {FUNCTION_LINES}: name its parts");
            faults.add(&source, line, &rule);
        }
    }
    faults.none();
}

#[test]
fn nothing_is_left_lying_about() {
    let mut faults = Faults::default();
    for source in sources("src") {
        for (line, text) in source.lines() {
            for macro_name in ["todo!", "unimplemented!", "dbg!"].iter().filter(|name| text.contains(*name)) {
                faults.add(&source, line, &format!("`{macro_name}` is for the desk, not for the repository"));
            }
        }
        let texts = source.raw.lines().zip(&source.tests).enumerate().filter(|(_, (_, test))| !**test);
        for (line, (text, _)) in texts {
            if ["/home/", "/tmp/", "C:\\\\"].iter().any(|path| text.contains(path)) {
                faults.add(&source, line + 1, "a path of one machine is wrong on every other");
            }
        }
    }
    faults.none();
}

#[test]
fn every_file_is_part_of_the_program() {
    let mut faults = Faults::default();
    for folder in ["src", "tests/it"] {
        let all = sources(folder);
        for source in &all {
            let path = Path::new(&source.path);
            let (stem, parent) = match path.file_name().and_then(|name| name.to_str()) {
                Some("lib.rs" | "main.rs") => continue,
                Some("mod.rs") => (path.parent().and_then(Path::file_name), path.parent().and_then(Path::parent)),
                _ => (path.file_stem(), path.parent()),
            };
            let (stem, parent) = (stem.unwrap().to_str().unwrap(), parent.unwrap().to_str().unwrap());
            let file = path.file_name().unwrap().to_str().unwrap();
            let declares = |other: &&Source| {
                let near = Path::new(&other.path);
                let owner = near.with_extension("") == Path::new(parent) || near.parent() == Some(Path::new(parent));
                owner && (names_module(&other.code, stem) || other.raw.contains(&format!("path = \"{file}\"")))
            };
            if !all.iter().any(|other| declares(&other)) {
                faults.add(source, 1, "no `mod` names this file, so it is dead: nobody compiles or tests it");
            }
        }
    }
    faults.none();
}

#[test]
fn tests_run_always_and_wait_for_nothing() {
    let mut faults = Faults::default();
    for source in sources("tests").iter().chain(&sources("src")) {
        let is_test = source.path.starts_with("tests/");
        for (n, text) in source.code.lines().enumerate().filter(|(n, _)| is_test || source.tests[*n]) {
            if text.contains("#[ignore") {
                faults.add(source, n + 1, "an ignored test holds nothing");
            }
            if ["thread::sleep", "time::sleep", "sleep_until"].iter().any(|sleep| text.contains(sleep)) {
                faults.add(source, n + 1, "a sleeping test is slow on a fast machine and fails on a slow one");
            }
        }
    }
    faults.none();
}

#[test]
fn every_word_that_people_meet_is_tested() {
    let mut tested: String = sources("src").iter().map(Source::test_text).collect();
    for source in sources("tests").iter().filter(|source| source.path != "tests/tidy.rs") {
        tested.push_str(&source.raw);
    }
    for path in files(&root().join("tests/scenarios"), "md") {
        tested.push_str(&std::fs::read_to_string(path).unwrap());
    }
    let codes = abide::model::Code::ALL.iter().map(|code| (code.word(), format!("Code::{code:?}")));
    let rules = abide::model::Rule::ALL.iter().map(|rule| (rule.word(), format!("Rule::{rule:?}")));
    let said =
        abide::diagnostic::codes::all().map(|entry| (entry.code, entry.code.to_uppercase().replace(['/', '-'], "_")));
    let untested: Vec<&str> = codes
        .chain(rules)
        .chain(said)
        .filter(|(word, name)| !has_word(&tested, word) && !has_word(&tested, name))
        .map(|(word, _)| word)
        .collect();
    assert!(untested.is_empty(), "no test and no scenario mentions {untested:?}; what is not tested does not hold");
}

fn place(module: &str) -> Option<usize> {
    ORDER.iter().position(|name| *name == module)
}
