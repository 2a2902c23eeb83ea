//! What `abide demo` prints to try next does what it says when it is pasted.

use crate::shell::Shell;

#[test]
fn what_the_demo_says_to_try_works() {
    let mut shell = Shell::new();
    let (printed, code) = shell.run("abide demo 'my demo'");
    assert_eq!(code, 0, "{printed}");
    let (_, tries) = printed.split_once("Now try:").unwrap();
    let mut said = Vec::new();
    for command in tries.lines().filter_map(|line| line.strip_prefix("    ")) {
        let (output, code) = shell.run(command);
        assert_eq!(code, 0, "$ {command}\n{output}");
        if command == "abide reconcile" {
            said.push(output);
        }
    }
    let [code, work, claim, spec] = &said[..] else { panic!("{} passes", said.len()) };
    let closes = |output: &str, what: &str| output.lines().any(|line| line.starts_with("close") && line.contains(what));
    assert!(closes(code, "rule no-direct-calls"), "{code}");
    assert!(closes(work, "rule none-left"), "{work}");
    assert!(claim.contains("reopen  medium   dev-1 runs more tasks than it may"), "{claim}");
    assert!(closes(spec, "dev-1 runs more tasks than it may"), "{spec}");
    let (again, code) = shell.run("cd .. && abide demo 'my demo'");
    assert!(code == 0 && again.starts_with("Built anew"), "{again}");
}

#[test]
fn every_example_is_valid_without_a_warning() {
    let mut shell = Shell::new();
    let examples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let folders = std::fs::read_dir(examples).unwrap().map(|entry| entry.unwrap().path());
    for folder in folders.filter(|path| path.is_dir()) {
        let command = format!("abide --config '{}/abide.toml' validate --strict", folder.display());
        let (printed, code) = shell.run(&command);
        assert_eq!(code, 0, "{printed}");
        let codes: Vec<&str> =
            printed.lines().filter_map(|line| line.strip_prefix("info[")?.split(']').next()).collect();
        // Two decisions of the agency do not go together; one of them is the drift that its story is about.
        let planted = ["adr/superseded-yet-accepted", "adr/proposed-over-accepted"];
        let expected: &[&str] = if folder.ends_with("agency") { &planted } else { &[] };
        assert_eq!(codes, expected, "{printed}");
    }
}
