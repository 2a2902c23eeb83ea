//! A server of one page of script over plain HTTP, which remembers what it was asked.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A request, as far as it matters.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    pub(super) path: String,
    pub(super) authorization: Option<String>,
    pub(super) form: BTreeMap<String, String>,
}

/// What is done with a request.
pub(super) enum Does {
    /// Answers with a status, more lines of the head, and a body.
    Says(&'static str, String, String),
    /// Says that there is more than it sends, and hangs up.
    BreaksOff,
    /// Says nothing until the client has gone away.
    Hangs,
}

pub(super) struct Server {
    pub(super) url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// A server that does what it is told for each request: how many there were before, and the request.
    pub(super) fn new(mut script: impl FnMut(usize, &Asked) -> Does + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let server = Self { url, asked: asked.clone() };
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut from = BufReader::new(stream);
                let Some(request) = read(&mut from) else { continue };
                let mut before = asked.lock().unwrap();
                let does = script(before.len(), &request);
                before.push(request);
                drop(before);
                // A client that goes away is that client's affair.
                drop(answer(from, &does));
            }
        });
        server
    }

    /// One that says the same to everybody.
    pub(super) fn saying(body: &str) -> Self {
        let body = body.to_owned();
        Self::new(move |_, _| Does::ok(&body))
    }

    pub(super) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

impl Does {
    pub(super) fn ok(body: &str) -> Self {
        Self::says("200 OK", body)
    }

    pub(super) fn says(status: &'static str, body: &str) -> Self {
        Self::Says(status, String::new(), body.to_owned())
    }
}

fn read(from: &mut BufReader<TcpStream>) -> Option<Asked> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        from.read_line(&mut line).ok()?;
        match line.trim() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let header = |name: &str| {
        let pairs = lines.iter().filter_map(|line| line.split_once(": "));
        pairs.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned()).next()
    };
    let mut body = vec![0; header("content-length").map_or(0, |length| length.parse().unwrap())];
    from.read_exact(&mut body).ok()?;
    let form = String::from_utf8(body).unwrap();
    let form = form.split('&').filter_map(|pair| pair.split_once('='));
    Some(Asked {
        path: lines.first()?.split(' ').nth(1)?.to_owned(),
        authorization: header("authorization"),
        form: form.map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
    })
}

fn answer(mut to: BufReader<TcpStream>, does: &Does) -> std::io::Result<()> {
    let (status, lines, body, length) = match does {
        Does::Says(status, lines, body) => (*status, &**lines, &**body, body.len()),
        Does::BreaksOff => ("200 OK", "", r#"{"status""#, 1000),
        Does::Hangs => return to.read_to_end(&mut Vec::new()).map(drop),
    };
    let head = format!("HTTP/1.1 {status}\r\n{lines}Content-Length: {length}\r\nConnection: close\r\n\r\n");
    to.get_mut().write_all(head.as_bytes())?;
    to.get_mut().write_all(body.as_bytes())
}
