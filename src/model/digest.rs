//! Content digests.

use std::fmt;

use sha2::Digest as _;

/// A SHA-256 of some content. Prints as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

/// Digests parts in turn, each delimited by its length, so that no two lists of parts collide.
#[derive(Default)]
pub struct Hasher(sha2::Sha256);

impl Hasher {
    /// Takes one part in.
    #[must_use]
    pub fn part(mut self, part: impl AsRef<[u8]>) -> Self {
        let part = part.as_ref();
        self.0.update((part.len() as u64).to_be_bytes());
        self.0.update(part);
        self
    }

    /// The digest of all parts.
    pub fn finish(self) -> Digest {
        Digest(self.0.finalize().into())
    }
}

impl Digest {
    /// The digest of one text.
    pub fn of(content: impl AsRef<[u8]>) -> Self {
        Self(sha2::Sha256::digest(content.as_ref()).into())
    }

    /// A digest as it was stored: 64 hexadecimal digits, or nothing.
    pub fn stored(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        let is_whole = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
        for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)).filter(|_| is_whole) {
            *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
        }
        is_whole.then_some(Self(bytes))
    }

    /// Its first four bytes as a number.
    pub const fn first(&self) -> u32 {
        u32::from_be_bytes([self.0[0], self.0[1], self.0[2], self.0[3]])
    }

    /// Its first half as a number.
    pub const fn half(&self) -> u128 {
        let mut half = [0; 16];
        half.copy_from_slice(self.0.split_at(16).0);
        u128::from_be_bytes(half)
    }

    /// The first `length` hexadecimal digits.
    pub fn short(&self, length: usize) -> String {
        self.to_string().chars().take(length).collect()
    }
}

impl AsRef<[u8]> for Digest {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A record of a million rows has two million of them to be held against each other.
        let mut hex = [0; 64];
        for (pair, byte) in hex.chunks_exact_mut(2).zip(self.0) {
            pair.copy_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
        }
        f.write_str(std::str::from_utf8(&hex).map_err(|_| fmt::Error)?)
    }
}

/// The hexadecimal digit of a number below 16.
const fn digit(number: u8) -> u8 {
    if number < 10 { b'0' + number } else { b'a' + number - 10 }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_reads_back_what_it_prints() {
        let digest = Digest::of("abide");
        assert_eq!(Digest::stored(&digest.to_string()), Some(digest));
        assert_eq!(Digest::stored("12"), None);
        assert_eq!(Digest::stored(&"x".repeat(64)), None);
    }
}
