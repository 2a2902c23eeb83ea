//! Fetches from a remote repository: the part of git's protocol that a reader needs, over HTTP and SSH.
//!
//! git2 is built without TLS and SSH, so that a compiler is all that building Abide takes. It can be given other transports, but
//! only through an unsafe call with global effect; asking for a pack takes fewer lines than that would.

mod credentials;
mod http;
mod packet;
mod ssh;
#[cfg(test)]
mod tests;

use std::io::{BufRead, Write as _};

use git2::{Oid, Repository};

use super::address::{Address, Scheme};
use super::limits;
pub(crate) use credentials::base64;
use packet::Packet;

/// Tips of our own branches named to the other side, so that it sends only what is new.
const HAVES: usize = 256;

/// Why nothing was fetched. Never holds a credential.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    /// The connection could not be made or broke.
    #[error("{0}")]
    Connection(String),
    /// The other side answered with something that is not git's protocol.
    #[error("the answer is not that of a git repository: {0}")]
    Protocol(String),
    /// The other side refuses.
    #[error("the repository refuses: {0}")]
    Refused(String),
    /// The pack is larger than the limit.
    #[error("it sent more than {} MiB; the limit is for the whole fetch", limits::FETCH_BYTES >> 20)]
    TooLarge,
    /// The mirror on this machine cannot be read or written.
    #[error("its mirror on this machine fails: {0}")]
    Mirror(#[from] git2::Error),
}

impl From<std::io::Error> for FetchError {
    fn from(error: std::io::Error) -> Self {
        Self::Connection(format!("the connection broke: {error}"))
    }
}

/// What the other side has.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Advertised {
    /// Branches and tags, by their full names.
    pub(super) refs: Vec<(String, Oid)>,
    /// The branch that its HEAD is.
    pub(super) head: Option<String>,
    capabilities: String,
}

/// A conversation with the other side, which has said what it has.
trait Conversation {
    /// Sends the request for a pack, and gives what comes back.
    fn ask(&mut self, request: Vec<u8>) -> Result<Box<dyn BufRead + '_>, FetchError>;

    /// Ends it where nothing is wanted.
    fn done(&mut self) -> Result<(), FetchError>;
}

/// Fetches all branches and tags into the mirror's object store, and says what they are. No reference is moved.
pub(super) fn fetch(
    address: &Address,
    token: Option<&str>,
    mirror: &Repository,
    limit: u64,
) -> Result<Advertised, FetchError> {
    let (advertised, mut conversation): (Advertised, Box<dyn Conversation>) = match address.scheme {
        Scheme::Https | Scheme::Http => {
            let (advertised, conversation) = http::connect(address, token)?;
            (advertised, Box::new(conversation))
        }
        Scheme::Ssh => {
            let (advertised, conversation) = ssh::connect(address)?;
            (advertised, Box::new(conversation))
        }
        Scheme::File => return Err(FetchError::Protocol("file:// needs no connection".into())),
    };
    take(&advertised, &mut *conversation, mirror, limit)?;
    Ok(advertised)
}

/// Takes what the mirror lacks.
fn take(
    advertised: &Advertised,
    conversation: &mut dyn Conversation,
    mirror: &Repository,
    limit: u64,
) -> Result<(), FetchError> {
    match request(advertised, mirror)? {
        None => conversation.done(),
        Some(request) => receive(conversation.ask(request)?, mirror, limit),
    }
}

/// Reads what the other side has.
fn advertisement(from: &mut dyn BufRead) -> Result<Advertised, FetchError> {
    let mut advertised = Advertised::default();
    loop {
        let line = match packet::read(from)? {
            Packet::Flush => break,
            Packet::Data(data) => String::from_utf8_lossy(&data).trim_end_matches('\n').to_owned(),
        };
        if let Some(reason) = line.strip_prefix("ERR ") {
            return Err(FetchError::Refused(reason.to_owned()));
        }
        if line.starts_with("shallow ") {
            return Err(FetchError::Refused("it is a shallow clone, which lacks history".into()));
        }
        let (line, capabilities) = line.split_once('\0').map_or((&*line, None), |(line, rest)| (line, Some(rest)));
        if let Some(capabilities) = capabilities {
            capabilities.clone_into(&mut advertised.capabilities);
            let heads = capabilities.split(' ').find_map(|word| word.strip_prefix("symref=HEAD:"));
            advertised.head = heads.map(str::to_owned);
        }
        let (id, name) = line.split_once(' ').ok_or_else(|| FetchError::Protocol(format!("it says `{line}`")))?;
        let id = Oid::from_str(id).map_err(|_| FetchError::Protocol(format!("`{id}` is no object's id")))?;
        let wanted = name.starts_with("refs/heads/") || name.starts_with("refs/tags/");
        if wanted && !name.ends_with("^{}") && git2::Reference::is_valid_name(name) {
            advertised.refs.push((name.to_owned(), id));
        }
    }
    Ok(advertised)
}

/// The request for what the mirror lacks; nothing where it lacks nothing.
fn request(advertised: &Advertised, mirror: &Repository) -> Result<Option<Vec<u8>>, FetchError> {
    let odb = mirror.odb()?;
    odb.refresh()?;
    let mut wanted: Vec<Oid> = advertised.refs.iter().map(|(_, id)| *id).filter(|id| !odb.exists(*id)).collect();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.is_empty() {
        return Ok(None);
    }
    let mut request = Vec::new();
    let known = |word: &&str| advertised.capabilities.split(' ').any(|have| have == *word);
    if !known(&"side-band-64k") {
        return Err(FetchError::Protocol("it is too old: it has no side-band-64k".into()));
    }
    let words: Vec<&str> = ["side-band-64k", "ofs-delta", "no-progress"].into_iter().filter(known).collect();
    for (position, id) in wanted.iter().enumerate() {
        let capabilities = if position == 0 { format!(" {}", words.join(" ")) } else { String::new() };
        packet::write(&mut request, &format!("want {id}{capabilities}\n"));
    }
    packet::flush(&mut request);
    let mut have: Vec<Oid> = mirror.references()?.flatten().filter_map(|reference| reference.target()).collect();
    have.sort_unstable();
    have.dedup();
    for id in have.into_iter().filter(|id| odb.exists(*id)).take(HAVES) {
        packet::write(&mut request, &format!("have {id}\n"));
    }
    packet::write(&mut request, "done\n");
    Ok(Some(request))
}

/// Takes the pack in.
fn receive(mut from: Box<dyn BufRead + '_>, mirror: &Repository, limit: u64) -> Result<(), FetchError> {
    // Without multi_ack there is one line, and then the pack.
    match packet::read(&mut *from)? {
        Packet::Data(line) if line.starts_with(b"NAK") || line.starts_with(b"ACK ") => {}
        Packet::Data(line) => return Err(refused(&line)),
        Packet::Flush => return Err(FetchError::Protocol("it ended before the pack began".into())),
    }
    let odb = mirror.odb()?;
    let mut pack = odb.packwriter()?;
    let mut received = 0u64;
    while let Packet::Data(data) = packet::read(&mut *from)? {
        match data.split_first() {
            Some((1, bytes)) => {
                received += bytes.len() as u64;
                if received > limit {
                    return Err(FetchError::TooLarge);
                }
                pack.write_all(bytes).map_err(|_| FetchError::Protocol("the pack is damaged".into()))?;
            }
            Some((2, _)) | None => {}
            Some((_, words)) => return Err(FetchError::Refused(String::from_utf8_lossy(words).trim().to_owned())),
        }
    }
    if received == 0 {
        return Err(FetchError::Protocol("it sent no pack".into()));
    }
    pack.commit()?;
    Ok(())
}

fn refused(line: &[u8]) -> FetchError {
    let text = String::from_utf8_lossy(line).trim().to_owned();
    FetchError::Refused(text.strip_prefix("ERR ").map_or(text.clone(), str::to_owned))
}
