//! The digest of a set of applied revisions, which makes "at head" one comparison. Not a proof: it
//! tells an honest difference, not a forged one.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Checksum, hex::hex_forms};

/// A digest of a set of revisions with their checksums, whatever the order they came in.
///
/// It is the XOR of one SHA-256 per revision, so that adding one and taking it away are the same
/// cheap operation. Whoever can choose checksums freely can make a XOR come out as they like; but
/// whoever can write the history needs no collision. What it has to tell apart are sets that differ
/// by accident, and for those it is as good as the hash behind it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest([u8; 32]);

hex_forms!(Digest);

impl Digest {
    /// The digest of no revision at all.
    pub const EMPTY: Self = Self([0; 32]);

    /// A digest from its bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Adds a revision that is not in the set, or takes one away that is.
    pub fn toggle(&mut self, id: &str, checksum: &Checksum) {
        let entry =
            Sha256::new().chain_update(id).chain_update([0]).chain_update(checksum.as_bytes()).finalize();
        for (byte, entry) in self.0.iter_mut().zip(entry) {
            *byte ^= entry;
        }
    }
}

impl Default for Digest {
    fn default() -> Self {
        Self::EMPTY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_does_not_matter_and_what_is_taken_away_is_gone() {
        let [a, b] = [Checksum::from_bytes([1; 32]), Checksum::from_bytes([2; 32])];
        let (mut one, mut other) = (Digest::EMPTY, Digest::EMPTY);
        one.toggle("a", &a);
        one.toggle("b", &b);
        other.toggle("b", &b);
        assert_ne!(one, other);
        other.toggle("a", &a);
        assert_eq!(one, other);
        other.toggle("a", &b);
        assert_ne!(one, other);
        for (id, checksum) in [("a", &b), ("a", &a), ("b", &b)] {
            other.toggle(id, checksum);
        }
        assert_eq!(other, Digest::EMPTY);
    }

    #[test]
    fn it_survives_text_and_json() {
        let mut digest = Digest::EMPTY;
        digest.toggle("a", &Checksum::from_bytes([7; 32]));
        assert_eq!(digest.to_string().parse(), Ok(digest));
        let json = serde_json::to_string(&digest).unwrap();
        assert_eq!(serde_json::from_str::<Digest>(&json).unwrap(), digest);
    }
}
