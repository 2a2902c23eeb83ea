//! What a repository's address means: a path on this machine, or a URL and how to speak to it.

use std::fmt;

/// Where a remote repository is, and whom to be there. Prints without its credentials.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Address {
    /// The way to reach it.
    pub(super) scheme: Scheme,
    /// The user and password in the URL, still encoded as the URL has them.
    user: Option<String>,
    password: Option<String>,
    /// Host and port.
    host: String,
    /// The path, with its first slash where it has one.
    path: String,
    /// Whether it is of the form `host:path`.
    scp: bool,
}

/// The ways to reach a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheme {
    /// Over HTTPS.
    Https,
    /// Over HTTP.
    Http,
    /// Over SSH.
    Ssh,
    /// A path, through `file://`.
    File,
}

impl Scheme {
    const ALL: [(Self, &'static str); 4] =
        [(Self::Https, "https://"), (Self::Http, "http://"), (Self::Ssh, "ssh://"), (Self::File, "file://")];

    fn prefix(self) -> &'static str {
        Self::ALL.iter().find(|(scheme, _)| *scheme == self).map_or("", |(_, prefix)| prefix)
    }
}

impl Address {
    /// Reads a URL, or `git@host:path`; nothing where the text is a path on this machine.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text.contains(char::is_control) {
            return None;
        }
        for (scheme, prefix) in Scheme::ALL {
            if let Some(rest) = text.strip_prefix(prefix) {
                let slash = if scheme == Scheme::File { Some(0) } else { rest.find('/') };
                let (authority, path) = rest.split_at(slash.unwrap_or(rest.len()));
                return Some(Self::new(scheme, authority, path, false));
            }
        }
        // As git has it: a colon before the first slash makes a host; a drive's letter does not.
        let (authority, path) =
            text.split_once(':').filter(|(host, _)| host.len() > 1 && !host.contains(['/', '\\']))?;
        Some(Self::new(Scheme::Ssh, authority, path, true))
    }

    fn new(scheme: Scheme, authority: &str, path: &str, scp: bool) -> Self {
        let (login, host) = authority.rsplit_once('@').map_or((None, authority), |(login, host)| (Some(login), host));
        let (user, password) = match login.map(|login| login.split_once(':').unwrap_or((login, ""))) {
            Some((user, "")) => (Some(user), None),
            Some((user, password)) => (Some(user), Some(password)),
            None => (None, None),
        };
        let path = if scheme == Scheme::File { path } else { path.trim_end_matches('/') };
        let owned = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
        Self { scheme, user: owned(user), password: owned(password), host: host.into(), path: path.into(), scp }
    }

    /// The user and the password that the URL itself has; a lone name before the host of an HTTP URL is a token.
    pub(super) fn credentials(&self) -> Option<(String, String)> {
        let user = self.user.as_deref().map(decoded)?;
        Some((user, self.password.as_deref().map(decoded).unwrap_or_default()))
    }

    /// Whether a secret that was given for the other may be sent here as well: to the same host, and encrypted.
    pub(super) fn may_share_secrets_of(&self, other: &Self) -> bool {
        self.host.eq_ignore_ascii_case(&other.host) && (self.scheme == Scheme::Https || self.scheme == other.scheme)
    }

    /// For `ssh`: its destination, the port where one is given, and the repository's path on that machine.
    pub(super) fn ssh(&self) -> (String, Option<&str>, &str) {
        let (host, port) = match self.host.rsplit_once(':').filter(|(_, port)| !self.scp && !port.contains(']')) {
            Some((host, port)) => (host, Some(port)),
            None => (self.host.as_str(), None),
        };
        let host = host.trim_matches(['[', ']']);
        let destination = self.user.as_ref().map_or_else(|| host.to_owned(), |user| format!("{user}@{host}"));
        // `ssh://host/~ada/x` means a path below her home, as git has it.
        let path =
            if self.scp { &self.path } else { self.path.strip_prefix("/~").map_or(&*self.path, |_| &self.path[1..]) };
        (destination, port, path)
    }
}

impl fmt::Display for Address {
    /// The URL without user and password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.scp {
            write!(f, "{}:{}", self.host, self.path)
        } else {
            write!(f, "{}{}{}", self.scheme.prefix(), self.host, self.path)
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text with its `%41` escapes resolved.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escape = after.get(..2).filter(|_| first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        match escape.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_print_without_credentials() {
        for (text, shown) in [
            ("https://ada:s%40cret@example.org/a/b.git/", "https://example.org/a/b.git"),
            ("https://token@example.org/a", "https://example.org/a"),
            ("ssh://git@example.org:2222/a.git", "ssh://example.org:2222/a.git"),
            ("git@example.org:a/b.git", "example.org:a/b.git"),
            ("file:///srv/a@b:c", "file:///srv/a@b:c"),
        ] {
            assert_eq!(Address::parse(text).unwrap().to_string(), shown);
        }
        let address = Address::parse("https://ada:s%40cret@example.org/a").unwrap();
        assert_eq!(address.credentials(), Some(("ada".into(), "s@cret".into())));
        assert!(!format!("{address:?}").contains("cret"));
    }

    #[test]
    fn paths_are_no_urls() {
        for path in [".", "../specs", "/srv/specs", "./a:b", "a/b:c", "C:/specs", "https://h/a\nb"] {
            assert_eq!(Address::parse(path), None, "{path}");
        }
    }

    #[test]
    fn secrets_stay_with_their_host() {
        let share =
            |one: &str, other: &str| Address::parse(one).unwrap().may_share_secrets_of(&Address::parse(other).unwrap());
        assert!(share("https://h/app", "https://H/specs") && share("https://h/app", "ssh://git@h/specs"));
        assert!(!share("https://evil/app", "https://h/specs") && !share("http://h/app", "https://h/specs"));
    }

    #[test]
    fn ssh_is_told_destination_port_and_path() {
        let parts = |text: &str| {
            let address = Address::parse(text).unwrap();
            let (to, port, path) = address.ssh();
            (to, port.map(str::to_owned), path.to_owned())
        };
        assert_eq!(parts("git@h:a.git"), ("git@h".into(), None, "a.git".into()));
        assert_eq!(parts("ssh://git@h:22/a"), ("git@h".into(), Some("22".into()), "/a".into()));
        assert_eq!(parts("ssh://h/~ada/a"), ("h".into(), None, "~ada/a".into()));
    }
}
