//! Git's protocol over HTTP: each request stands for itself.

use std::io::{BufRead, BufReader};
use std::time::Duration;

use ureq::http::Response;
use ureq::{Agent, Body, ResponseExt as _};

use super::super::address::Address;
use super::credentials::Login;
use super::packet::{self, Packet};
use super::{Advertised, Conversation, FetchError, advertisement};

const SERVICE: &str = "git-upload-pack";

/// Servers tell git's protocol from a browser by this name.
const AGENT: &str = concat!("git/abide-", env!("CARGO_PKG_VERSION"));

/// How long to wait for a connection, and for the next bytes of an answer.
const CONNECT: Duration = Duration::from_secs(20);
const ANSWER: Duration = Duration::from_secs(60);
/// How long one answer may take as a whole.
const WHOLE: Duration = Duration::from_secs(1800);

/// A repository over HTTP.
pub(super) struct Http {
    agent: Agent,
    /// The repository's URL after all redirections.
    url: String,
    login: Option<Login>,
}

/// Asks what the repository has; with credentials where they are given, and with those of git's helpers where it asks for some.
pub(super) fn connect(address: &Address, token: Option<&str>) -> Result<(Advertised, Http), FetchError> {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_connect(Some(CONNECT))
        .timeout_recv_response(Some(ANSWER))
        .timeout_per_read(Some(ANSWER))
        .timeout_recv_body(Some(WHOLE))
        .user_agent(AGENT)
        .build();
    let agent = Agent::new_with_config(config);
    let url = address.to_string();
    let mut login = Login::given(address, token);
    let mut response = get(&agent, &url, login.as_ref())?;
    if response.status() == 401 && login.is_none() {
        login = Login::of_helpers(address);
        if login.is_some() {
            response = get(&agent, &url, login.as_ref())?;
        }
    }
    check(&response, "advertisement", login.is_some())?;
    let found = response.get_uri().to_string();
    let url = found.split("/info/refs").next().unwrap_or(&url).to_owned();
    // Credentials are for the host that they were given for.
    let login = login.filter(|_| host(&url) == host(&address.to_string()));
    let mut from = BufReader::new(response.into_body().into_reader());
    let advertised = match packet::read(&mut from)? {
        Packet::Data(line) if line.starts_with(b"# service=") => {
            packet::read(&mut from)?;
            advertisement(&mut from)?
        }
        _ => return Err(FetchError::Protocol("it does not speak the smart protocol".into())),
    };
    Ok((advertised, Http { agent, url, login }))
}

fn get(agent: &Agent, url: &str, login: Option<&Login>) -> Result<Response<Body>, FetchError> {
    let mut request = agent.get(format!("{url}/info/refs?service={SERVICE}"));
    if let Some(login) = login {
        request = request.header("Authorization", login.header());
    }
    request.call().map_err(|error| FetchError::Connection(error.to_string()))
}

/// Whether the answer is one, of that sort.
fn check(response: &Response<Body>, sort: &str, logged_in: bool) -> Result<(), FetchError> {
    let status = response.status();
    let hint = match status.as_u16() {
        200 => {
            let expected = format!("application/x-{SERVICE}-{sort}");
            let sent =
                response.headers().get("content-type").and_then(|value| value.to_str().ok()).unwrap_or("nothing");
            return if sent == expected {
                Ok(())
            } else {
                Err(FetchError::Protocol(format!(
                    "it sends `{sent}`, not `{expected}`; is the URL that of a repository?"
                )))
            };
        }
        401 | 403 if logged_in => "the credentials are not taken, or may not read it",
        401 | 403 => "it asks for credentials; set ABIDE_GIT_TOKEN, or log in with git's credential helper",
        404 => "there is no such repository, or the credentials may not see it",
        _ => "try again later",
    };
    Err(FetchError::Refused(format!("{status}: {hint}")))
}

/// Scheme, host and port of a URL.
fn host(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    url[start..].find('/').map_or(url, |end| &url[..start + end])
}

impl Conversation for Http {
    fn ask(&mut self, body: Vec<u8>) -> Result<Box<dyn BufRead + '_>, FetchError> {
        let mut request = self.agent.post(format!("{}/{SERVICE}", self.url));
        request = request.header("Content-Type", format!("application/x-{SERVICE}-request"));
        request = request.header("Accept", format!("application/x-{SERVICE}-result"));
        if let Some(login) = &self.login {
            request = request.header("Authorization", login.header());
        }
        let response = request.send(&body[..]).map_err(|error| FetchError::Connection(error.to_string()))?;
        check(&response, "result", self.login.is_some())?;
        Ok(Box::new(BufReader::new(response.into_body().into_reader())))
    }

    fn done(&mut self) -> Result<(), FetchError> {
        Ok(())
    }
}
