//! Rules over code: what a first look at a large repository costs, and what a commit of one file costs afterwards.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use abide::evidence::{CodeSource, SpecsAt};
use abide::git::SourceConfig;
use abide::model::{Answer, CodeQuestion, Look, Revision, Timestamp};
use git2::build::TreeUpdateBuilder;
use git2::{FileMode, IndexEntry, IndexTime, Oid, Repository, Signature, Time};

use crate::Bench;
use crate::measure::{Cost, own_cpu};
use crate::table::{Figure, millis, seconds};

const BRANCH: &str = "refs/heads/main";
const LAYERS: [&str; 5] = ["model", "plan", "store", "engine", "cli"];
/// Files of one folder.
const FOLDER: usize = 50;
/// Functions of one file: about four kilobytes.
const FUNCTIONS: usize = 30;
/// Commits of one file each.
const TURNS: usize = 30;

/// Five rules, each with another condition, over a large repository and over one of a fifth of its size.
pub(crate) fn all(bench: &mut Bench) {
    eprintln!("rules over code");
    let files = bench.files;
    let whole = evaluate(&bench.root.join(format!("code-{files}")), files);
    let fewer = evaluate(&bench.root.join(format!("code-{}", files / 5)), files / 5);
    let report = &mut bench.report;
    report.add(&format!("5 rules over {files} files, cold, wall"), seconds(whole.cold.wall), "5 s", 5.0);
    report.tell("the same, CPU", &seconds(whole.cold.cpu).to_string());
    report.add(
        &format!("one of {files} files is committed, 5 rules, wall"),
        millis(whole.commit.wall),
        "100 ms",
        100.0,
    );
    report.tell("the same, CPU", &millis(whole.commit.cpu).to_string());
    report.tell("contents read after it, all rules", &format!("{:.1}", whole.reads));
    let sizes = (format!("{} files", files / 5), format!("{files} files"));
    let mut grows = |what: &str, figure: fn(f64) -> Figure, cost: fn(&Evaluated) -> Cost| {
        report.grows(what, (&sizes.0, &sizes.1), (figure(cost(&fewer).cpu), figure(cost(&whole).cpu)), 5.0);
    };
    grows("5 rules, cold, CPU", seconds, |it| it.cold);
    grows("one file is committed, CPU", millis, |it| it.commit);
}

struct Evaluated {
    cold: Cost,
    commit: Cost,
    /// Contents read after a commit of one file, on the average.
    reads: f64,
}

fn evaluate(folder: &Path, files: usize) -> Evaluated {
    let git = repository(folder, files);
    let start = git.refname_to_id(BRANCH).unwrap();
    let config = SourceConfig { repository: ".".into(), base: folder.to_owned(), ..SourceConfig::default() };
    let mut source = CodeSource::new(config, folder.join("mirrors"), at(start));
    let questions = questions();
    let cold = measured(|| ask(&mut source, &questions));
    let first: usize = questions.iter().map(|question| source.reads(question)).sum();
    let mut parent = start;
    let turns: Vec<Cost> = (0..TURNS)
        .map(|turn| {
            parent = commit(&git, parent, turn * 997 % files, turn);
            measured(|| {
                source.specs_are_at(at(parent));
                ask(&mut source, &questions);
            })
        })
        .collect();
    let reads: usize = questions.iter().map(|question| source.reads(question)).sum();
    Evaluated { cold, commit: Cost::median(&turns), reads: (reads - first) as f64 / TURNS as f64 }
}

fn at(commit: Oid) -> SpecsAt {
    SpecsAt::Commit(Revision::new(commit.to_string()))
}

fn measured(what: impl FnOnce()) -> Cost {
    let (cpu, wall) = (own_cpu(), Instant::now());
    what();
    Cost { cpu: own_cpu() - cpu, wall: wall.elapsed().as_secs_f64(), peak: None }
}

fn ask(source: &mut CodeSource, questions: &[CodeQuestion]) {
    let now = Timestamp::from_secs(1_770_000_000);
    source.read_ahead(&questions.iter().collect::<Vec<_>>(), None, now);
    for question in questions {
        let answer = source.answer(question, None, now).unwrap();
        assert!(matches!(answer, Answer::Code(seen) if seen.unread.is_empty()));
    }
}

fn questions() -> Vec<CodeQuestion> {
    let globs = |texts: &[&str]| texts.iter().map(|text| Arc::from(*text)).collect::<Vec<Arc<str>>>();
    let looks = [
        Look::Pattern {
            pattern: r"api\.openai\.com".into(),
            within: globs(&["src/**"]),
            except: globs(&["src/cli/**"]),
        },
        Look::Path("src/**/main.rs".into()),
        Look::Dependency { name: "twilio".into(), within: vec![], except: vec![] },
        Look::Value { file: "config.yaml".into(), pointer: "/db/kind".into(), equals: "\"postgres\"".into() },
        Look::Layers { within: "src/**/*.rs".into(), except: vec![], order: globs(&LAYERS) },
    ];
    looks.into_iter().map(|look| CodeQuestion { repository: None, look }).collect()
}

fn path(n: usize) -> String {
    let folder = n / FOLDER;
    format!("src/{}/d{folder}/f{n}.rs", LAYERS[folder % LAYERS.len()])
}

fn text(n: usize, turn: usize) -> String {
    let layer = n / FOLDER % LAYERS.len();
    let mut text =
        format!("//! The file {n}, as of {turn}.\n\nuse crate::{}::d{}::thing;\n\n", LAYERS[layer / 2], n % 7);
    for function in 0..FUNCTIONS {
        writeln!(
            text,
            "/// Adds {n} to {function}.\npub fn f{function}(left: u64) -> u64 {{\n    let host = \"example.org/{n}\";"
        )
        .unwrap();
        writeln!(text, "    left + host.len() as u64 + {function}\n}}\n").unwrap();
    }
    text
}

fn who() -> Signature<'static> {
    Signature::new("Ada", "ada@example.org", &Time::new(1_770_000_000, 0)).unwrap()
}

/// The repository with so many files in one pack, as a clone has them.
fn repository(folder: &Path, files: usize) -> Repository {
    if folder.exists() {
        fs::remove_dir_all(folder).unwrap();
    }
    let git = Repository::init_bare(folder).unwrap();
    let odb = git.odb().unwrap();
    let pack = odb.add_new_mempack_backend(999).unwrap();
    let mut index = git2::Index::new().unwrap();
    let mut add = |path: &str, text: &str| {
        let id = odb.write(git2::ObjectType::Blob, text.as_bytes()).unwrap();
        index.add(&entry(path, id)).unwrap();
    };
    (0..files).for_each(|n| add(&path(n), &text(n, 0)));
    (0..files / 500).for_each(|n| add(&format!("crates/c{n}/Cargo.toml"), "[dependencies]\nserde = \"1\"\n"));
    add("config.yaml", "db:\n  kind: postgres\n");
    let tree = index.write_tree_to(&git).unwrap();
    let tree = git.find_tree(tree).unwrap();
    git.commit(Some(BRANCH), &who(), &who(), "all files", &tree, &[]).unwrap();
    let mut bytes = git2::Buf::new();
    pack.dump(&git, &mut bytes).unwrap();
    let mut writer = odb.packwriter().unwrap();
    writer.write_all(&bytes).unwrap();
    writer.commit().unwrap();
    Repository::open_bare(folder).unwrap()
}

fn entry(path: &str, id: Oid) -> IndexEntry {
    let never = IndexTime::new(0, 0);
    let (path, mode) = (path.as_bytes().to_vec(), 0o100_644);
    let (dev, ino, uid, gid, file_size, flags, flags_extended) = (0, 0, 0, 0, 0, 0, 0);
    IndexEntry { ctime: never, mtime: never, dev, ino, mode, uid, gid, file_size, id, flags, flags_extended, path }
}

/// A commit that writes one file anew.
fn commit(git: &Repository, parent: Oid, n: usize, turn: usize) -> Oid {
    let parent = git.find_commit(parent).unwrap();
    let blob = git.blob(text(n, turn + 1).as_bytes()).unwrap();
    let mut update = TreeUpdateBuilder::new();
    let tree = update.upsert(path(n), blob, FileMode::Blob).create_updated(git, &parent.tree().unwrap()).unwrap();
    let tree = git.find_tree(tree).unwrap();
    git.commit(Some(BRANCH), &who(), &who(), "one file", &tree, &[&parent]).unwrap()
}
