//! The client of Prometheus against a real one, as Debian has it, which asks a real exporter.

mod levels;
pub(crate) mod process;
pub(crate) mod server;

use std::fmt::Write as _;
use std::sync::Arc;

use abide::config::{Auth, PrometheusSource, Secret};
use abide::engine::{Clock as _, SystemClock};
use abide::evidence::prometheus::{Client, Fault, Line, MOST_LINES};
use abide::model::{Duration, Timestamp};

use process::left_out;
use server::{Exporter, Server, Setup, USER};

const SECOND: Duration = Duration::from_secs(1);

/// Counts the scrapes that the exporter has answered since it was started.
const SCRAPES: &str = r#"sum by (job) (promhttp_metric_handler_requests_total{code="200"})"#;

fn now() -> Timestamp {
    SystemClock.now()
}

/// The only value of a query, now.
fn value(client: &Client, query: &str) -> Option<f64> {
    let lines = client.instant(query, now()).unwrap();
    assert!(lines.len() <= 1, "{lines:?}");
    lines.first().map(|line| line.points[0].1)
}

/// Waits until a query gives something.
fn until(server: &mut Server, client: &Client, query: &str) {
    server.process.until(&format!("`{query}` has a value"), || value(client, query));
}

#[test]
fn counters_of_a_real_exporter_grow_and_fall() {
    if left_out() {
        return;
    }
    let mut exporter = Exporter::start();
    let mut server = Server::with(&Setup { scrapes: Some(exporter.port), ..Setup::default() });
    let (client, begin) = (Client::at(server.url()), now());
    until(&mut server, &client, "up == 1");
    let up = client.instant("up", now()).unwrap();
    assert_eq!(&*up[0].labels, &format!(r#"{{instance="127.0.0.1:{}", job="node"}}"#, exporter.port));
    until(&mut server, &client, &format!("{SCRAPES} >= 4"));
    let grown = client.range(SCRAPES, begin, now(), SECOND).unwrap();
    let [Line { labels, points }] = &*grown else { panic!("{grown:?}") };
    assert_eq!(&**labels, r#"{job="node"}"#);
    assert!(points.iter().all(|(at, _)| at.as_millis() % 1000 == 0), "{points:?}");
    assert!(points.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1), "{points:?}");
    assert!(points[points.len() - 1].1 > points[0].1, "{points:?}");
    let ticks = client.range("sum(process_cpu_seconds_total) * 0 + 1", begin, now(), SECOND).unwrap();
    let pairs = points.iter().filter(|(at, _)| ticks[0].points.contains(&(*at, 1.0))).count();
    assert!(pairs + 1 >= points.len(), "two queries have no common times: {points:?} {ticks:?}");
    exporter.restart();
    server.process.until("the counter has fallen", || {
        let lines = client.range(SCRAPES, begin, now(), SECOND).unwrap();
        lines[0].points.windows(2).any(|pair| pair[0].1 > pair[1].1).then_some(())
    });
    drop(server);
    let tries = client.waiting(Arc::new(|_| true)).instant("up", now()).unwrap_err();
    assert!(matches!(tries, Fault::OutOfReach { tries: 3, .. }), "{tries}");
}

#[test]
fn a_real_server_says_what_is_wrong_with_a_query() {
    if left_out() {
        return;
    }
    let server = Server::start(None);
    let client = Client::at(server.url());
    let fault = |query: &str| {
        let instant = client.instant(query, now());
        let fault = instant.expect_err(query);
        assert!(matches!(fault, Fault::BadQuery { .. }), "{query}: {fault}");
        fault.to_string()
    };
    assert!(fault("sum(").contains("parse error"), "{}", fault("sum("));
    assert!(fault("up[5m]").contains("put a function around"));
    assert!(fault("'a'").contains("a text"));
    let double = r#"label_replace(vector(1), "a", "b", "", "") or vector(2)"#;
    let matching = fault(&format!("({double}) * on () ({double})"));
    assert!(matching.contains("many-to-many"), "{matching}");
    let ranged = client.range("sum(", now(), now().plus(SECOND), SECOND).unwrap_err();
    assert!(matches!(ranged, Fault::BadQuery { .. }), "{ranged}");
    assert_eq!((value(&client, "1 + 1"), value(&client, "vector(3)")), (Some(2.0), Some(3.0)));
    assert_eq!((value(&client, "0 / 0"), value(&client, "1 / 0"), value(&client, "up")), (None, None, None));
    // Longer than any URL may be.
    assert_eq!(value(&client, &format!("4 # {}", "x".repeat(100_000))), Some(4.0));
}

#[test]
fn a_month_of_history_comes_in_parts_and_whole() {
    if left_out() {
        return;
    }
    let (begin, minute) = ("2026-02-01T00:00:00Z".parse::<Timestamp>().unwrap(), Duration::from_mins(1));
    let moments = |count: u64| (0..count).map(|n| (begin.plus(minute.scaled(n, 1)), n as f64));
    let mut history = "# TYPE requests counter\n".to_owned();
    for (at, value) in moments(30 * 24 * 60) {
        writeln!(history, "requests_total{{code=\"200\"}} {value} {}", at.as_millis() / 1000).unwrap();
    }
    history.push_str("# TYPE many gauge\n");
    for n in 0..=MOST_LINES {
        writeln!(history, "many{{n=\"{n}\"}} 1 {}", begin.as_millis() / 1000).unwrap();
    }
    history.push_str("# EOF\n");
    let server = Server::start(Some(&history));
    let client = Client::at(server.url());
    let last = begin.plus(Duration::from_days(30)).minus(minute);
    let lines = client.range("requests_total", begin.minus(minute), last, minute).unwrap();
    let whole = Line { labels: r#"{code="200"}"#.into(), points: moments(30 * 24 * 60).collect() };
    assert!(lines == [whole], "{} lines, the first of {:?} points", lines.len(), lines.first().map(|l| l.points.len()));
    let many = client.instant("many", begin).unwrap_err();
    assert!(matches!(many, Fault::TooMuch { .. }), "{many}");
    assert_eq!(client.instant("sum(many)", begin).unwrap()[0].points, [(begin, 201.0)]);
}

#[test]
fn a_server_with_a_login_lets_in_who_has_it() {
    if left_out() {
        return;
    }
    let server = Server::with(&Setup { has_login: true, ..Setup::default() });
    let folder = tempfile::tempdir().unwrap();
    let ask = |password: Option<&str>| {
        let basic = |password| {
            std::fs::write(folder.path().join("password"), password).unwrap();
            Auth::Basic { user: USER.into(), password: Secret::File("password".into()) }
        };
        let auth = password.map_or(Auth::None, basic);
        let (url, timeout) = (server.url().into(), Duration::from_secs(30));
        Client::new(&PrometheusSource { url, auth, timeout, retries: 0 }, folder.path()).instant("1", now())
    };
    assert_eq!(ask(Some("secret\n")).unwrap().len(), 1);
    for refused in [ask(None), ask(Some("wrong-word"))] {
        let fault = refused.unwrap_err();
        assert!(matches!(fault, Fault::Refused { .. }), "{fault}");
        assert!(!fault.to_string().contains("wrong-word"));
    }
}
