//! Who to be: as the URL says, or the token, or as git's own credential helpers say.

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::super::address::Address;

/// A user and a password, ready for the header.
#[derive(Clone)]
pub(super) struct Login {
    user: String,
    password: String,
}

impl Login {
    /// The value of the Authorization header.
    pub(super) fn header(&self) -> String {
        format!("Basic {}", base64(format!("{}:{}", self.user, self.password).as_bytes()))
    }

    /// What the URL or the configuration gives.
    pub(super) fn given(address: &Address, token: Option<&str>) -> Option<Self> {
        let of_url = address.credentials().map(|(user, password)| Self { user, password });
        // The hosts take any user beside a token; this is the name that GitHub asks for.
        of_url.or_else(|| token.map(|token| Self { user: "x-access-token".into(), password: token.to_owned() }))
    }

    /// What git's credential helpers know, without asking anybody.
    pub(super) fn of_helpers(address: &Address) -> Option<Self> {
        let mut git = Command::new("git")
            .args(["credential", "fill"])
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_ASKPASS", "")
            .env("SSH_ASKPASS", "")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let asked = git.stdin.take().map(|mut input| input.write_all(format!("url={address}\n\n").as_bytes()));
        let output =
            git.wait_with_output().ok().filter(|output| output.status.success() && matches!(asked, Some(Ok(()))))?;
        let text = String::from_utf8(output.stdout).ok()?;
        let field =
            |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('=')).map(str::to_owned);
        Some(Self { user: field("username")?, password: field("password")? })
    }
}

/// RFC 4648, with padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().chain([0; 2].iter()).take(3).fold(0u32, |bits, byte| bits << 8 | u32::from(*byte));
        for digit in 0..4 {
            let value = bits >> (18 - 6 * digit) & 63;
            text.push(if digit <= chunk.len() { DIGITS[value as usize] as char } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_rfc() {
        let pairs = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")];
        for (text, encoded) in pairs {
            assert_eq!(base64(text.as_bytes()), encoded);
        }
    }

    #[test]
    fn the_url_comes_before_the_token() {
        let header = |url: &str| Login::given(&Address::parse(url).unwrap(), Some("t")).unwrap().header();
        assert_eq!(header("https://a:b@h/x"), format!("Basic {}", base64(b"a:b")));
        assert_eq!(header("https://h/x"), format!("Basic {}", base64(b"x-access-token:t")));
    }
}
