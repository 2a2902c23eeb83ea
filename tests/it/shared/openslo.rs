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
