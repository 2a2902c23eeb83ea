//! Words on the command line that mean nothing.

use super::{Expected, check};
use crate::support::organisation::Organisation;

#[test]
fn what_cannot_be_meant_is_a_usage_error() {
    let org = Organisation::new();
    let cases: [(&[&str], i32, &[&str]); 14] = [
        (&[], 2, &["Usage: abide"]),
        (&["vallidate"], 2, &["unrecognized subcommand 'vallidate'", "validate"]),
        (&["plan", "--at", "yesterday"], 2, &["invalid value 'yesterday'", "`yesterday` is no time"]),
        (&["plan", "-o", "xml"], 2, &["no format is called `xml`; the formats here are text and json"]),
        (&["plan", "-o", "json="], 2, &["the path after `=` is empty"]),
        (&["reconcile", "-o", "json=nowhere/x.json"], 2, &["cannot write nowhere/x.json"]),
        (&["plan", "-o", "json", "-o", "text"], 2, &["two outputs go to standard output", "give all but one a file"]),
        (&["plan", "--rev", "nowhere"], 4, &["has no `nowhere`"]),
        (&["plan", "--against", "nowhere"], 4, &["has no `nowhere`"]),
        (&["validate", "--rev", "nowhere"], 4, &["has no `nowhere`"]),
        (&["validate", "specs/nowhere.yaml"], 3, &["no specs matched"]),
        (&["validate", "-o", "sariff"], 2, &["no format is called `sariff`; did you mean `sarif`?"]),
        (&["new", "descision", "x"], 2, &["no kind is called `descision`", "did you mean `decision`?"]),
        (&["explain", "spec/shap"], 2, &["spec/shap"]),
    ];
    for (arguments, code, says) in cases {
        check(&org, arguments, &Expected { code, says });
    }
}

#[test]
fn overrides_are_named_as_they_were_written() {
    let org = Organisation::new();
    let cases: [(&str, &[&str]); 4] = [
        ("tasks.table", &["`--set tasks.table` has no value", "--set KEY=VALUE"]),
        ("tasks.tabel=jobs", &["no key is called `tabel` here"]),
        ("limits.open_per_pass=many", &["open_per_pass"]),
        ("specs.owner=developer", &["`developer` can own nothing", "role/NAME"]),
    ];
    for (set, says) in cases {
        check(&org, &["plan", "--set", set], &Expected { code: 2, says });
    }
    let url = Expected { code: 2, says: &["store"] };
    check(&org, &["plan", "--store", "mysql://there"], &url);
    check(&org, &["plan", "--config", "nowhere.toml"], &Expected { code: 2, says: &["nowhere.toml", "abide init"] });
}

#[test]
fn a_result_that_cannot_be_written_is_said() {
    let org = Organisation::new();
    let says: &[&str] = &["cannot write", "nowhere/out.json"];
    check(&org, &["plan", "-o", "json=nowhere/out.json"], &Expected { code: 2, says });
}
