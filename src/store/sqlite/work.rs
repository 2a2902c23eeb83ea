//! What is done to the live table and kept in Abide's own ones: in one transaction where one file holds both.

use rusqlite::Connection;

use super::fault::Done;
use super::layout::Layout;
use super::lock;
use super::table::Table;
use super::two;
use super::writer::Writer;
use crate::model::Timestamp;

/// Does the whole of it, or nothing: `work` checks what it must and writes what it will, by the tables as they are. Where the
/// live table is in a file of its own, `work` may be asked again, and what a crash leaves half done is settled by whoever
/// works next. Rows of the live table are written through [`super::live::Row`], and all else through the writer.
pub(super) fn carry_out<T>(
    conn: &mut Connection,
    table: &Table,
    now: Timestamp,
    work: impl Fn(&mut Writer<'_>, &Layout<'_>) -> Done<T>,
) -> Done<T> {
    if table.is_apart() {
        return two::carry_out(conn, table, now, work);
    }
    let tx = lock::all(conn)?;
    let layout = Layout::of(&tx, table)?;
    let done = work(&mut Writer::new(&tx), &layout)?;
    tx.commit()?;
    Ok(done)
}
