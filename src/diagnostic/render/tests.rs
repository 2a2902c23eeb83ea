//! One realistic report in every format, and what no text and no place may do to a renderer.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::diagnostic::codes;

const ASSIGNMENTS: &str = "apiVersion: abide.dev/v1\nkind: Assignment\nmetadata: {name: bug-fixes}\nspec:\n  select: \
                           {types: [fix_bug]}\n  to: role/develper\n";
const ROLES: &str = "kind: Role\r\nmetadata:\r\n\tname: 日本, 100%\r\n";

fn text_of(file: &str) -> Option<Arc<str>> {
    match file {
        "specs/assignments.yaml" => Some(ASSIGNMENTS.into()),
        "specs/roles, old.yaml" => Some(ROLES.into()),
        _ => None,
    }
}

/// The place of a part of a text.
fn at(text: &str, part: &str) -> Span {
    let start = text.find(part).unwrap();
    let begin = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    Span {
        start: start as u32,
        end: (start + part.len()) as u32,
        line: 1 + text[..start].matches('\n').count() as u32,
        column: 1 + text[begin..start].chars().count() as u32,
    }
}

fn diagnostic(file: &str, problem: Problem) -> Diagnostic {
    Diagnostic { file: file.into(), spec: None, problem }
}

fn realistic() -> Vec<Diagnostic> {
    let name = at(ROLES, "日本, 100%");
    let unknown =
        Problem::new(&codes::REFERENCE_UNKNOWN, at(ASSIGNMENTS, "role/develper"), "no role is called `develper`")
            .did_you_mean("role/develper", ["role/developer", "role/qa"]);
    let mut unknown = diagnostic("specs/assignments.yaml", unknown);
    unknown.spec = Some("assignment/bug-fixes".into());
    let wrong = Problem::new(&codes::SPEC_NAME, name, "`日本, 100%` is no name").help("use letters:\nnothing else");
    let twice = Problem::new(&codes::SPEC_DUPLICATE, at(ASSIGNMENTS, "bug-fixes"), "two specs are called `bug-fixes`")
        .related("specs/roles, old.yaml".into(), name, "the other one is here");
    let gone = Problem::new(&codes::FILE_UNREADABLE, Span { line: 1, column: 1, ..Span::default() }, "it is a folder");
    let service = Problem::new(&codes::REFERENCE_SERVICE, at(ASSIGNMENTS, "kind"), "no Service is called `web`");
    vec![
        unknown,
        diagnostic("specs/roles, old.yaml", wrong),
        diagnostic("specs/gone.yaml", gone),
        diagnostic("specs/assignments.yaml", twice),
        diagnostic("specs/assignments.yaml", service),
    ]
}

fn report(diagnostics: Vec<Diagnostic>) -> Report<'static> {
    let files = ["specs/assignments.yaml", "specs/fine.yaml", "specs/gone.yaml", "specs/roles, old.yaml"];
    Report {
        revision: Some(Revision::new("3f2a1c0000000000000000000000000000000000")),
        specs: 42,
        files: files.map(Arc::from).to_vec(),
        diagnostics,
        texts: &text_of,
    }
}

fn rendered(report: &Report<'_>, format: Format, color: bool) -> String {
    let mut out = Vec::new();
    report.render(format, color, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_realistic_report_in_every_format() {
    for format in Format::ALL {
        let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
        let written = rendered(&report(realistic()), format, false).replace(&version, "\"version\": \"[version]\"");
        insta::assert_snapshot!(format.word(), written);
        assert_eq!(Format::from_word(format.word()), Some(format));
    }
}

#[test]
fn success_always_says_something() {
    assert_eq!(rendered(&report(Vec::new()), Format::Text, false), "42 specs in 4 files are valid\n");
    let warning = || diagnostic("a.yaml", Problem::new(&codes::REFERENCE_SERVICE, Span::default(), "no Service"));
    let warned = rendered(&report(vec![warning()]), Format::Text, false);
    assert!(warned.ends_with("\n1 warning in 42 specs (4 files)\n"), "{warned}");
    let one = Report { specs: 1, files: vec!["a.yaml".into()], ..report(Vec::new()) };
    assert_eq!(rendered(&one, Format::Text, false), "1 spec in 1 file is valid\n");
    let mut hint = warning();
    hint.problem.level = Level::Info;
    let hinted = rendered(&report(vec![hint]), Format::Text, false);
    assert!(hinted.ends_with("\n42 specs in 4 files are valid; 1 hint\n"), "{hinted}");
}

#[test]
fn colours_only_when_asked() {
    assert!(!rendered(&report(realistic()), Format::Text, false).contains('\u{1b}'));
    assert!(rendered(&report(realistic()), Format::Text, true).contains('\u{1b}'));
}

#[test]
fn nothing_in_a_message_reaches_the_terminal_as_a_command() {
    let hostile =
        Problem::new(&codes::SPEC_KIND, Span::default(), "no kind `\u{1b}[2J\r`").help("\u{1b}[31m").fix("\u{7}");
    let text = rendered(&report(vec![diagnostic("\u{1b}.yaml", hostile)]), Format::Text, false);
    assert!(!text.contains(['\u{1b}', '\u{7}', '\r']), "{text:?}");
}

#[test]
fn sarif_holds_what_its_specification_demands() {
    let sarif: Value = serde_json::from_str(&rendered(&report(realistic()), Format::Sarif, false)).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!((rules.len(), results.len()), (5, 5));
    for result in results {
        let rule = &rules[result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(rule["help"]["text"].as_str().is_some_and(|text| !text.is_empty()));
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        assert!(result["message"]["text"].as_str().is_some_and(|text| !text.is_empty()));
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        assert!(!uri.contains([' ', '\\']) && !uri.starts_with('/'), "{uri}");
        for field in ["startLine", "startColumn", "endLine", "endColumn"] {
            assert!(place["region"][field].as_u64().is_some_and(|number| number > 0));
        }
    }
}

#[test]
fn fingerprints_outlive_moved_lines_and_are_told_apart() {
    let here = Problem::new(&codes::SPEC_VALUE, Span { line: 1, ..Span::default() }, "soon is no duration");
    let mut moved = here.clone();
    moved.span.line = 9;
    let (here, moved) = (diagnostic("a.yaml", here), diagnostic("a.yaml", moved));
    assert_eq!(fingerprints(&[&here]), fingerprints(&[&moved]));
    let both = fingerprints(&[&here, &moved]);
    assert_ne!(both[0], both[1]);
}

#[test]
fn places_end_behind_their_last_character() {
    let region = |part: &str| Region::of(at(ROLES, part), ROLES);
    assert_eq!(region("日本").end, Position { line: 3, column: 10 });
    assert_eq!(region("Role\r\nmeta").end, Position { line: 2, column: 5 });
    assert_eq!(region("Role\r\n").end, Position { line: 1, column: 11 });
    let past = Span { start: 90, end: 95, line: 4, column: 1 };
    assert_eq!(Region::of(past, ROLES).end, Position { line: 4, column: 1 });
}

proptest! {
    /// Whatever the text and wherever the place: every format says it, and every machine can read it.
    #[test]
    fn no_place_in_no_text_breaks_a_renderer(
        text in proptest::option::of("[a-c \t\r\n日é\u{feff}\u{200b}:%]{0,40}"),
        start in 0u32..60, length in 0u32..60, line in any::<u32>(), column in any::<u32>(), label in any::<bool>(),
    ) {
        let text: Option<Arc<str>> = text.map(Arc::from);
        let texts = |_: &str| text.clone();
        let span = Span { start, end: start + length, line, column };
        let mut problem = Problem::new(&codes::SPEC_VALUE, span, "wrong").related("b.yaml".into(), span, "beside");
        problem.label = label.then(|| "here".into());
        let report = Report { texts: &texts, ..report(vec![diagnostic("a.yaml", problem)]) };
        for format in Format::ALL {
            let written = rendered(&report, format, false);
            prop_assert!(written.contains("spec/value"), "{}", written);
            if matches!(format, Format::Json | Format::Sarif | Format::Gitlab) {
                prop_assert!(serde_json::from_str::<Value>(&written).is_ok());
            }
        }
    }
}
