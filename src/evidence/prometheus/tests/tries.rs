//! What is tried again, how long is waited before, and what is not.

use std::net::TcpListener;
use std::sync::Mutex;

use super::*;

const ONE: &str = r#"{"status":"success","data":{"resultType":"scalar","result":[1,"1"]}}"#;
const BUSY: &str = r#"{"status":"error","errorType":"timeout","error":"query timed out"}"#;

/// What came of a query, and the times that were waited meanwhile, in milliseconds. Nothing really waits.
fn ask(url: &str, retries: u32, timeout: Duration) -> (Result<Vec<Line>, Fault>, Vec<u64>) {
    let waited = Arc::new(Mutex::new(Vec::new()));
    let source = PrometheusSource { url: url.into(), auth: Auth::None, timeout, retries };
    let log = waited.clone();
    let client = Client::new(&source, Path::new("")).waiting(Arc::new(move |length| {
        log.lock().unwrap().push(length.as_millis());
        true
    }));
    let answer = client.instant("q", secs(1));
    let waited = waited.lock().unwrap().clone();
    (answer, waited)
}

/// The same of a server that does this at first, and answers after so many requests.
fn after(
    failures: usize,
    retries: u32,
    fails: impl Fn() -> Does + Send + 'static,
) -> (Result<Vec<Line>, Fault>, Vec<u64>) {
    let server = Server::new(move |before, _| if before < failures { fails() } else { Does::ok(ONE) });
    let (answer, waited) = ask(&server.url, retries, TIMEOUT);
    assert_eq!(server.asked().len(), waited.len() + 1);
    (answer, waited)
}

#[test]
fn what_may_pass_is_tried_again() {
    let fails: [fn() -> Does; 4] = [
        || Does::says("503 Service Unavailable", BUSY),
        || Does::says("502 Bad Gateway", "<html>"),
        || Does::says("429 Too Many Requests", ""),
        || Does::BreaksOff,
    ];
    for fails in fails {
        let (answer, waited) = after(2, 2, fails);
        assert_eq!(answer.unwrap()[0].points, [(secs(1), 1.0)]);
        assert_eq!(waited, [200, 400]);
    }
}

#[test]
fn waits_grow_up_to_a_limit_and_end() {
    let (answer, waited) = after(99, 7, || Does::says("503 Service Unavailable", BUSY));
    let fault = answer.unwrap_err().to_string();
    assert!(
        fault.ends_with(" did not answer in time after 8 tries: 503 Service Unavailable: query timed out"),
        "{fault}"
    );
    assert_eq!(waited, [200, 400, 800, 1600, 3200, 5000, 5000]);
}

#[test]
fn a_server_may_ask_for_a_longer_wait_but_not_for_any() {
    let asks = |secs| {
        let line = format!("Retry-After: {secs}\r\n");
        move || Does::Says("429 Too Many Requests", line.clone(), String::new())
    };
    assert_eq!(after(2, 2, asks("7")).1, [7000, 7000]);
    assert_eq!(after(2, 2, asks("0")).1, [200, 400]);
    assert_eq!(after(2, 2, asks("Wed, 21 Oct 2026 07:28:00 GMT")).1, [200, 400]);
    let (answer, waited) = after(2, 2, asks("11"));
    let fault = answer.unwrap_err().to_string();
    assert!(fault.ends_with("out of reach: 429 Too Many Requests; it asks to be left alone for 11s"), "{fault}");
    assert!(waited.is_empty());
}

#[test]
fn what_would_fail_again_is_not_tried_again() {
    let parse = r#"{"status":"error","errorType":"bad_data","error":"1:5: parse error: unclosed left parenthesis"}"#;
    for (status, body, says) in [
        ("400 Bad Request", parse, "does not take the query: 1:5: parse error: unclosed left parenthesis"),
        ("422 Unprocessable Entity", BUSY, "does not take the query: query timed out"),
        (
            "401 Unauthorized",
            "",
            "refuses: 401 Unauthorized: it asks for credentials; say in abide.toml where they are",
        ),
        ("403 Forbidden", parse, "refuses: 403 Forbidden: it asks for credentials"),
        ("404 Not Found", "no page", "as Prometheus does: 404 Not Found; is this the URL of a Prometheus server?"),
        ("200 OK", "no page", "as Prometheus does: it cannot be read"),
    ] {
        let (answer, waited) = after(1, 2, move || Does::says(status, body));
        let fault = answer.unwrap_err().to_string();
        assert!(fault.contains(says), "{fault}");
        assert!(waited.is_empty());
    }
}

#[test]
fn credentials_that_are_not_taken_are_not_shown() {
    let server = Server::new(|_, _| Does::says("401 Unauthorized", "abide"));
    let auth = Auth::Bearer(Secret::Variable("CARGO_PKG_NAME".into()));
    let url = server.url.replace("//", "//ada:word@");
    let fault = with(auth, &url, Path::new("")).instant("q", secs(1)).unwrap_err().to_string();
    let says = "refuses: 401 Unauthorized: the credentials are not taken, or may not ask this";
    assert_eq!(fault, format!("Prometheus at {} {says}", server.url));
}

#[test]
fn nobody_answering_is_out_of_reach() {
    let server = Server::new(|_, _| Does::Hangs);
    let (answer, waited) = ask(&server.url, 1, Duration::from_millis(50));
    assert_eq!((server.asked().len(), waited), (2, vec![200]));
    let fault = answer.unwrap_err().to_string();
    assert!(fault.contains(" did not answer in time after 2 tries: no answer within"), "{fault}");
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (answer, waited) = ask(&format!("http://{free}"), 1, TIMEOUT);
    let fault = answer.unwrap_err().to_string();
    assert!(fault.contains("out of reach after 2 tries: Connection refused"), "{fault}");
    assert_eq!(waited, [200]);
}

#[test]
fn a_url_that_is_none_is_not_tried_again() {
    for url in ["", "prometheus:9090", "http://", "ftp://host"] {
        let (answer, waited) = ask(url, 2, TIMEOUT);
        assert!(matches!(answer, Err(Fault::OutOfReach { tries: 1, .. })), "{url}: {answer:?}");
        assert!(waited.is_empty());
    }
}

#[test]
fn whoever_is_told_to_end_does_not_try_again() {
    let server = Server::new(|_, _| Does::says("503 Service Unavailable", BUSY));
    let client = Client::at(&server.url).waiting(Arc::new(|_| false));
    assert!(matches!(client.instant("q", secs(1)), Err(Fault::TimedOut { tries: 1, .. })));
    assert_eq!(server.asked().len(), 1);
    assert!(super::super::wait(Duration::from_millis(1)));
}
