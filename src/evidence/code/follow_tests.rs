//! An answer that follows commits is the answer that a first look gives, and costs what changed.

use super::tests::{now, pattern, shown, source};
use super::*;
use crate::git::testing::Fixture;
use crate::model::Look;

fn layers() -> CodeQuestion {
    let order = vec!["model".into(), "store".into()];
    CodeQuestion { repository: None, look: Look::Layers { within: "src/**".into(), except: vec![], order } }
}

fn questions() -> Vec<CodeQuestion> {
    let globs = |texts: &[&str]| texts.iter().map(|text| (*text).into()).collect::<Vec<Arc<str>>>();
    let looks = [
        Look::Path("src/**/*.rs".into()),
        Look::Path("src".into()),
        Look::Dependency { name: "twilio".into(), within: globs(&[]), except: globs(&["**/old/**"]) },
        Look::Value { file: "config.yaml".into(), pointer: "/db".into(), equals: "1".into() },
    ];
    let looks = looks.into_iter().map(|look| CodeQuestion { repository: None, look });
    looks.chain([pattern("bad", &["src/**", "docs/**"], &["**/*.md"]), pattern("bad", &[], &[]), layers()]).collect()
}

/// Paths that go away, and files that are written.
type Turn<'t> = (&'t [&'t str], &'t [(&'t str, &'t str)]);

fn commit(fixture: &Fixture, gone: &[&str], files: &[(&str, &str)]) -> SpecsAt {
    for path in gone {
        let place = fixture.path().join(path);
        if place.is_dir() { std::fs::remove_dir_all(place).unwrap() } else { std::fs::remove_file(place).unwrap() }
    }
    SpecsAt::Commit(Revision::new(fixture.commit(files).to_string()))
}

#[test]
fn what_follows_is_what_a_first_look_gives() {
    let fixture = Fixture::of(&[("src/model/a.rs", "bad"), ("src/b.rs", "use crate::model;"), ("docs/c.md", "bad")]);
    let mut following = source(&fixture);
    let cargo = "[dependencies]\ntwilio = '1'\n";
    let turns: [Turn; 8] = [
        (&[], &[("src/model/a.rs", "use crate::store;\n\nuse crate::store::bad;"), ("Cargo.toml", cargo)]),
        (&["src/b.rs"], &[("config.yaml", "db: 1"), ("src/b.rs/x.rs", "bad"), ("old/Cargo.toml", cargo)]),
        (&["old"], &[("older/Cargo.toml", cargo), ("config.yaml", "db: 2")]),
        (&["src/b.rs", "config.yaml"], &[("src/b.rs", "bad"), ("src/model/a.go", "package a\nimport \"x/src/store\"")]),
        (&[], &[("go.mod", "module x\n"), ("src/a\u{e4}.rs", "bad"), ("package.json", "{")]),
        (&["go.mod", "Cargo.toml"], &[("src/go.mod", "module x/src\n"), ("package.json", "{}")]),
        (&["src"], &[("docs/d.txt", "bad\nbad")]),
        (&[], &[("src", "bad"), ("docs/c.md", "good")]),
    ];
    for (turn, (gone, files)) in turns.into_iter().enumerate() {
        let at = commit(&fixture, gone, files);
        following.specs_are_at(at.clone());
        let mut first = source(&fixture);
        first.specs_are_at(at);
        for question in questions() {
            let (followed, looked) = (following.answer(&question, None, now()), first.answer(&question, None, now()));
            assert_eq!(followed, looked, "turn {turn}: {question:?}");
            assert_eq!(following.skipped(&question), first.skipped(&question));
        }
    }
}

#[test]
fn only_contents_that_changed_are_read() {
    let texts: Vec<(String, String)> = (0..40).map(|n| (format!("src/f{n}.rs"), format!("good {n}"))).collect();
    let files: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (&**path, &**text)).collect();
    let fixture = Fixture::of(&files);
    let mut following = source(&fixture);
    let question = pattern("bad", &["src/**"], &[]);
    let mut turn = |at: SpecsAt| {
        following.specs_are_at(at);
        let found = shown(following.answer(&question, None, now())).len();
        (found, following.reads(&question))
    };
    assert_eq!(turn(commit(&fixture, &[], &[("src/f0.rs", "bad")])), (1, 40));
    assert_eq!(turn(commit(&fixture, &[], &[("docs/x.md", "bad")])), (1, 40), "nobody asks for that");
    assert_eq!(turn(commit(&fixture, &[], &[("src/f1.rs", "bad")])), (2, 40), "that content is known");
    assert_eq!(turn(commit(&fixture, &["src/f0.rs"], &[("src/f2.rs", "bad 2")])), (2, 41));
    assert_eq!(turn(commit(&fixture, &["src"], &[])), (0, 41));
}

#[test]
fn reading_ahead_tells_what_reading_alone_tells() {
    let fixture = Fixture::of(&[
        ("src/model/a.rs", "use crate::store; // bad"),
        ("src/b.rs", "bad"),
        ("src/c.rs", "bad"),
        ("Cargo.toml", "[dependencies]\ntwilio = '1' # bad"),
        ("config.yaml", "db: 2"),
        ("package.json", "{"),
    ]);
    let (mut ahead, mut alone) = (source(&fixture), source(&fixture));
    let questions = questions();
    ahead.read_ahead(&questions.iter().collect::<Vec<_>>(), None, now());
    let reads = |source: &CodeSource| questions.iter().map(|question| source.reads(question)).collect::<Vec<_>>();
    let before = reads(&ahead);
    for question in &questions {
        assert_eq!(ahead.answer(question, None, now()), alone.answer(question, None, now()), "{question:?}");
    }
    assert_eq!(reads(&ahead), before, "everything was known");
    assert_eq!(reads(&alone), before);
}

#[test]
fn contents_that_are_gone_are_forgotten_some_day() {
    let fixture = Fixture::of(&[("a.txt", "good")]);
    let mut following = source(&fixture);
    let question = pattern("bad", &[], &[]);
    let mut most = 0;
    for round in 0..8 {
        // Each commit holds contents that the next one has no more.
        let files: Vec<(String, String)> = (0..300).map(|n| (format!("{n}.txt"), format!("{round} {n}"))).collect();
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (&**path, &**text)).collect();
        following.specs_are_at(commit(&fixture, &[], &files));
        following.answer(&question, None, now()).unwrap();
        most = most.max(following.asked[&question].remembered());
    }
    assert_eq!(following.reads(&question), 1 + 8 * 300);
    assert!((600..2_500).contains(&most), "{most} contents are remembered of 301 files");
}
