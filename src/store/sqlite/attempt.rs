//! Going on without a row of the live table that cannot be read or written.

use super::command::Desk;
use super::commit::Pass;
use super::fault::{Done, Fault};
use super::writer::Writer;
use crate::store::StoreError;

/// Whoever writes through a writer.
pub(super) trait Writes<'w> {
    fn writer(&mut self) -> &mut Writer<'w>;
}

impl<'w> Writes<'w> for Desk<'_, 'w> {
    fn writer(&mut self) -> &mut Writer<'w> {
        self.writer
    }
}

impl<'w> Writes<'w> for Pass<'_, 'w> {
    fn writer(&mut self) -> &mut Writer<'w> {
        self.writer
    }
}

/// Does what is about one row, or nothing of it where that row is at fault: then it says how.
pub(super) fn attempt<'w, S: Writes<'w>, T>(
    desk: &mut S,
    work: impl FnOnce(&mut S) -> Done<T>,
) -> Done<Result<T, StoreError>> {
    let point = desk.writer().point()?;
    match work(desk) {
        Ok(done) => {
            desk.writer().pass(point)?;
            Ok(Ok(done))
        }
        // A trigger may have taken the whole transaction back: then there is nothing to go on with.
        Err(Fault::Store(error)) if error.is_of_row() && !desk.writer().tx.is_autocommit() => {
            desk.writer().back_to(point)?;
            Ok(Err(error))
        }
        Err(fault) => Err(fault),
    }
}
