use crate::cli::plan::{Args, run};
use crate::cli::testing::{NOW, Org, args};
use crate::cli::{CliError, Exit};

fn plan(org: &Org, line: &str) -> String {
    org.text(|io| run(&args::<Args>(line), &org.global, io))
}

fn error(org: &Org, line: &str) -> CliError {
    crate::cli::io::tests::run(|io| run(&args::<Args>(line), &org.global, io)).unwrap_err()
}

#[test]
fn recorded_answers_give_the_same_plan_without_the_database() {
    let org = Org::new();
    let file = org.git.path().join(".abide/answers.json");
    let file = file.display();
    let recorded = plan(&org, &format!("--at {NOW} --record {file} -o json"));
    assert!(recorded.contains("assignment/late-claim"), "{recorded}");
    let away = org.set("store.url=sqlite:.abide/gone.db");
    assert_eq!(plan(&away, &format!("--answers {file} -o json")), recorded);
    let again = plan(&away, &format!("--answers {file} -o json --at 2026-11-23T11:00:00Z"));
    assert!(again.contains("\"at\": \"2026-11-23T11:00:00Z\""), "a time that is given counts");
}

#[test]
fn a_file_that_is_no_recording_says_how_to_make_one() {
    let org = Org::new();
    let missing = error(&org, "--answers nowhere.json");
    assert_eq!(missing.exit, Exit::Usage);
    assert!(missing.to_string().contains("cannot read the answers nowhere.json"), "{missing}");
    let file = org.git.write(".abide/x.json", "{\"version\":7}");
    let other = error(&org, &format!("--answers {}", file.display()));
    assert!(other.message.contains("it has version 7, and this is version 3"), "{other}");
    let folder = org.git.path().display();
    let unwritable = error(&org, &format!("--record {folder}"));
    assert!(unwritable.message.starts_with(&format!("cannot write {folder}: ")), "{unwritable}");
}
