//! The reading of `[sources.NAME]`. No message repeats a value that may be a secret.

use toml::Spanned;

use super::{Fault, duration, file, filled, unknown};
use crate::config::file::{Text, Words};
use crate::config::{Auth, PrometheusSource, Secret, Sources, SqlSource};
use crate::model::{Duration, Name, NameError};

/// The types of sources, as `type` writes them.
const TYPES: [&str; 2] = ["prometheus", "sql"];

/// More would let one source hold up a pass.
const LONGEST: Duration = Duration::from_mins(10);
const MOST_RETRIES: i64 = 10;
const MOST_ROWS: i64 = 1_000_000;

pub(super) fn sources(written: Words<file::Source>) -> Result<Sources, Fault> {
    let mut sources = Sources::default();
    for (name, source) in written {
        let wrong = |error: NameError| Fault::new(name.span(), error.to_string());
        let of = name.get_ref().parse::<Name>().map_err(wrong)?.to_string();
        let kind = source.kind.as_ref().ok_or_else(|| missing(&name, "type", "`prometheus` or `sql`"))?;
        match kind.get_ref().as_str() {
            "prometheus" => {
                sources.prometheus.insert(of, prometheus(&name, source)?);
            }
            "sql" => {
                sources.sql.insert(of, sql(&name, source)?);
            }
            _ => return Err(unknown(kind, "type of source", TYPES.into_iter())),
        }
    }
    Ok(sources)
}

fn prometheus(name: &Text, source: file::Source) -> Result<PrometheusSource, Fault> {
    let file::Source { kind: _, url, timeout, token, user, password, retries, tables, rows } = source;
    foreign("prometheus", "tables", tables.as_ref())?;
    foreign("prometheus", "rows", rows.as_ref())?;
    let url = url.ok_or_else(|| missing(name, "url", "where the server is, as `http://HOST:9090`"))?;
    Ok(PrometheusSource {
        url: http(url)?,
        auth: auth(token, user, password)?,
        timeout: timeout.map_or(Ok(Duration::from_secs(10)), |text| at_most_minutes(&text))?,
        retries: retries.map_or(Ok(3), |number| whole(&number, "retries", 0..=MOST_RETRIES))?,
    })
}

fn sql(name: &Text, source: file::Source) -> Result<SqlSource, Fault> {
    let file::Source { kind: _, url, timeout, token, user, password, retries, tables, rows } = source;
    foreign("sql", "token", token.as_ref())?;
    foreign("sql", "user", user.as_ref())?;
    foreign("sql", "password", password.as_ref())?;
    foreign("sql", "retries", retries.as_ref())?;
    let all = tables.ok_or_else(|| missing(name, "tables", "what may be read, as `tables = [\"jobs\"]`"))?;
    Ok(SqlSource {
        url: url.map(database).transpose()?,
        tables: table_names(all)?,
        timeout: timeout.map_or(Ok(Duration::from_secs(5)), |text| at_most_minutes(&text))?,
        rows: rows.map_or(Ok(100_000), |number| whole(&number, "rows", 1..=MOST_ROWS))?,
    })
}

/// A key that only the other type has: it would be passed over, though somebody meant something by it.
fn foreign<T>(kind: &str, key: &str, written: Option<&Spanned<T>>) -> Result<(), Fault> {
    match written {
        None => Ok(()),
        Some(value) => Err(Fault::new(value.span(), format!("a source of type `{kind}` has no `{key}`"))),
    }
}

fn http(written: Text) -> Result<String, Fault> {
    let span = written.span();
    let url = filled(written)?;
    let wrong = |what: &str| Fault::new(span.clone(), what);
    if url.contains('@') {
        return Err(credentials(span));
    }
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    let rest = rest.ok_or_else(|| wrong("this is no address of a web server").fix("write `http://HOST:PORT`"))?;
    if rest.is_empty() || rest.starts_with([':', '/']) {
        return Err(wrong("the address names no host").fix("write `http://HOST:PORT`"));
    }
    if rest.contains(['?', '#']) {
        return Err(wrong("the address ends before any `?` or `#`: what is asked is added to it"));
    }
    if rest.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(wrong("an address has no blanks in it"));
    }
    Ok(url)
}

/// Any other database than SQLite is refused when it is asked; its password is refused here.
fn database(written: Text) -> Result<String, Fault> {
    let span = written.span();
    let url = filled(written)?;
    if url.strip_prefix("sqlite:").is_some_and(|path| path.trim_start_matches('/').is_empty()) {
        return Err(Fault::new(span, "this names no file").fix("write `sqlite:PATH`"));
    }
    if !url.starts_with("sqlite:") && url.contains('@') { Err(credentials(span)) } else { Ok(url) }
}

fn credentials(span: std::ops::Range<usize>) -> Fault {
    Fault::new(span, "an address with a user or a password in it is not written into a file that is committed")
        .fix("leave out what is before the `@`; a Prometheus server has the keys `token`, or `user` and `password`")
}

fn auth(
    token: Option<Spanned<toml::Value>>,
    user: Option<Text>,
    password: Option<Spanned<toml::Value>>,
) -> Result<Auth, Fault> {
    match (token, user, password) {
        (None, None, None) => Ok(Auth::None),
        (Some(token), None, None) => Ok(Auth::Bearer(secret(&token)?)),
        (Some(token), ..) => {
            let what = "a server is entered with a token or with a user and a password, not with both";
            Err(Fault::new(token.span(), what).fix("leave `token` out, or `user` and `password`"))
        }
        (None, Some(user), None) => {
            Err(Fault::new(user.span(), "this user has no password").fix("write `password = \"env:NAME\"`"))
        }
        (None, None, Some(password)) => {
            Err(Fault::new(password.span(), "this password has no user").fix("write `user = \"...\"`"))
        }
        (None, Some(user), Some(password)) => {
            if user.get_ref().contains(':') {
                return Err(Fault::new(user.span(), "a user's name has no colon in it: HTTP could not tell its end"));
            }
            Ok(Auth::Basic { user: filled(user)?, password: secret(&password)? })
        }
    }
}

fn secret(written: &Spanned<toml::Value>) -> Result<Secret, Fault> {
    let text = written.get_ref().as_str().unwrap_or_default();
    if let Some(name) = text.strip_prefix("env:").filter(|name| is_variable(name)) {
        return Ok(Secret::Variable(name.to_owned()));
    }
    match text.strip_prefix("file:").filter(|path| !path.trim().is_empty()) {
        Some(path) => Ok(Secret::File(path.to_owned())),
        None => Err(Fault::new(written.span(), "secrets are not written into a file that is committed")
            .fix("use env:NAME or file:PATH")),
    }
}

fn is_variable(name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    name.chars().all(is_part) && name.starts_with(|c: char| !c.is_ascii_digit())
}

fn table_names(written: Spanned<Vec<Text>>) -> Result<Vec<String>, Fault> {
    if written.get_ref().is_empty() {
        let what = "without a table nothing can be asked";
        return Err(Fault::new(written.span(), what).fix("name every table that may be read, as `tables = [\"jobs\"]`"));
    }
    let name = |written: Text| {
        let span = written.span();
        let name = filled(written)?;
        if name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("sqlite_")) {
            return Err(Fault::new(span, format!("`{name}` is one of SQLite's own tables, which are never read")));
        }
        Ok(name)
    };
    written.into_inner().into_iter().map(name).collect()
}

fn at_most_minutes(text: &Text) -> Result<Duration, Fault> {
    let length = duration(text)?;
    if length > LONGEST {
        return Err(
            Fault::new(text.span(), format!("`{}` is too long to wait", text.get_ref())).fix("write 10m at most")
        );
    }
    Ok(length)
}

fn whole<T: TryFrom<i64>>(number: &Spanned<i64>, key: &str, range: std::ops::RangeInclusive<i64>) -> Result<T, Fault> {
    let written = Some(*number.get_ref()).filter(|written| range.contains(written));
    written.and_then(|written| T::try_from(written).ok()).ok_or_else(|| {
        let what = format!("{key} must be a whole number from {} to {}", range.start(), range.end());
        Fault::new(number.span(), what)
    })
}

fn missing(name: &Text, key: &str, what: &str) -> Fault {
    Fault::new(name.span(), format!("`sources.{}.{key}` is missing: {what}", name.get_ref()))
}
