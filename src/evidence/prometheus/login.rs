//! What lets Abide in: read where the configuration says, for each query anew.

use std::env::{self, VarError};
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::config::{Auth, Secret};
use crate::git::base64;

/// No token is as long.
const MOST_BYTES: u64 = 64 << 10;

/// How to be let in, and where the secrets for it lie.
#[derive(Clone)]
pub(super) struct Login {
    auth: Auth,
    base: PathBuf,
}

impl Login {
    pub(super) fn new(auth: Auth, base: &Path) -> Self {
        Self { auth, base: base.to_owned() }
    }

    /// Whether there is anything to be let in with.
    pub(super) fn is_some(&self) -> bool {
        self.auth != Auth::None
    }

    /// The value of the Authorization header; else where a secret should have been and what is wrong there.
    pub(super) fn header(&self) -> Result<Option<String>, String> {
        match &self.auth {
            Auth::None => Ok(None),
            Auth::Bearer(token) => self.read(token).map(|token| Some(format!("Bearer {token}"))),
            Auth::Basic { user, password } => {
                let password = self.read(password)?;
                Ok(Some(format!("Basic {}", base64(format!("{user}:{password}").as_bytes()))))
            }
        }
    }

    fn read(&self, secret: &Secret) -> Result<String, String> {
        let (place, text) = match secret {
            Secret::Variable(name) => {
                let text = env::var(name).map_err(|error| match error {
                    VarError::NotPresent => {
                        format!("the environment variable {name} is not set; set it where Abide runs")
                    }
                    VarError::NotUnicode(_) => format!("the environment variable {name} is no text"),
                })?;
                (format!("the environment variable {name}"), text)
            }
            Secret::File(path) => {
                let path = self.base.join(path);
                let mut text = String::new();
                let read = File::open(&path).and_then(|file| file.take(MOST_BYTES).read_to_string(&mut text));
                read.map_err(|error| format!("the file {} cannot be read: {error}", path.display()))?;
                (format!("the file {}", path.display()), text)
            }
        };
        let secret = text.trim_end();
        if secret.is_empty() {
            return Err(format!("{place} is empty"));
        }
        // A header is one line. Whoever mistook a key's file for a token's must not find it in a log.
        if secret.contains(|c: char| c.is_control()) {
            return Err(format!("{place} holds more than one line, or characters that no token has"));
        }
        Ok(secret.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(auth: Auth, base: &Path) -> Result<Option<String>, String> {
        Login::new(auth, base).header()
    }

    #[test]
    fn secrets_are_read_from_variables_and_files() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("password"), "secret \n").unwrap();
        let (user, password) = ("ada".to_owned(), Secret::File("password".into()));
        let basic = header(Auth::Basic { user, password }, folder.path());
        assert_eq!(basic, Ok(Some("Basic YWRhOnNlY3JldA==".into())));
        // Cargo gives this one to every test.
        let bearer = header(Auth::Bearer(Secret::Variable("CARGO_PKG_NAME".into())), folder.path());
        assert_eq!(bearer, Ok(Some("Bearer abide".into())));
        assert_eq!(header(Auth::None, folder.path()), Ok(None));
    }

    #[test]
    fn a_secret_that_is_not_there_is_told_by_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let unset = header(Auth::Bearer(Secret::Variable("ABIDE_NO_SUCH_TOKEN".into())), folder.path()).unwrap_err();
        assert!(unset.contains("variable ABIDE_NO_SUCH_TOKEN is not set"), "{unset}");
        let of_file = |name: &str| header(Auth::Bearer(Secret::File(name.into())), folder.path()).unwrap_err();
        assert!(of_file("none").contains("none cannot be read: "));
        std::fs::write(folder.path().join("empty"), " \n").unwrap();
        assert!(of_file("empty").ends_with("empty is empty"));
        std::fs::write(folder.path().join("key"), "-----BEGIN\nsecret\n").unwrap();
        assert!(of_file("key").contains("key holds more than one line") && !of_file("key").contains("secret"));
    }
}
