//! What `[sources.NAME]` may say, and the exact message for what it may not.

use super::{error, set};
use crate::config::*;

const BOTH: &str = r#"
[sources.main]
type = "prometheus"
url = "https://prometheus.example:9090/behind"
token = "env:PROM_TOKEN"
timeout = "1m"
retries = 0

[sources.sql]
type = "sql"
url = "sqlite:reports.db"
tables = ["jobs", "builds"]
timeout = "10m"
rows = 7
"#;

#[test]
fn sources_of_both_types_are_read() {
    let sources = Config::parse(BOTH, &[]).unwrap().sources;
    let main = PrometheusSource {
        url: "https://prometheus.example:9090/behind".into(),
        auth: Auth::Bearer(Secret::Variable("PROM_TOKEN".into())),
        timeout: Duration::from_mins(1),
        retries: 0,
    };
    assert_eq!(sources.prometheus["main"], main);
    let sql = SqlSource {
        url: Some("sqlite:reports.db".into()),
        tables: vec!["jobs".into(), "builds".into()],
        timeout: Duration::from_mins(10),
        rows: 7,
    };
    assert_eq!(sources.sql["sql"], sql);
    assert_eq!((sources.prometheus.len(), sources.sql.len()), (1, 1));
}

#[test]
fn what_is_left_out_has_a_default() {
    let least = "[sources.p]\ntype = 'prometheus'\nurl = 'http://p'\n[sources.s]\ntype = 'sql'\ntables = ['t']";
    let sources = Config::parse(least, &[]).unwrap().sources;
    let p = &sources.prometheus["p"];
    assert_eq!((&p.auth, p.timeout, p.retries), (&Auth::None, Duration::from_secs(10), 3));
    let s = &sources.sql["s"];
    assert_eq!((&s.url, s.timeout, s.rows), (&None, Duration::from_secs(5), 100_000));
}

#[test]
fn a_password_may_lie_in_a_file() {
    let text = "[sources.p]\ntype = 'prometheus'\nurl = 'http://p'\nuser = 'me'\npassword = 'file:pass word'";
    let auth = Config::parse(text, &[]).unwrap().sources.prometheus["p"].auth.clone();
    assert_eq!(auth, Auth::Basic { user: "me".into(), password: Secret::File("pass word".into()) });
}

#[test]
fn mistakes_in_a_source_are_named_with_their_place() {
    let name =
        "no name: use lower-case letters, digits and hyphens, starting and ending with a letter or digit, at most 63";
    let cases = [
        ("[sources.p]", "1:10: `sources.p.type` is missing: `prometheus` or `sql`"),
        ("[sources.P]\ntype = 'sql'", &format!("1:10: `P` is {name}")),
        ("[sources.p]\ntype = 'promtheus'", "2:8: no type of source is called `promtheus`; did you mean `prometheus`?"),
        ("[sources.p]\ntype = 'influx'", "2:8: no type of source is called `influx`; use one of prometheus, sql"),
        (
            "[sources.p]\ntype = 'sql'\ntable = ['t']",
            "3:1: no key is called `table` here, expected one of `type`, `url`, `timeout`, `token`, `user`, `password`, `retries`, `tables`, `rows`; did you mean `tables`?",
        ),
        (
            "[sources.p]\ntype = 'prometheus'",
            "1:10: `sources.p.url` is missing: where the server is, as `http://HOST:9090`",
        ),
        (
            "[sources.s]\ntype = 'sql'",
            "1:10: `sources.s.tables` is missing: what may be read, as `tables = [\"jobs\"]`",
        ),
    ];
    for (text, message) in cases {
        assert_eq!(error(text), format!("abide.toml:{message}"), "{text}");
    }
}

/// Each mistake stands in the fourth line.
fn mistakes(above: &str, cases: &[(&str, &str)]) {
    for (line, message) in cases {
        assert_eq!(error(&format!("{above}\n{line}")), format!("abide.toml:4:{message}"), "{line}");
    }
}

#[test]
fn mistakes_of_a_prometheus_server_are_named_with_their_place() {
    let committed = "secrets are not written into a file that is committed; use env:NAME or file:PATH";
    let of_time = "is no duration; write a whole number and a unit: 90s, 15m, 6h, 14d or 4w";
    mistakes(
        "[sources.p]\ntype = 'prometheus'\nurl = 'http://p:9090'",
        &[
            ("tables = ['t']", "10: a source of type `prometheus` has no `tables`"),
            ("rows = 5", "8: a source of type `prometheus` has no `rows`"),
            ("token = 'hunter2'", &format!("9: {committed}")),
            ("token = 12345", &format!("9: {committed}")),
            ("token = 'env:'", &format!("9: {committed}")),
            ("token = 'env:hunter-2'", &format!("9: {committed}")),
            ("token = 'file: '", &format!("9: {committed}")),
            ("user = 'me'", "8: this user has no password; write `password = \"env:NAME\"`"),
            ("password = 'env:P'", "12: this password has no user; write `user = \"...\"`"),
            (
                "token = 'env:T'\nuser = 'me'",
                "9: a server is entered with a token or with a user and a password, not with both; leave `token` out, or `user` and `password`",
            ),
            ("user = 'a:b'\npassword = 'env:P'", "8: a user's name has no colon in it: HTTP could not tell its end"),
            ("timeout = 'soon'", &format!("11: `soon` {of_time}")),
            (
                "timeout = '0s'",
                "11: the duration `0s` is out of range; it must be longer than nothing and at most 3650000d",
            ),
            ("timeout = '11m'", "11: `11m` is too long to wait; write 10m at most"),
            ("retries = -1", "11: retries must be a whole number from 0 to 10"),
            ("retries = 11", "11: retries must be a whole number from 0 to 10"),
        ],
    );
}

#[test]
fn mistakes_of_a_database_are_named_with_their_place() {
    mistakes(
        "[sources.s]\ntype = 'sql'\nurl = 'sqlite:a@b.db'",
        &[
            (
                "tables = []",
                "10: without a table nothing can be asked; name every table that may be read, as `tables = [\"jobs\"]`",
            ),
            ("tables = ['t', ' ']", "16: this must not be empty"),
            ("tables = ['SQLite_master']", "11: `SQLite_master` is one of SQLite's own tables, which are never read"),
            ("tables = 't'", "10: invalid type: string \"t\", expected a sequence"),
            ("token = 'env:T'", "9: a source of type `sql` has no `token`"),
            ("user = 'me'", "8: a source of type `sql` has no `user`"),
            ("password = 'hunter2'", "12: a source of type `sql` has no `password`"),
            ("retries = 1", "11: a source of type `sql` has no `retries`"),
            ("rows = 0\ntables = ['t']", "8: rows must be a whole number from 1 to 1000000"),
            (
                "timeout = '0s'\ntables = ['t']",
                "11: the duration `0s` is out of range; it must be longer than nothing and at most 3650000d",
            ),
        ],
    );
}

#[test]
fn an_address_is_one_of_a_server_and_holds_no_password() {
    let committed = "an address with a user or a password in it is not written into a file that is committed; leave out what is before the `@`; a Prometheus server has the keys `token`, or `user` and `password`";
    let no_server = "this is no address of a web server; write `http://HOST:PORT`";
    let cases = [
        ("prometheus", "https://u:hunter2@p:9090", committed),
        ("prometheus", "https://u:hunt/er2@p:9090", committed),
        ("prometheus", "ftp://u:hunter2@p", committed),
        ("prometheus", "prometheus:9090", no_server),
        ("prometheus", "file:///etc/passwd", no_server),
        ("prometheus", "", "this must not be empty"),
        ("prometheus", "http://", "the address names no host; write `http://HOST:PORT`"),
        ("prometheus", "http://:9090", "the address names no host; write `http://HOST:PORT`"),
        (
            "prometheus",
            "http://p?token=hunter2",
            "the address ends before any `?` or `#`: what is asked is added to it",
        ),
        ("prometheus", "http://p q", "an address has no blanks in it"),
        ("sql", "postgres://u:hunter2@db/reports", committed),
        ("sql", "sqlite:", "this names no file; write `sqlite:PATH`"),
        ("sql", "sqlite://", "this names no file; write `sqlite:PATH`"),
    ];
    for (kind, url, message) in cases {
        let tables = if kind == "sql" { "tables = ['t']" } else { "" };
        let text = format!("[sources.p]\ntype = '{kind}'\nurl = '{url}'\n{tables}");
        assert_eq!(error(&text), format!("abide.toml:3:7: {message}"), "{url}");
    }
}

#[test]
fn a_mistake_in_an_override_of_a_source_names_its_key_and_no_secret() {
    let fault = |key: &str, value: &str| Config::parse(BOTH, &set(key, value)).unwrap_err().to_string();
    let committed = "secrets are not written into a file that is committed; use env:NAME or file:PATH";
    assert_eq!(fault("sources.main.token", "hunter2"), format!("--set sources.main.token: {committed}"));
    assert_eq!(fault("sources.main.token", "[\"hunter2\"]"), format!("--set sources.main.token: {committed}"));
    assert_eq!(fault("sources.sql.rows", "0"), "--set sources.sql.rows: rows must be a whole number from 1 to 1000000");
}
