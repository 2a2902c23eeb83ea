//! One request, made again where it failed for a reason that may pass.

use std::io::Read as _;

use ureq::http::{Response, StatusCode, header};
use ureq::{Body, Error};

use super::fault::{bare, said};
use super::{Client, Fault, MOST_BYTES, reply};
use crate::model::Duration;

/// How long to wait before the second try; twice as long before each further one, up to a limit.
const FIRST_WAIT: Duration = Duration::from_millis(200);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// The longest wait that a server may ask for. Whoever asks for a longer one is not asked again.
const LONGEST_ASKED: Duration = Duration::from_secs(10);

/// Bytes that are read of an answer that is an error.
const MOST_ERROR: u64 = 64 << 10;

/// Why a try failed.
enum Failure {
    /// It may go better another time.
    Passing {
        why: String,
        /// How long the server asks to be left alone.
        after: Option<Duration>,
        /// Whether the server is there, and took too long.
        slow: bool,
    },
    /// It would fail again.
    Final(Fault),
}

impl Client {
    /// Sends a form to one of the API's places, and gives the body of the answer.
    pub(super) fn ask(&self, place: &str, form: &[(&str, &str)]) -> Result<Vec<u8>, Fault> {
        let no_secret = |why| Fault::NoSecret { url: self.url.clone(), why };
        let authorization = self.login.header().map_err(no_secret)?;
        let mut wait = FIRST_WAIT;
        let mut tries = 1;
        loop {
            let (why, after, slow) = match self.send(place, form, authorization.as_deref()) {
                Ok(body) => return Ok(body),
                Err(Failure::Final(fault)) => return Err(fault),
                Err(Failure::Passing { why, after, slow }) => (why, after.unwrap_or_default(), slow),
            };
            if tries > self.retries || after > LONGEST_ASKED || !(self.wait)(wait.max(after)) {
                let url = self.url.clone();
                return Err(if slow {
                    Fault::TimedOut { url, why, tries }
                } else {
                    Fault::OutOfReach { url, why, tries }
                });
            }
            wait = wait.scaled(2, 1).min(LONGEST_WAIT);
            tries += 1;
        }
    }

    fn send(&self, place: &str, form: &[(&str, &str)], authorization: Option<&str>) -> Result<Vec<u8>, Failure> {
        let mut request = self.agent.post(format!("{}/api/v1/{place}", self.url)).header("Accept", "application/json");
        if let Some(authorization) = authorization {
            request = request.header("Authorization", authorization);
        }
        let response = request.send_form(form.iter().copied()).map_err(|error| self.failed(&error))?;
        if response.status() != StatusCode::OK {
            return Err(self.refused(response));
        }
        let mut body = Vec::new();
        let read = response.into_body().into_reader().take(MOST_BYTES + 1).read_to_end(&mut body);
        read.map_err(|error| self.failed(&Error::from(error)))?;
        if body.len() as u64 > MOST_BYTES {
            let why =
                format!("an answer of more than {} MiB; aggregate the lines, or take a longer step", MOST_BYTES >> 20);
            return Err(Failure::Final(Fault::TooMuch { url: self.url.clone(), why }));
        }
        Ok(body)
    }

    /// What it means that there is no whole answer.
    fn failed(&self, error: &Error) -> Failure {
        let why = match error {
            Error::Timeout(_) => format!("no answer within {}", self.timeout),
            Error::HostNotFound => "there is no such host".into(),
            Error::ConnectionFailed => "the connection could not be made".into(),
            Error::Io(error) => said(&error.to_string()),
            Error::Protocol(error) => {
                let why = format!("it is no HTTP: {}", said(&error.to_string()));
                return Failure::Final(Fault::Malformed { url: self.url.clone(), why });
            }
            error => {
                let why = format!("{}; it will not go better without a change", said(&error.to_string()));
                return Failure::Final(Fault::OutOfReach { url: self.url.clone(), why, tries: 1 });
            }
        };
        Failure::Passing { why, after: None, slow: matches!(error, Error::Timeout(_)) }
    }

    /// What it means that the answer is not `200 OK`.
    fn refused(&self, response: Response<Body>) -> Failure {
        let (status, url) = (response.status(), self.url.clone());
        let text = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
        let after = text(header::RETRY_AFTER).and_then(|text| text.trim().parse().ok()).map(Duration::from_secs);
        let elsewhere =
            text(header::LOCATION).map(|place| said(&bare(place.split("/api/v1/").next().unwrap_or(place))));
        let mut body = Vec::new();
        // Half an error is as good as none: there is the status.
        drop(response.into_body().into_reader().take(MOST_ERROR).read_to_end(&mut body));
        let error = reply::error(&body);
        if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() {
            // Prometheus itself says so: the server is there, and this query is too much for it.
            let slow = error.is_some();
            let why = error.map_or_else(|| status.to_string(), |error| format!("{status}: {error}"));
            let why = after.map_or_else(|| why.clone(), |after| format!("{why}; it asks to be left alone for {after}"));
            return Failure::Passing { why, after, slow };
        }
        Failure::Final(match (status, error, elsewhere) {
            (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, ..) => {
                let hint = if self.login.is_some() {
                    "the credentials are not taken, or may not ask this"
                } else {
                    "it asks for credentials; say in abide.toml where they are"
                };
                Fault::Refused { url, why: format!("{status}: {hint}") }
            }
            (_, Some(why), _) => Fault::BadQuery { url, why },
            (status, None, Some(place)) if status.is_redirection() => {
                Fault::Malformed { url, why: format!("{status}: it sends to `{place}`; write that URL in abide.toml") }
            }
            (status, None, _) => {
                Fault::Malformed { url, why: format!("{status}; is this the URL of a Prometheus server?") }
            }
        })
    }
}
