//! What a task asks for, as one digest and part by part.

use std::fmt;

use super::{Digest, Hasher};

/// The parts of a task that an approval binds, in order.
pub(super) const PARTS: [&str; 6] = ["type", "title", "description", "author", "labels", "context"];

/// What a task asks for: a digest of the whole, which an approval binds, and a short one of each part, which tells what has
/// changed. Only the digest decides anything.
#[derive(Debug, Clone, Copy, Eq)]
pub struct Content {
    digest: Digest,
    /// The beginning of a digest of all parts but the last: whoever does a task notes things in its context as they go.
    lasting: u128,
    parts: [u32; PARTS.len()],
}

impl PartialEq for Content {
    /// By the digest of the whole: what was stored before the rest was told is the same content.
    fn eq(&self, other: &Self) -> bool {
        self.digest == other.digest
    }
}

impl Content {
    /// The content that has these parts, each given as the pieces that it consists of.
    pub fn of(parts: [&[&[u8]]; PARTS.len()]) -> Self {
        let mut short = [0; PARTS.len()];
        let (mut whole, mut lasting) = (Hasher::default(), Hasher::default());
        for (at, (part, short)) in parts.iter().zip(&mut short).enumerate() {
            let mut hasher = Hasher::default();
            for piece in *part {
                hasher = hasher.part(piece);
            }
            let digest = hasher.finish();
            *short = digest.first();
            whole = whole.part(digest);
            if at + 1 < PARTS.len() {
                lasting = lasting.part(digest);
            }
        }
        Self { digest: whole.finish(), lasting: lasting.finish().half(), parts: short }
    }

    /// The content of a task that has nothing but a title.
    pub fn titled(title: &str) -> Self {
        Self::of([&[], &[title.as_bytes()], &[], &[], &[], &[]])
    }

    /// The digest of the whole.
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// Whether it is the same work, whatever was noted in its context since.
    pub const fn is_same_work(&self, other: &Self) -> bool {
        self.lasting == other.lasting
    }

    /// The parts in which it differs from what it was.
    pub fn changed_since(&self, before: &Self) -> Vec<&'static str> {
        let parts = self.parts.iter().zip(&before.parts).zip(PARTS);
        parts.filter(|((now, before), _)| now != before).map(|(_, name)| name).collect()
    }

    /// A content as it was stored: what [`fmt::Display`] writes, or nothing.
    pub fn stored(text: &str) -> Option<Self> {
        let mut words = text.split('-');
        let digest = Digest::stored(words.next()?)?;
        let lasting = u128::from_str_radix(words.next()?, 16).ok()?;
        let mut parts = [0; PARTS.len()];
        for part in &mut parts {
            *part = u32::from_str_radix(words.next()?, 16).ok()?;
        }
        words.next().is_none().then_some(Self { digest, lasting, parts })
    }
}

impl fmt::Display for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:032x}", self.digest, self.lasting)?;
        self.parts.iter().try_for_each(|part| write!(f, "-{part:08x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_reads_back_what_it_prints_and_tells_what_changed() {
        let before = Content::of([&[b"fix"], &[b"a"], &[], &[], &[], &[]]);
        assert_eq!(Content::stored(&before.to_string()), Some(before));
        assert_eq!(Content::stored("12-3"), None);
        let noted = Content::of([&[b"fix"], &[b"a"], &[], &[], &[], &[b"half done"]]);
        let lasting = before.to_string().replace(&format!("{:032x}", before.lasting), &"0".repeat(32));
        assert_eq!(Content::stored(&lasting), Some(before), "as it came from an earlier version");
        assert!(noted.is_same_work(&before) && noted.digest() != before.digest());
        let after = Content::of([&[b"fix"], &[b"a"], &[b"more"], &[], &[b"area", b"db"], &[]]);
        assert_ne!(before.digest(), after.digest());
        assert!(!after.is_same_work(&before));
        assert_eq!(after.changed_since(&before), ["description", "labels"]);
        assert_eq!(after.changed_since(&after), [""; 0]);
    }
}
