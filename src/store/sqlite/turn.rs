//! Whose turn it is to write two files. Whoever writes between the steps of another makes that one begin anew, which is safe
//! and slow; so each waits for its turn. What holds a turn gives it back when it ends, however it ends.

use std::fs::File;
use std::time::{Duration, Instant};

use rusqlite::Connection;

/// How long to wait before going on without: whoever holds the turn may have been stopped. Tests interleave on purpose.
const PATIENCE: Duration = Duration::from_secs(if cfg!(test) { 0 } else { 10 });

/// How often to ask.
const ASK: Duration = Duration::from_millis(2);

/// A turn; given back with the value.
pub(super) struct Turn(#[allow(dead_code, reason = "the file is the lock")] File);

/// Waits for a turn among those who write Abide's file. None where nobody can tell whose it is: then each begins anew as
/// often as it must.
#[expect(
    clippy::disallowed_methods,
    reason = "the store works off the async threads, as while SQLite itself waits for a lock"
)]
pub(super) fn take(conn: &Connection) -> Option<Turn> {
    let path = conn.path().filter(|path| !path.is_empty())?;
    let file = File::create(format!("{path}-turn")).ok()?;
    let begin = Instant::now();
    while file.try_lock().is_err() {
        if begin.elapsed() >= PATIENCE {
            return None;
        }
        std::thread::sleep(ASK);
    }
    Some(Turn(file))
}
