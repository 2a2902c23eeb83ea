//! What is done to the live table and kept in Abide's own ones: in one transaction where one file holds both.

use rusqlite::{Connection, Transaction};

use super::entry::Entry;
use super::fault::Done;
use super::layout::Layout;
use super::live::Write;
use super::lock;
use super::table::Table;
use super::two;
use super::writer::Writer;
use crate::model::{Epoch, TaskId};

/// One row to write, and what is kept of it.
pub(super) struct Deed<'l> {
    /// What is written; none where the live row stays as it is, or is gone.
    pub(super) write: Option<Write<'l>>,
    /// The row's key, where it has one already.
    pub(super) task: Option<TaskId>,
    pub(super) entry: Entry,
}

/// Takes deeds, one after another.
pub(super) type Take<'t, 'l> = &'t mut dyn FnMut(Deed<'l>) -> Done<()>;

/// The rows that were inserted, each with its fingerprint where it is a remediation task's.
pub(super) type Inserted = Vec<(Option<String>, TaskId)>;

/// Something to do, whatever files it is done in.
pub(super) trait Work {
    type Outcome;

    /// The epoch of the leader that does it; none where anybody may.
    fn fence(&self) -> Option<Epoch>;

    /// Refuses what must not be done, whatever the live rows are.
    fn check(&self, tx: &Transaction<'_>) -> Done<()>;

    /// Hands over what is to be written, by the rows as they are now. Where the files are two it is asked twice.
    fn deeds<'l>(&self, tx: &Connection, layout: &'l Layout<'l>, take: Take<'_, 'l>) -> Done<()>;

    /// Keeps what belongs to the work as a whole, once the rows are written.
    fn end(&self, writer: &mut Writer<'_>, inserted: Inserted) -> Done<Self::Outcome>;
}

/// Does the whole of it, or nothing. Where the live table is in a file of its own, what a crash leaves half done is settled
/// by whoever works next.
pub(super) fn carry_out<W: Work>(conn: &mut Connection, table: &Table, work: &W) -> Done<W::Outcome> {
    if table.is_apart() {
        return two::carry_out(conn, table, work);
    }
    let tx = lock::all(conn)?;
    work.check(&tx)?;
    let layout = Layout::of(&tx, table)?;
    let (mut writer, mut inserted) = (Writer::new(&tx), Inserted::new());
    work.deeds(&tx, &layout, &mut |deed| {
        let (task, entry) = deed.carry_out(&mut writer, &mut inserted)?;
        entry.keep(&mut writer, &task)
    })?;
    let outcome = work.end(&mut writer, inserted)?;
    tx.commit()?;
    Ok(outcome)
}

impl Deed<'_> {
    /// Writes the row, and says its key and what is to be kept.
    pub(super) fn carry_out(self, writer: &mut Writer<'_>, inserted: &mut Inserted) -> Done<(TaskId, Entry)> {
        let Self { write, task, entry } = self;
        let made = write.map(|write| write.carry_out(writer)).transpose()?;
        match task {
            Some(task) => Ok((task, entry)),
            None => {
                let task = made.ok_or_else(|| super::fault::damaged("what was done has no task"))?;
                inserted.push((entry.fingerprint().map(str::to_owned), task.clone()));
                Ok((task, entry))
            }
        }
    }
}
