use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::super::testing::Fixture;
use super::super::{SourceConfig, SourceError, SpecSource, open};
use super::*;

/// A server of one repository that speaks git's protocol over plain HTTP, by asking git itself.
struct Server {
    url: String,
    /// Whether it breaks off in the middle of packs.
    cuts: Arc<AtomicBool>,
}

/// The only login that the server lets in: `ada` with the password `secret`.
const LOGIN: &str = "Basic YWRhOnNlY3JldA==";

impl Server {
    fn of(repository: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("127.0.0.1:{}/specs.git", listener.local_addr().unwrap().port());
        let (cuts, repository) = (Arc::new(AtomicBool::new(false)), repository.to_owned());
        let server = Self { url, cuts: cuts.clone() };
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that goes away is that client's affair.
                drop(serve(stream, &repository, &cuts));
            }
        });
        server
    }
}

fn serve(mut stream: TcpStream, repository: &Path, cuts: &AtomicBool) -> std::io::Result<()> {
    let mut from = BufReader::new(stream.try_clone()?);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        from.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        lines.push(line.trim().to_owned());
    }
    let header = |name: &str| {
        lines.iter().find_map(|line| {
            line.split_once(": ").filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
        })
    };
    if header("authorization") != Some(LOGIN) {
        return stream.write_all(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }
    let mut body = vec![0; header("content-length").map_or(0, |length| length.parse().unwrap())];
    from.read_exact(&mut body)?;
    let asks_for_pack = lines[0].starts_with("POST");
    let (sort, mut answer) = if asks_for_pack {
        ("result", upload_pack(repository, &["--stateless-rpc"], &body))
    } else {
        let mut answer = b"001e# service=git-upload-pack\n0000".to_vec();
        answer.extend(upload_pack(repository, &["--stateless-rpc", "--advertise-refs"], &[]));
        ("advertisement", answer)
    };
    let length = answer.len();
    if asks_for_pack && cuts.load(Ordering::SeqCst) {
        answer.truncate(length / 2);
    }
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-git-upload-pack-{sort}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(&answer)
}

fn upload_pack(repository: &Path, options: &[&str], input: &[u8]) -> Vec<u8> {
    let mut command = Command::new("git");
    command.arg("upload-pack").args(options).arg(repository).env_remove("GIT_PROTOCOL");
    let mut git = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("these tests need git");
    git.stdin.take().unwrap().write_all(input).unwrap();
    git.wait_with_output().unwrap().stdout
}

fn source(url: String, mirror: PathBuf) -> Box<dyn SpecSource> {
    let path = "specs".into();
    open(SourceConfig { repository: url, path, mirror, ..SourceConfig::default() })
}

#[test]
fn specs_come_over_http_and_again_after_every_change() {
    let (fixture, place) = (Fixture::of(&[("specs/a.yaml", "1")]), tempfile::tempdir().unwrap());
    let first = fixture.repository.head().unwrap().target().unwrap();
    let server = Server::of(fixture.path());
    let mut source = source(format!("http://ada:secret@{}", server.url), place.path().join("mirror"));
    let before = source.head(None).unwrap();
    assert_eq!(&**before.files["specs/a.yaml"].text().unwrap(), "1");
    fixture.commit(&[("specs/a.yaml", "2"), ("specs/b.yaml", "b")]);
    let after = source.head(Some(&before)).unwrap();
    assert_eq!(&**after.files["specs/a.yaml"].text().unwrap(), "2");
    assert!(source.continues(&before.revision, &after.revision).unwrap());
    assert_eq!(source.tip().unwrap(), Some(after.revision.clone()));
    fixture.branch("main", first);
    let other = fixture.commit(&[("specs/a.yaml", "forced")]);
    fixture.branch("feature/x", other);
    let forced = source.head(Some(&after)).unwrap();
    assert_eq!(&**forced.files["specs/a.yaml"].text().unwrap(), "forced");
    assert!(!source.continues(&after.revision, &forced.revision).unwrap());
    assert_eq!(source.at("feature/x").unwrap().files, forced.files);
}

#[test]
fn a_pack_cut_short_or_too_large_leaves_the_mirror_as_it_was() {
    let (fixture, place) = (Fixture::of(&[("specs/a.yaml", "1")]), tempfile::tempdir().unwrap());
    let server = Server::of(fixture.path());
    let url = format!("http://ada:secret@{}", server.url);
    let mut source = source(url.clone(), place.path().join("mirror"));
    let before = source.head(None).unwrap();
    fixture.commit(&[("specs/a.yaml", "2")]);
    server.cuts.store(true, Ordering::SeqCst);
    let error = source.head(Some(&before)).unwrap_err();
    assert!(matches!(error, SourceError::OutOfReach { .. }), "{error}");
    assert_eq!(source.at("main").unwrap(), before);
    server.cuts.store(false, Ordering::SeqCst);
    let address = Address::parse(&url).unwrap();
    let mirror = Repository::open_bare(place.path().join("mirror")).unwrap();
    assert!(matches!(fetch(&address, None, &mirror, 10), Err(FetchError::TooLarge)));
    assert_eq!(source.at("main").unwrap(), before);
    assert_ne!(source.head(Some(&before)).unwrap(), before);
}

#[test]
fn a_refusal_says_what_to_do_and_no_secret() {
    let (fixture, place) = (Fixture::of(&[("specs/a.yaml", "1")]), tempfile::tempdir().unwrap());
    let server = Server::of(fixture.path());
    let mut source = source(format!("http://ada:wrong-word@{}", server.url), place.path().join("mirror"));
    let error = source.head(None).unwrap_err().to_string();
    assert!(error.contains("401 Unauthorized: the credentials are not taken"), "{error}");
    assert!(!error.contains("wrong-word") && !error.contains("ada"), "{error}");
}

#[test]
fn nobody_listening_is_out_of_reach() {
    let place = tempfile::tempdir().unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut source = source(format!("http://t0ken@127.0.0.1:{port}/specs.git"), place.path().join("mirror"));
    let error = source.head(None).unwrap_err().to_string();
    assert!(error.contains("out of reach") && !error.contains("t0ken"), "{error}");
}

#[test]
fn a_program_with_pipes_is_spoken_to_as_ssh_is() {
    let fixture = Fixture::of(&[("specs/a.yaml", "1")]);
    let place = tempfile::tempdir().unwrap();
    let mirror = Repository::init_bare(place.path()).unwrap();
    let talk = |repository: &Path| {
        let mut command = Command::new("git");
        command.arg("upload-pack").arg(repository).env_remove("GIT_PROTOCOL");
        ssh::converse(command)
    };
    for lacking in [true, false] {
        let (advertised, mut conversation) = talk(fixture.path()).unwrap();
        assert_eq!(advertised.head.as_deref(), Some("refs/heads/main"));
        assert_eq!(request(&advertised, &mirror).unwrap().is_some(), lacking);
        take(&advertised, &mut conversation, &mirror, limits::FETCH_BYTES).unwrap();
    }
    let tip = fixture.repository.head().unwrap().target().unwrap();
    assert!(mirror.find_commit(tip).unwrap().tree().unwrap().get_path(Path::new("specs/a.yaml")).is_ok());
    let error = talk(&place.path().join("none")).err().unwrap().to_string();
    assert!(error.contains("ssh says:") && error.contains("none"), "{error}");
}
