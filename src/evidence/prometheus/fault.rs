//! Why there are no figures.

use std::sync::Arc;

/// The most of what a server says that is repeated.
const MOST_SAID: usize = 600;

/// Why a query has no answer, and what to do. Names the server without credentials, and holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The server cannot be reached, or says that it cannot answer now. It may pass.
    #[error("Prometheus at {url} is out of reach{}: {why}", tried(*.tries))]
    OutOfReach {
        /// The server.
        url: Arc<str>,
        /// What happened the last time.
        why: String,
        /// How often it was asked.
        tries: u32,
    },
    /// The server takes connections, and gave no answer in time.
    #[error("Prometheus at {url} did not answer in time{}: {why}", tried(*.tries))]
    TimedOut {
        /// The server.
        url: Arc<str>,
        /// What happened the last time.
        why: String,
        /// How often it was asked.
        tries: u32,
    },
    /// The secret that lets Abide in is not where the configuration says.
    #[error("there are no credentials for Prometheus at {url}: {why}")]
    NoSecret {
        /// The server.
        url: Arc<str>,
        /// Where the secret was looked for, and what is wrong there.
        why: String,
    },
    /// The server does not let us in.
    #[error("Prometheus at {url} refuses: {why}")]
    Refused {
        /// The server.
        url: Arc<str>,
        /// What it says, and how to be let in.
        why: String,
    },
    /// The query cannot be read, cannot be evaluated, or gives no numbers.
    #[error("Prometheus at {url} does not take the query: {why}")]
    BadQuery {
        /// The server.
        url: Arc<str>,
        /// Prometheus's own words where it has some.
        why: String,
    },
    /// The query asks for more than is taken.
    #[error("the query asks Prometheus at {url} for too much: {why}")]
    TooMuch {
        /// The server.
        url: Arc<str>,
        /// More of what, what is the most, and how to ask for less.
        why: String,
    },
    /// What answers does not speak Prometheus's HTTP API.
    #[error("what answers at {url} does not answer as Prometheus does: {why}")]
    Malformed {
        /// The server.
        url: Arc<str>,
        /// What is wrong with the answer.
        why: String,
    },
}

fn tried(tries: u32) -> String {
    if tries > 1 { format!(" after {tries} tries") } else { String::new() }
}

/// A URL without user and password.
pub(super) fn bare(url: &str) -> String {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url[start..].find(['/', '?', '#']).map_or(url.len(), |at| start + at);
    url[start..end]
        .rfind('@')
        .map_or_else(|| url.to_owned(), |at| format!("{}{}", &url[..start], &url[start + at + 1..]))
}

/// What a server says, on one line and not too long: it is shown to people.
pub(super) fn said(text: &str) -> String {
    let whole = text.trim();
    let mut shown: String = whole.chars().take(MOST_SAID).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if shown.len() < whole.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_shown_without_credentials() {
        for (url, shown) in [
            ("http://ada:s@cret@example.org:9090/p@th?a=b@c", "http://example.org:9090/p@th?a=b@c"),
            ("https://token@example.org", "https://example.org"),
            ("http://example.org/@", "http://example.org/@"),
            ("ada:secret@example.org", "example.org"),
        ] {
            assert_eq!(bare(url), shown);
        }
    }

    #[test]
    fn what_a_server_says_stays_on_one_line() {
        assert_eq!(said(" a\nb\x1b[31m \n"), "a b [31m");
        assert_eq!(said(&"ä".repeat(1000)).chars().count(), MOST_SAID + 1);
    }
}
