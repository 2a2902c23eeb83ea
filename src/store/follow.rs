//! How the live table is followed, in words.

use std::fmt;

use super::Followed;

const LOOKS: &str = "rows that had ended are looked at again every 10 minutes";

impl Followed {
    /// Whether every change of a row is known without looking for it.
    pub const fn is_exact(&self) -> bool {
        matches!(self, Self::OwnFeed | Self::Triggers { sweeps: false })
    }
}

impl fmt::Display for Followed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OwnFeed => f.write_str("by its own feed (exact)"),
            Self::Triggers { sweeps: false } => f.write_str("by triggers (exact)"),
            Self::Triggers { sweeps: true } => f.write_str(
                "by triggers; a unique index lets INSERT OR REPLACE take a row away unseen, so all rows are looked at \
                 again every 10 minutes",
            ),
            Self::Version => write!(f, "by data version and watermark; {LOOKS}"),
            Self::Unfit(why) => {
                write!(f, "by data version and watermark, since its triggers are of no use: {why}; {LOOKS}")
            }
        }
    }
}
