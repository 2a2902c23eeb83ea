//! `abide import openslo` as a program: what it writes, what it leaves, and how it ends.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::organisation::Ended;

const SERVICE: &str = "# ours\napiVersion: openslo/v1\nkind: Service\nmetadata:\n  name: Web Shop\nspec: {}\n";

const RATIO: &str = "apiVersion: openslo/v1alpha
kind: SLO
metadata: {name: shop}
spec:
  service: Web Shop
  budgetingMethod: Occurrences
  timeWindows: [{count: 4, unit: Week, isRolling: true}]
  objectives:
  - target: 0.98
    ratioMetrics:
      incremental: true
      good: {source: prometheus, queryType: promql, query: good}
      total: {source: prometheus, queryType: promql, query: total}
";

fn import(folder: &Path, arguments: &[&str], input: &str) -> Ended {
    let mut program = Command::new(env!("CARGO_BIN_EXE_abide"));
    program.current_dir(folder).args(["import", "openslo"]).args(arguments).stdin(Stdio::piped());
    let mut child = program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // It may end before it reads anything.
    drop(child.stdin.take().unwrap().write_all(input.as_bytes()));
    Ended::of(&child.wait_with_output().unwrap())
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn read(folder: &Path, name: &str) -> Option<String> {
    std::fs::read_to_string(folder.join(name)).ok()
}

fn theirs() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "theirs/shop/service.yaml", SERVICE);
    write(folder.path(), "theirs/slo.yaml", RATIO);
    write(folder.path(), "theirs/helm.yaml", "{{ if true }}\n");
    write(folder.path(), "theirs/pod.yaml", "apiVersion: v1\nkind: Pod\n");
    write(folder.path(), "theirs/README.md", "openslo/v1");
    folder
}

#[test]
fn a_folder_is_imported_once_and_the_second_time_nothing_changes() {
    let folder = theirs();
    let first = import(folder.path(), &["theirs", "--rename"], "");
    assert_eq!(first.code, 0, "{}{}", first.out, first.err);
    assert!(first.out.contains("2 files written.") && first.out.contains("2 files passed over"), "{}", first.out);
    let service = SERVICE.replace("Web Shop", "web-shop");
    assert_eq!(read(folder.path(), "specs/imported/shop/service.yaml").as_ref(), Some(&service));
    let slo = read(folder.path(), "specs/imported/slo.yaml").unwrap();
    assert!(slo.contains("service: web-shop") && slo.contains("duration: 4w"), "{slo}");
    assert!(read(folder.path(), "specs/imported/helm.yaml").is_none());

    let second = import(folder.path(), &["theirs", "--rename"], "");
    assert!(second.code == 0 && second.out.contains("Nothing changed: every file is as it was."), "{}", second.out);
    assert_eq!(second.out.matches("unchanged").count(), 2);
    let valid = Command::new(env!("CARGO_BIN_EXE_abide")).current_dir(folder.path()).arg("validate").output().unwrap();
    assert_eq!(Ended::of(&valid).code, 0);
}

#[test]
fn a_file_that_is_there_is_kept_unless_forced() {
    let folder = theirs();
    write(folder.path(), "specs/imported/slo.yaml", "# mine\n");
    let kept = import(folder.path(), &["theirs/slo.yaml"], "");
    assert!(kept.out.contains("kept       specs/imported/slo.yaml") && kept.out.contains("--force"), "{}", kept.out);
    assert_eq!(read(folder.path(), "specs/imported/slo.yaml").as_deref(), Some("# mine\n"));
    let dry = import(folder.path(), &["theirs/slo.yaml", "--force", "--dry-run"], "");
    assert!(dry.out.contains("replaced") && dry.out.contains("Nothing was written"), "{}", dry.out);
    assert_eq!(read(folder.path(), "specs/imported/slo.yaml").as_deref(), Some("# mine\n"));
    import(folder.path(), &["theirs/slo.yaml", "--force"], "");
    assert!(read(folder.path(), "specs/imported/slo.yaml").unwrap().contains("openslo/v1\n"));
}

#[test]
#[cfg(unix)]
fn a_link_is_not_written_through() {
    let folder = theirs();
    std::fs::create_dir_all(folder.path().join("specs/imported")).unwrap();
    std::os::unix::fs::symlink("../../secret", folder.path().join("specs/imported/slo.yaml")).unwrap();
    let ended = import(folder.path(), &["theirs/slo.yaml", "--force"], "");
    assert!(ended.code == 2 && ended.err.contains("is no file"), "{}", ended.err);
    assert!(read(folder.path(), "secret").is_none());
}

#[test]
fn what_is_wrong_is_told_of_the_lines_of_the_input() {
    let folder = theirs();
    let text = format!("{SERVICE}---\n# odd\n{RATIO}---\napiVersion: n9/v1alpha\nkind: SLO\n---\n{SERVICE}");
    let ended = import(folder.path(), &["-", "--to", "mine", "-o", "json"], &text);
    assert_eq!(ended.code, 1, "{}", ended.err);
    let report: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(report["version"], 1);
    let specs = json!(["service/Web Shop", "slo/shop", "service/Web Shop"]);
    assert_eq!(report["files"], json!([{"file": "-", "to": "mine/stdin.yaml", "fate": "created", "specs": specs}]));
    let converted = &report["converted"][0];
    let of = |field: &str| converted[field].clone();
    assert_eq!(
        [of("line"), of("kind"), of("name"), of("from")],
        [json!(9), json!("SLO"), json!("shop"), json!("openslo/v1alpha")]
    );
    let lines: Vec<(u64, &str)> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["line"].as_u64().unwrap(), it["code"].as_str().unwrap()))
        .collect();
    assert_eq!(lines, [(5, "spec/name"), (9, "reference/kind"), (30, "spec/name")]);
    assert_eq!(report["findings"][0]["fix"], "use `web-shop`");
    assert_eq!(report["unread"][0]["line"], 23);
    assert!(report["unread"][0]["why"].as_str().unwrap().contains("Nobl9"));
}

#[test]
fn where_nothing_matches_it_ends_with_three() {
    let folder = theirs();
    write(folder.path(), "empty/a.yaml", "a: 1\n");
    for path in ["theirs/pod.yaml", "empty", "nowhere"] {
        let ended = import(folder.path(), &[path], "");
        assert_eq!(ended.code, 3, "{path}: {}{}", ended.out, ended.err);
    }
    assert!(!folder.path().join("specs").exists());
    write(folder.path(), "other/slo.yaml", RATIO);
    let both = import(folder.path(), &["theirs", "other"], "");
    assert!(both.code == 2 && both.err.contains("would both become slo.yaml"), "{}", both.err);
}

#[test]
fn references_lead_to_specs_that_are_there_already() {
    let folder = theirs();
    write(folder.path(), "specs/shop.yaml", &SERVICE.replace("Web Shop", "web-shop"));
    let ended = import(folder.path(), &["theirs/slo.yaml", "--rename"], "");
    assert!(ended.code == 0 && !ended.out.contains("reference/"), "{}", ended.out);
}
