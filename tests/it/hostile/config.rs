//! An `abide.toml` that cannot be meant.

use super::{Expected, check_both};
use crate::support::organisation::Organisation;

#[test]
fn a_configuration_that_cannot_be_meant_is_named_by_its_line() {
    let cases: [(&str, &str, &[&str]); 8] = [
        ("[tasks]", "[tasks", &["abide.toml:5"]),
        (
            "table = \"jobs\"",
            "tabel = \"jobs\"",
            &["abide.toml:6:1", "no key is called `tabel` here", "did you mean `table`?"],
        ),
        (
            "time = \"text\"",
            "time = \"txt\"",
            &["abide.toml:7:8", "no time format is called `txt`", "did you mean `text`?"],
        ),
        ("time = \"text\"", "time = 7", &["abide.toml:7"]),
        ("\"role/triage\"", "\"triage\"", &["abide.toml:2", "`triage` can own nothing"]),
        ("pending = [\"todo\"]", "pendin = [\"todo\"]", &["abide.toml:21", "pendin"]),
        (">=10", "=>10", &["abide.toml:27", "=>10"]),
        ("id = \"id\"\n", "", &["id"]),
    ];
    for (part, other, says) in cases {
        let org = Organisation::new();
        org.config(part, other);
        check_both(&org, &Expected { code: 2, says });
    }
}

#[test]
fn bytes_that_are_no_text_are_no_configuration() {
    let org = Organisation::new();
    org.repo.write("abide.toml", [0xff, 0xfe, 0x00]);
    check_both(&org, &Expected { code: 2, says: &["abide.toml"] });
}
