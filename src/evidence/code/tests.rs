use super::*;
use crate::git::testing::{Fixture, write};
use crate::model::Look;

pub(super) fn now() -> Timestamp {
    Timestamp::from_secs(1_770_000_000)
}

pub(super) fn source(fixture: &Fixture) -> CodeSource {
    let head = fixture.repository.head().unwrap().target().unwrap();
    at(fixture.path().to_owned(), SpecsAt::Commit(Revision::new(head.to_string())))
}

fn at(base: PathBuf, specs_at: SpecsAt) -> CodeSource {
    let mirrors = base.join(".abide/mirrors");
    let config = SourceConfig { repository: ".".into(), path: "specs".into(), base, ..SourceConfig::default() };
    CodeSource::new(config, mirrors, specs_at)
}

fn path(glob: &str) -> CodeQuestion {
    CodeQuestion { repository: None, look: Look::Path(glob.into()) }
}

pub(super) fn pattern(pattern: &str, within: &[&str], except: &[&str]) -> CodeQuestion {
    let globs = |texts: &[&str]| texts.iter().map(|text| (*text).into()).collect();
    let look = Look::Pattern { pattern: pattern.into(), within: globs(within), except: globs(except) };
    CodeQuestion { repository: None, look }
}

fn other(question: CodeQuestion, url: &str, reference: Option<&str>) -> (CodeQuestion, RepositoryAt) {
    let repository = Some("app".parse().unwrap());
    let at = RepositoryAt { url: url.into(), reference: reference.map(Into::into) };
    (CodeQuestion { repository, ..question }, at)
}

pub(super) fn shown(answer: Result<Answer, NoAnswer>) -> Vec<String> {
    let Ok(Answer::Code(seen)) = answer else { panic!("{answer:?}") };
    seen.places.iter().map(|m| format!("{}:{}:{}", m.file, m.line.unwrap_or(0), m.text)).collect()
}

#[test]
fn paths_match_globs_files_and_folders() {
    let fixture = Fixture::of(&[(".githooks/pre-commit", "x"), ("src/a.rs", ""), ("src/b/c.rs", "")]);
    let mut source = source(&fixture);
    let mut ask = |glob: &str| shown(source.answer(&path(glob), None, now()));
    assert_eq!(ask(".githooks/pre-commit"), [".githooks/pre-commit:0:"]);
    assert_eq!(ask("./src/b/"), ["src/b:0:"]);
    assert_eq!(ask("src/*.rs"), ["src/a.rs:0:"]);
    assert_eq!(ask("src/**/*.rs"), ["src/a.rs:0:", "src/b/c.rs:0:"]);
    assert_eq!(ask("src/none.rs"), [""; 0]);
    assert_eq!(ask("sr"), [""; 0]);
}

#[test]
fn lines_are_found_where_they_are_looked_for() {
    let fixture = Fixture::of(&[
        ("src/a.rs", "one\r\n  call(api.openai.com)  \n"),
        ("src/llm/b.rs", "api.openai.com\n"),
        ("docs/c.md", "api.openai.com\napixopenai.com"),
    ]);
    fixture.write("src/binary.rs", b"api.openai.com\0");
    fixture.commit_all();
    let mut source = source(&fixture);
    let question = pattern(r"api\.openai\.com", &["src/**"], &["src/llm/**"]);
    assert_eq!(shown(source.answer(&question, None, now())), ["src/a.rs:2:call(api.openai.com)"]);
    assert_eq!(source.skipped(&question), 1);
    let everywhere = shown(source.answer(&pattern(r"api\.openai", &[], &["src"]), None, now()));
    assert_eq!(everywhere, ["docs/c.md:1:api.openai.com"]);
}

#[test]
fn a_text_that_nobody_looked_into_is_told_and_a_picture_is_not() {
    let fixture = Fixture::of(&[("src/a.rs", "fine\n")]);
    fixture.write("src/large.rs", "fine\n".repeat(900_000));
    fixture.write("src/wide.rs", b"\xff\xfea\0p\0i\0");
    fixture.write("src/logo.png", b"\x89PNG\r\n\x1a\n\0\0");
    fixture.commit_all();
    let mut source = source(&fixture);
    let answer = source.answer(&pattern("api", &["src/**"], &[]), None, now()).unwrap();
    let Answer::Code(seen) = answer else { panic!("code") };
    let unread: Vec<_> = seen.unread.iter().map(|it| (&*it.file, it.text.split(';').next().unwrap())).collect();
    assert_eq!(unread, [("src/large.rs", "it is larger than 4 MiB"), ("src/wide.rs", "it is UTF-16")]);
}

#[test]
fn manifests_tell_lines_and_what_cannot_be_read() {
    let fixture = Fixture::of(&[
        ("a/Cargo.toml", "[dependencies]\n\ntwilio = '1'\n"),
        ("b/package.json", "{\"dependencies\":\n{"),
        ("notes.txt", "twilio"),
        ("setup.py", "twilio"),
    ]);
    fixture.write("pom.xml", b"\0");
    fixture.commit_all();
    let mut source = source(&fixture);
    let mut ask = |within: &[&str], except: &[&str]| {
        let globs = |texts: &[&str]| texts.iter().map(|text| (*text).into()).collect();
        let look = Look::Dependency { name: "twilio".into(), within: globs(within), except: globs(except) };
        let answer = source.answer(&CodeQuestion { repository: None, look }, None, now());
        let Ok(Answer::Code(seen)) = &answer else { panic!("{answer:?}") };
        (shown(answer.clone()), seen.unread.iter().map(|it| (it.file.to_string(), it.line)).collect::<Vec<_>>())
    };
    let unread = |file: &str, line| (file.to_owned(), line);
    let found = vec!["a/Cargo.toml:3:twilio = '1'".to_owned()];
    assert_eq!(ask(&[], &[]), (found, vec![unread("b/package.json", Some(2)), unread("pom.xml", None)]));
    assert_eq!(ask(&[], &["a", "**/package.json", "pom.xml"]), (vec![], vec![]));
    assert_eq!(ask(&["setup.py"], &[]), (vec![], vec![unread("setup.py", None)]));
}

#[test]
fn layers_tell_the_import_and_read_modules_first() {
    let fixture = Fixture::of(&[
        ("app/go.mod", "module example.org/app\n"),
        ("app/a/x.go", "package a\n\nimport \"example.org/app/b\"\n"),
        ("app/b/y.go", "package b\nimport \"example.org/app/a\"\n"),
        ("app/b/y.txt", "example.org/app/c"),
    ]);
    let mut source = source(&fixture);
    let order = vec!["a".into(), "b".into()];
    let look = Look::Layers { within: "app/**/*.go".into(), except: vec![], order };
    let question = CodeQuestion { repository: None, look };
    let found = ["app/a/x.go:3:a imports b: example.org/app/b"];
    assert_eq!(shown(source.answer(&question, None, now())), found);
    assert_eq!(source.reads(&question), 3);
    let head = fixture.commit(&[("app/go.mod", "module example.org/other\n")]);
    source.specs_are_at(SpecsAt::Commit(Revision::new(head.to_string())));
    assert_eq!(shown(source.answer(&question, None, now())), [""; 0]);
    assert_eq!(source.reads(&question), 4, "what was read is known, and means something else now");
}

#[test]
fn a_value_is_missing_where_its_file_is() {
    let fixture = Fixture::of(&[("c.yaml", "db:\n  kind: mysql\n")]);
    let mut source = source(&fixture);
    let mut ask = |file: &str, equals: &str| {
        let look = Look::Value { file: file.into(), pointer: "/db/kind".into(), equals: equals.into() };
        shown(source.answer(&CodeQuestion { repository: None, look }, None, now()))
    };
    assert_eq!(ask("./c.yaml", "\"postgres\""), ["c.yaml:2:\"mysql\""]);
    assert_eq!(ask("c.yaml", "\"mysql\""), [""; 0]);
    assert_eq!(ask("d.yaml", "null"), ["d.yaml:0:there is no such file"]);
}

#[test]
fn an_answer_follows_the_revision() {
    let fixture = Fixture::of(&[("a.txt", "bad"), ("b.txt", "good")]);
    let mut source = source(&fixture);
    let question = pattern("bad", &[], &[]);
    assert_eq!(shown(source.answer(&question, None, now())), ["a.txt:1:bad"]);
    let before = source.revision(None, now()).unwrap();
    let head = fixture.commit(&[("a.txt", "good"), ("c.txt", "x\nbad")]);
    assert_eq!(source.revision(None, now()).as_ref(), Ok(&before));
    source.specs_are_at(SpecsAt::Commit(Revision::new(head.to_string())));
    assert_ne!(source.revision(None, now()).unwrap(), before);
    assert_eq!(shown(source.answer(&question, None, now())), ["c.txt:2:bad"]);
}

#[test]
fn the_working_tree_is_what_lies_on_the_disk() {
    let fixture = Fixture::of(&[("a.txt", "good"), (".gitignore", "out/\n"), ("gone.txt", "bad")]);
    fixture.write("out/x.txt", "bad");
    fixture.write(".abide/x.txt", "bad");
    fixture.write("new.txt", "bad");
    std::fs::remove_file(fixture.path().join("gone.txt")).unwrap();
    let mut source = at(fixture.path().to_owned(), SpecsAt::Working);
    let question = pattern("bad", &[], &[]);
    assert_eq!(shown(source.answer(&question, None, now())), ["new.txt:1:bad"]);
    fixture.write("new.txt", "better by far");
    assert_eq!(shown(source.answer(&question, None, now().plus(Duration::from_millis(1)))), [""; 0]);
}

#[test]
fn a_folder_without_git_is_looked_at_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "src/a.rs", "bad");
    let mut source = at(folder.path().to_owned(), SpecsAt::Working);
    assert_eq!(shown(source.answer(&pattern("bad", &[], &[]), None, now())), ["src/a.rs:1:bad"]);
    assert_eq!(shown(source.answer(&path("src"), None, now())), ["src:0:"]);
}

#[test]
fn other_repositories_are_near_or_far() {
    let (fixture, app) = (Fixture::of(&[("a", "a")]), Fixture::of(&[("app.rs", "bad")]));
    let first = app.repository.head().unwrap().target().unwrap();
    app.branch("old", first);
    app.commit(&[("app.rs", "good")]);
    let mut source = source(&fixture);
    let near = app.path().to_string_lossy().into_owned();
    let far = format!("file://{near}");
    for url in [near, far] {
        let (question, at) = other(pattern("bad", &[], &[]), &url, Some("old"));
        assert_eq!(shown(source.answer(&question, Some(&at), now())), ["app.rs:1:bad"]);
        let (question, at) = other(pattern("bad", &[], &[]), &url, None);
        assert_eq!(shown(source.answer(&question, Some(&at), now())), [""; 0]);
    }
}

#[test]
fn a_remote_repository_is_fetched_now_and_then() {
    let (fixture, app) = (Fixture::of(&[("a", "a")]), Fixture::of(&[("app.rs", "bad")]));
    let mut source = source(&fixture);
    let (_, at) = other(path("x"), &format!("file://{}", app.path().display()), None);
    let first = source.revision(Some(&at), now()).unwrap();
    let second = app.commit(&[("app.rs", "good")]).to_string();
    assert_eq!(source.revision(Some(&at), now()).unwrap(), first);
    assert_eq!(source.revision(Some(&at), now().plus(FETCH_EVERY)).unwrap().as_str(), second);
}

#[test]
fn no_answer_has_its_reason() {
    let fixture = Fixture::of(&[("a", "a")]);
    let mut source = source(&fixture);
    let mut reason = |question: &CodeQuestion, at: Option<&RepositoryAt>| {
        source.answer(question, at, now()).unwrap_err().reason.to_string()
    };
    assert!(reason(&pattern("(", &[], &[]), None).contains("unclosed group"));
    let (question, at) = other(path("x"), "../none", None);
    assert_eq!(reason(&question, None), "no Repository is called `app`");
    assert!(reason(&question, Some(&at)).contains("out of reach"));
    let (question, at) = other(path("x"), ".", Some("nope"));
    assert!(reason(&question, Some(&at)).contains("has no `nope`"));
}
