//! `lint`.

use serde_json::Value;

use super::org::{ended, error, told};
use crate::cli::testing::Org;
use crate::cli::{Exit, validate};
use crate::diagnostic::codes;

const ROLE: &str = "apiVersion: abide.dev/v1\nkind: Role\nmetadata: {name: other}\nspec: {oops: 1}\n";

fn decision(name: &str, rest: &str) -> String {
    format!(
        "apiVersion: abide.dev/v1\nkind: Decision\nmetadata: {{name: {name}}}\nspec: {{date: 2026-01-01, {rest}}}\n"
    )
}

fn codes(json: &str) -> Vec<String> {
    let report: Value = serde_json::from_str(json).unwrap();
    let code = |it: &Value| format!("{} {}:{}", it["code"].as_str().unwrap(), it["file"].as_str().unwrap(), it["line"]);
    report["diagnostics"].as_array().unwrap().iter().map(code).collect()
}

#[test]
fn specs_are_held_to_what_is_said_of_decisions_and_to_nothing_else() {
    let org = Org::empty();
    assert_eq!(told(&org, "lint"), "1 spec in 1 file is valid\n");
    org.git.commit(&[
        ("specs/role.yaml", ROLE),
        ("specs/a.yaml", &decision("a", "number: 1, status: accepted")),
        ("specs/b.yaml", &decision("b", "number: 1, status: accepted, supersedes: [a, gone]")),
        ("specs/c.yaml", &decision("c", "status: superseded")),
        ("specs/d.yaml", &decision("d", "status: accepted, amends: [c]")),
        ("specs/broken.yaml", "kind: [\n"),
    ]);
    let (exit, json) = ended(&org, "lint -o json");
    assert_eq!(exit, Exit::Findings);
    let found = codes(&json);
    let mut of_all = {
        let run =
            crate::cli::io::tests::run(|io| validate::run(&crate::cli::testing::args("-o json"), &org.global, io));
        codes(&run.unwrap().1)
    };
    assert!(
        of_all.iter().any(|code| code.contains("role.yaml")) && !found.iter().any(|code| code.contains("role.yaml"))
    );
    of_all.retain(|code| !code.contains("role.yaml") && !code.contains("levels.yaml") && !code.contains("work.yaml"));
    assert_eq!(found, of_all, "what validate says of decisions, and of files that nobody can read");
    for code in
        ["reference/unknown specs/b.yaml:4", "adr/rests-on-superseded specs/d.yaml:4", "adr/superseded-by-nothing"]
    {
        assert!(found.iter().any(|found| found.starts_with(code)), "{code}: {found:?}");
    }
    assert!(found.iter().any(|code| code.contains("broken.yaml")), "{found:?}");
}

#[test]
fn strict_makes_warnings_errors() {
    let org = Org::empty();
    let resting = [decision("c", "status: superseded"), decision("d", "status: accepted, amends: [c]")];
    org.git.commit(&[("specs/c.yaml", &resting.join("---\n"))]);
    assert_eq!(ended(&org, "lint").0, Exit::Fine);
    let (exit, text) = ended(&org, "lint --strict");
    assert!(exit == Exit::Findings && text.contains("error[adr/rests-on-superseded]"), "{text}");
    let committed = ended(&org, "lint --rev HEAD -o json");
    assert_eq!(codes(&committed.1).len(), 2, "{}", committed.1);
}

const OLD: &str = "# Use X\n\n   Status: accepted, superseded by ADR-2   \n";
const NEW: &str = "\u{feff}# Use Y\n\nStatus: nobody knows\n\nSee [the other](0009-none.md).\n";

fn records() -> Org {
    let org = Org::empty();
    org.git.write("adr/0001-use-x.md", OLD);
    org.git.write("adr/0002-use-y.md", NEW);
    org.git.write("adr/0003-old.adoc", "= Old\n");
    org.git.write("adr/0004-bytes.md", b"# \xff\n");
    org.git.write("adr/README.md", "# Decisions\n");
    org
}

#[test]
fn records_are_told_line_by_line_and_what_cannot_be_read_is_an_error() {
    let org = records();
    let folder = org.git.path().join("adr");
    let line = |rest: &str| {
        let (exit, text) = ended(&org, &format!("lint {} {rest}", folder.display()));
        assert_eq!(exit, Exit::Findings);
        text
    };
    insta::assert_snapshot!("lint_records", line(""));
    let json = line("-o json");
    let unread: Vec<String> =
        codes(&json).into_iter().filter(|code| code.starts_with(codes::ADR_UNREAD.code)).collect();
    assert_eq!(unread, ["adr/unread HERE/adr/0003-old.adoc:1", "adr/unread HERE/adr/0004-bytes.md:1"]);
    let report: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&report["specs"], &report["files"]), (&Value::from(2), &Value::from(4)));
    // The whole of the line, without blanks and without the mark of the byte order.
    let said = report["diagnostics"].as_array().unwrap();
    let place = |code: &str| {
        let it = said.iter().find(|it| it["code"] == code).unwrap();
        [&it["line"], &it["column"], &it["endLine"], &it["endColumn"]].map(|it| it.as_u64().unwrap())
    };
    assert_eq!(place("adr/unknown-status"), [3, 1, 3, 21]);
    assert_eq!(place("adr/dangling-link"), [5, 1, 5, 31]);
    assert_eq!(place("adr/one-sided-supersession"), [3, 4, 3, 41]);
    for format in ["sarif", "junit", "github", "gitlab"] {
        assert!(line(&format!("-o {format}")).contains("adr/unread"), "{format}");
    }
}

#[test]
fn a_file_that_is_named_is_not_passed_over() {
    let org = records();
    let named = org.git.path().join("adr/README.md");
    let (exit, text) = ended(&org, &format!("lint {}", named.display()));
    assert!(exit == Exit::Findings && text.contains("it holds no decision that could be told"), "{text}");
    let empty = org.git.path().join("none");
    assert_eq!(error(&org, &format!("lint {}", empty.display())).exit, Exit::NothingMatched);
    std::fs::create_dir_all(&empty).unwrap();
    let none = error(&org, &format!("lint {}", empty.display()));
    assert_eq!((none.exit, &*none.message), (Exit::NothingMatched, "no decision records were found"));
}
