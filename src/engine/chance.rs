//! Randomness, as a port.

/// Where what nobody can guess comes from.
pub trait Chance: Send + Sync {
    /// Bytes that nobody can guess.
    ///
    /// # Errors
    /// When the system has none to give, in words.
    fn bytes(&self) -> Result<[u8; 32], String>;
}

/// The system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemChance;

impl Chance for SystemChance {
    fn bytes(&self) -> Result<[u8; 32], String> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| format!("the system gives no random bytes: {error}"))?;
        Ok(bytes)
    }
}

/// Bytes as text: two hexadecimal digits each.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
