//! Texts that are no specs.

use super::{Expected, check};
use crate::support::organisation::{NOW, Organisation};

const HEAD: &str = "apiVersion: abide.dev/v1\nkind: Role\nmetadata: {name: odd}\n";

#[test]
fn every_broken_text_is_named_by_its_line_and_code() {
    let deep = format!("{HEAD}spec: {{description: {}1{}}}\n", "[".repeat(100), "]".repeat(100));
    let bomb: String = (1..12)
        .map(|n| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(", ")))
        .fold("a0: &a0 [x]\n".to_owned(), |all, line| all + &line);
    let large = format!("{HEAD}spec: {{description: \"{}\"}}\n", "x".repeat(1 << 20));
    let cases: [(&str, &[u8], &[&str]); 20] = [
        ("yaml/syntax", b"kind: [\n", &["specs/odd.yaml:"]),
        ("yaml/duplicate-key", b"apiVersion: abide.dev/v1\nkind: Role\nmetadata: {name: a, name: b}\nspec: {}\n", &["specs/odd.yaml:3:"]),
        ("yaml/tag", b"apiVersion: abide.dev/v1\nkind: Role\nmetadata: {name: a}\nspec: !ruby/object {}\n", &["specs/odd.yaml:4:"]),
        ("yaml/merge-key", b"apiVersion: abide.dev/v1\nkind: Role\nmetadata: {name: a}\nspec: {<<: {description: b}}\n", &["specs/odd.yaml:4:"]),
        ("yaml/character", b"apiVersion: abide.dev/v1\nkind: Role\nmetadata: {name: a}\nspec: {description: \"a\x00b\"}\n", &["specs/odd.yaml:4:"]),
        ("yaml/key", b"? [a, b]\n: 1\n", &["specs/odd.yaml:1:"]),
        ("yaml/depth", deep.as_bytes(), &["specs/odd.yaml:4:"]),
        ("yaml/alias", bomb.as_bytes(), &["specs/odd.yaml:"]),
        ("file/encoding", b"title: caf\xe9\n", &["specs/odd.yaml:1:"]),
        ("file/too-large", large.as_bytes(), &["specs/odd.yaml:1:"]),
        ("spec/shape", b"- just\n- words\n", &["specs/odd.yaml:1:"]),
        ("spec/api-version", b"apiVersion: openslo/v1alpha\nkind: Service\nmetadata: {name: a}\nspec: {}\n", &["specs/odd.yaml:1:13"]),
        ("spec/kind", b"apiVersion: abide.dev/v1\nkind: Descision\nmetadata: {name: a}\nspec: {}\n", &["specs/odd.yaml:2:7", "Decision"]),
        ("spec/name", b"apiVersion: abide.dev/v1\nkind: Role\nmetadata: {name: Use Postgres}\nspec: {}\n", &["specs/odd.yaml:3:"]),
        ("spec/missing-field", b"apiVersion: abide.dev/v1\nkind: Decision\nmetadata: {name: a}\nspec: {status: accepted}\n", &["specs/odd.yaml:4:", "`date`"]),
        ("spec/unknown-field", b"apiVersion: abide.dev/v1\nkind: Role\nmetadata: {name: a, labelz: {}}\nspec: {}\n", &["specs/odd.yaml:3:", "labels"]),
        ("spec/wrong-type", b"apiVersion: abide.dev/v1\nkind: Agent\nmetadata: {name: a}\nspec: {human: yes}\n", &["specs/odd.yaml:4:"]),
        ("spec/value", b"apiVersion: abide.dev/v1\nkind: AgentPool\nmetadata: {name: a}\nspec: {role: developer, cooldown: soon}\n", &["specs/odd.yaml:4:", "soon"]),
        ("spec/duplicate", b"apiVersion: abide.dev/v1\nkind: Role\nmetadata: {name: developer}\nspec: {}\n", &["specs/odd.yaml:3:"]),
        ("reference/unknown", b"apiVersion: abide.dev/v1\nkind: Agent\nmetadata: {name: a}\nspec: {roles: [develper]}\n", &["specs/odd.yaml:4:", "did you mean `developer`?"]),
    ];
    for (code, text, says) in cases {
        let org = Organisation::new();
        org.repo.write("specs/odd.yaml", text);
        let code = format!("error[{code}]");
        let expected: Vec<&str> = [&[code.as_str()], says].concat();
        check(&org, &["validate", "specs/odd.yaml"], &Expected { code: 1, says: &expected });
        // A broken file takes nothing from the others.
        let plan = org.abide(&["plan", "--at", NOW, "-o", "json"]);
        assert_eq!(plan.code, 0, "{code}: {plan:?}");
    }
}

#[test]
fn standard_input_is_checked_like_a_file() {
    use std::io::Write;
    use std::process::Stdio;
    let org = Organisation::new();
    let mut command = org.command(&["validate", "-"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"kind: [\n").unwrap();
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&ended.stdout).contains("error[yaml/syntax]"));
}
