//! What is sent to a server, and what is made of its answers.

mod server;
mod tries;

use super::*;
use crate::config::Secret;
use server::{Asked, Does, Server};

const NOTHING: &str = r#"{"status":"success","data":{"resultType":"matrix","result":[]}}"#;

fn secs(secs: i64) -> Timestamp {
    Timestamp::from_secs(secs)
}

fn matrix(series: &[(&str, &str)]) -> String {
    let series: Vec<String> =
        series.iter().map(|(labels, values)| format!(r#"{{"metric":{labels},"values":[{values}]}}"#)).collect();
    format!(r#"{{"status":"success","data":{{"resultType":"matrix","result":[{}]}}}}"#, series.join(","))
}

/// What a server that says this gives for the minutes from 0 to 5.
fn five_minutes(body: &str) -> Result<Vec<Line>, Fault> {
    Client::at(&Server::saying(body).url).range("q", secs(0), secs(300), Duration::from_mins(1))
}

fn with(auth: Auth, url: &str, base: &Path) -> Client {
    Client::new(&PrometheusSource { url: url.into(), auth, timeout: TIMEOUT, retries: 0 }, base)
}

#[test]
fn a_query_is_a_form_and_says_who_asks() {
    let (server, folder) = (Server::saying(NOTHING), tempfile::tempdir().unwrap());
    std::fs::write(folder.path().join("secret"), "secret\n").unwrap();
    let secret = || Secret::File("secret".into());
    let ask = |auth| with(auth, &server.url, folder.path()).range("up{a=\"b\"}", secs(0), secs(60), TIMEOUT).unwrap();
    ask(Auth::None);
    ask(Auth::Bearer(secret()));
    ask(Auth::Basic { user: "ada".into(), password: secret() });
    let asked = server.asked();
    let sent: Vec<_> = asked.iter().map(|asked| asked.authorization.as_deref()).collect();
    assert_eq!(sent, [None, Some("Bearer secret"), Some("Basic YWRhOnNlY3JldA==")]);
    let Asked { path, form, .. } = &asked[0];
    assert_eq!(path, "/api/v1/query_range");
    assert_eq!(form["query"], "up%7Ba%3D%22b%22%7D");
    assert_eq!((&*form["start"], &*form["end"], &*form["step"]), ("0.000", "60.000", "30.000"));
}

#[test]
fn a_secret_that_is_replaced_is_used_from_then_on() {
    let (server, folder) = (Server::saying(NOTHING), tempfile::tempdir().unwrap());
    let client = with(Auth::Bearer(Secret::File("token".into())), &server.url, folder.path());
    for token in ["one", "two"] {
        std::fs::write(folder.path().join("token"), token).unwrap();
        client.range("q", secs(0), secs(1), TIMEOUT).unwrap();
    }
    std::fs::remove_file(folder.path().join("token")).unwrap();
    let fault = client.range("q", secs(0), secs(1), TIMEOUT).unwrap_err();
    let says = format!("there are no credentials for Prometheus at {}: the file ", server.url);
    assert!(fault.to_string().starts_with(&says), "{fault}");
    assert_eq!(server.asked().last().unwrap().authorization.as_deref(), Some("Bearer two"));
}

#[test]
fn credentials_go_to_no_other_host() {
    let other = Server::saying(NOTHING);
    let place = format!("Location: {}/api/v1/query_range?query=q\r\n", other.url.replace("//", "//ada:word@"));
    let server = Server::new(move |_, _| Does::Says("302 Found", place.clone(), String::new()));
    let auth = Auth::Bearer(Secret::Variable("CARGO_PKG_NAME".into()));
    let fault = with(auth, &server.url, Path::new("")).range("q", secs(0), secs(1), TIMEOUT).unwrap_err();
    let says = format!("302 Found: it sends to `{}`; write that URL in abide.toml", other.url);
    assert!(fault.to_string().ends_with(&says), "{fault}");
    assert!(server.asked()[0].authorization.is_some() && other.asked().is_empty());
}

#[test]
fn long_ranges_are_asked_for_in_parts_and_joined() {
    let server = Server::new(|before, asked| {
        let (start, end) = (&asked.form["start"], &asked.form["end"]);
        let (a, b) = (r#"{"__name__":"m","b":"1","a":"2"}"#, r#"{"c":"3"}"#);
        let points = format!(r#"[{start},"{before}"],[{end},"7"]"#);
        // The second line comes into being late.
        let series = [(b, &*points), (a, &*points)];
        Does::ok(&matrix(if before == 0 { &series[1..] } else { &series }))
    });
    let step = Duration::from_secs(10);
    let lines = Client::at(&format!("{}/", server.url)).range("q", secs(5), secs(210_009), step).unwrap();
    let asked: Vec<_> = server.asked().into_iter().map(|asked| asked.form).collect();
    let parts: Vec<_> = asked.iter().map(|form| (&*form["start"], &*form["end"])).collect();
    assert_eq!(parts, [("10.000", "100000.000"), ("100010.000", "200000.000"), ("200010.000", "210000.000")]);
    let point = |at, value| (secs(at), value);
    let late = [point(100_010, 1.0), point(200_000, 7.0), point(200_010, 2.0), point(210_000, 7.0)];
    let whole: Vec<_> = [point(10, 0.0), point(100_000, 7.0)].into_iter().chain(late).collect();
    let line = |labels: &str, points| Line { labels: labels.into(), points };
    assert_eq!(lines, [line(r#"{a="2", b="1"}"#, whole), line(r#"{c="3"}"#, late.to_vec())]);
}

#[test]
fn one_part_that_fails_fails_the_whole() {
    let server = Server::new(|before, _| Does::ok(if before == 0 { NOTHING } else { "{}" }));
    let fault = Client::at(&server.url).range("q", secs(0), secs(20_000), Duration::from_secs(1)).unwrap_err();
    assert!(matches!(fault, Fault::Malformed { .. }), "{fault}");
}

#[test]
fn a_range_without_moments_is_not_asked_for() {
    let server = Server::saying(NOTHING);
    let client = Client::at(&server.url);
    assert_eq!(client.range("q", secs(61), secs(119), Duration::from_mins(1)), Ok(vec![]));
    let fault = client.range("q", secs(0), secs(1_000_000), Duration::from_secs(1)).unwrap_err();
    assert!(fault.to_string().ends_with("1000001 points a line, where 1000000 is the most; take a longer step"));
    assert!(server.asked().is_empty());
}

#[test]
fn what_is_no_number_is_left_out_and_warnings_are_not_read() {
    let values = r#"[0,"NaN"],[60,"1"],[120,"+Inf"],[180,"-Inf"],[300,"0.5"]"#;
    let body = matrix(&[(r#"{"a":"1"}"#, values), (r#"{"a":"2"}"#, r#"[0,"NaN"]"#)]);
    let body = body.replacen('{', r#"{"warnings":["PromQL warning: beware"],"infos":["x"],"#, 1);
    let line = Line { labels: r#"{a="1"}"#.into(), points: vec![(secs(60), 1.0), (secs(300), 0.5)] };
    assert_eq!(five_minutes(&body), Ok(vec![line]));
}

#[test]
fn an_answer_that_is_not_one_is_told() {
    for (body, why) in [
        ("<html>", "it cannot be read: expected value at line 1 column 1; is this the URL of a Prometheus server?"),
        (
            &matrix(&[("{}", r#"[61,"1"]"#)]),
            "a sample of 1970-01-01T00:01:01Z, which was not asked for or is out of order",
        ),
        (&matrix(&[("{}", r#"[60,"1"],[60,"1"]"#)]), "a sample of 1970-01-01T00:01:00Z, which was not asked for"),
        (r#"{"status":"success","data":{"resultType":"vector","result":[]}}"#, "a range was asked for"),
        (r#"{"status":"success"}"#, "there is neither data nor an error in it"),
    ] {
        let fault = five_minutes(body).unwrap_err();
        let Fault::Malformed { why: said, .. } = &fault else { panic!("{fault}") };
        assert!(said.starts_with(why), "{said}");
    }
}

#[test]
fn lines_that_could_not_be_told_apart_are_a_bad_query() {
    let same = matrix(&[(r#"{"__name__":"a","x":"1"}"#, ""), (r#"{"__name__":"b","x":"1"}"#, "")]);
    let histogram =
        r#"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"histograms":[[0,{}]]}]}}"#;
    for (body, why) in
        [(&*same, r#"it gives two lines with the labels {x="1"}"#), (histogram, "{} is a native histogram")]
    {
        let fault = five_minutes(body).unwrap_err();
        let Fault::BadQuery { why: said, .. } = &fault else { panic!("{fault}") };
        assert!(said.starts_with(why), "{said}");
    }
}

#[test]
fn too_many_lines_and_too_long_answers_are_refused() {
    let labels: Vec<String> = (0..=MOST_LINES).map(|n| format!(r#"{{"n":"{n}"}}"#)).collect();
    let series: Vec<_> = labels.iter().map(|labels| (&**labels, r#"[0,"1"]"#)).collect();
    assert_eq!(five_minutes(&matrix(&series[1..])).unwrap().len(), MOST_LINES);
    let fault = five_minutes(&matrix(&series)).unwrap_err().to_string();
    assert!(
        fault.ends_with("too much: more than 200 lines; aggregate them, as with `sum by (label) (...)`"),
        "{fault}"
    );
    let fault = five_minutes(&" ".repeat(MOST_BYTES as usize + 1)).unwrap_err().to_string();
    assert!(fault.contains("too much: an answer of more than 64 MiB; aggregate"), "{fault}");
}

#[test]
fn a_query_at_one_time_gives_a_point_a_line() {
    let body = r#"{"status":"success","data":{"resultType":"vector","result":[
        {"metric":{"code":"500"},"value":[9.25,"2"]},{"metric":{"code":"200"},"value":[9.25,"1"]},
        {"metric":{"code":"404"},"value":[9.25,"NaN"]}]}}"#;
    let server = Server::saying(body);
    let at = Timestamp::from_millis(9250);
    let lines = Client::at(&server.url).instant("q", at).unwrap();
    let line = |labels: &str, value| Line { labels: labels.into(), points: vec![(at, value)] };
    assert_eq!(lines, [line(r#"{code="200"}"#, 1.0), line(r#"{code="500"}"#, 2.0)]);
    let asked = server.asked().remove(0);
    assert_eq!((&*asked.path, &*asked.form["time"]), ("/api/v1/query", "9.250"));
    let scalar = Server::saying(r#"{"status":"success","data":{"resultType":"scalar","result":[9.25,"3"]}}"#);
    assert_eq!(Client::at(&scalar.url).instant("3", at), Ok(vec![line("{}", 3.0)]));
}
