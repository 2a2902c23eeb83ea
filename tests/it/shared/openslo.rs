//! OpenSLO's own examples.

use super::shared;
use crate::support::organisation::Ended;

#[test]
fn each_example_of_openslo_is_valid_by_itself() {
    let Some(folder) = shared("data/openslo/examples") else { return };
    let mut folders = vec![folder];
    let mut seen = 0;
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml") {
                let alone = tempfile::tempdir().unwrap();
                std::fs::create_dir(alone.path().join("specs")).unwrap();
                std::fs::copy(&path, alone.path().join("specs/one.yaml")).unwrap();
                let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_abide"));
                let ended = Ended::of(&program.current_dir(alone.path()).arg("validate").output().unwrap());
                assert_eq!(ended.code, 0, "{}: {}", path.display(), ended.out);
                seen += 1;
            }
        }
    }
    assert!(seen >= 4, "only {seen} examples");
}

#[test]
fn every_document_that_openslo_tries_its_own_checker_on_is_imported_or_told_of() {
    let Some(folder) = shared("data/openslo") else { return };
    let alone = tempfile::tempdir().unwrap();
    let import = || {
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_abide"));
        let arguments = ["import", "openslo", "--rename", "-o", "json"];
        Ended::of(&program.current_dir(alone.path()).args(arguments).arg(&folder).output().unwrap())
    };
    let first = import();
    let report: serde_json::Value = serde_json::from_str(&first.out).unwrap();
    let files = report["files"].as_array().unwrap();
    assert!(first.code == 1 && files.len() >= 14, "{}", first.out);
    // Timeslices of v1alpha have no length, and nobody can know it.
    let unread: Vec<&str> = report["unread"].as_array().unwrap().iter().filter_map(|it| it["why"].as_str()).collect();
    assert!(unread.len() == 1 && unread[0].contains("timeSliceWindow"), "{unread:?}");
    let froms: std::collections::BTreeSet<&str> =
        report["converted"].as_array().unwrap().iter().filter_map(|it| it["from"].as_str()).collect();
    assert!(["openslo/v1alpha", "openslo.com/v2alpha"].iter().all(|from| froms.contains(from)), "{froms:?}");
    for file in files.iter().filter(|file| file["file"].as_str().is_some_and(|name| name.contains("/examples/"))) {
        let of = |field: &str| std::fs::read_to_string(alone.path().join(file[field].as_str().unwrap())).unwrap();
        assert_eq!(of("file"), of("to"), "a document of v1 is taken over letter by letter");
    }
    let again: serde_json::Value = serde_json::from_str(&import().out).unwrap();
    assert!(again["files"].as_array().unwrap().iter().all(|file| file["fate"] == "unchanged"), "{again}");
}
