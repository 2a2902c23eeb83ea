//! What came of a verification.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::anchors::Anchored;
use crate::cli::paint::Paint;
use crate::diagnostic::{counted, plain};
use crate::model::Severity;
use crate::store::audit::{Fault, Head, Mismatch, Verified};

const GO_ON: &str = "keep a copy of the database as it is now, and hold a backup or an older export against it: `abide audit \
                     verify --file` reads one; new rows are still added to what is there";

const MEND: &str = "the record is what was done, and `abide audit show` has its rows: put back what they tell, take out what none \
                    tells of, and find out who can write the database";

/// What came of a verification.
pub(super) struct Report<'r> {
    /// Of the rows.
    pub verified: &'r Verified,
    /// The anchors that they were held against.
    pub anchored: &'r Anchored,
    /// What is wrong with files, a sentence each.
    pub wrong: &'r [String],
    /// Whether only a part of the record was looked at.
    pub is_part: bool,
}

impl Report<'_> {
    /// Whether nothing is wrong.
    pub(super) const fn is_fine(&self) -> bool {
        self.verified.is_whole() && self.verified.mismatches.is_empty() && self.wrong.is_empty()
    }

    /// The number of the last anchor that these rows reach.
    fn last_anchor(&self) -> Option<i64> {
        let (head, _) = self.verified.last.as_ref()?;
        let (first, _) = self.verified.first.as_ref()?;
        let seqs = self.anchored.anchors.iter().map(|anchor| anchor.head.seq);
        seqs.rev().find(|seq| *seq <= head.seq && *seq >= *first)
    }
}

/// Writes it for people.
pub(super) fn text(report: &Report<'_>, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let sign = paint.severity(Severity::Critical, "✗");
    report.wrong.iter().try_for_each(|wrong| writeln!(out, "{sign} {wrong}"))?;
    let verified = report.verified;
    for fault in &verified.faults {
        writeln!(out, "{sign} {fault}")?;
        if let Some((expected, found)) = fault.contrast() {
            writeln!(out, "    expected  {expected}\n    found     {found}")?;
        }
    }
    verified.mismatches.iter().try_for_each(|it| mismatch(it, sign.as_ref(), out))?;
    if verified.more > 0 {
        writeln!(out, "… and {} more places at fault", verified.more)?;
    }
    let rows = counted(verified.rows, "row");
    let span = match (&verified.first, &verified.last) {
        (Some((_, from)), Some((_, to))) => format!("{rows}, from {from} to {to}"),
        _ => rows,
    };
    let faults = (report.wrong.len() + verified.faults.len() + verified.mismatches.len()) as u64 + verified.more;
    match (report.is_fine(), report.is_part) {
        (true, _) if verified.rows == 0 => writeln!(out, "The record is empty: nothing was done yet")?,
        (true, false) => writeln!(out, "{}: {span}", paint.good("The record is whole"))?,
        (true, true) => writeln!(out, "{}: {span}", paint.good("This part of the record is whole"))?,
        // What is wrong with a file of anchors, or with other tables, says nothing against the record itself.
        (false, _) if verified.is_whole() => writeln!(out, "{} beside the record: {span}", counted(faults, "finding"))?,
        (false, _) => writeln!(out, "The record is broken: {} in {span}", counted(faults, "finding"))?,
    }
    if let Some((Head { seq, hash }, _)) = &verified.last {
        writeln!(out, "  head     {seq} {hash}")?;
    }
    writeln!(out, "  anchors  {}", anchors(report))?;
    if let Some(held) = verified.held.filter(|held| *held > 0) {
        writeln!(
            out,
            "  beside   {held} ballots, requests, tokens and sightings, held against the rows that tell of them"
        )?;
    }
    if !verified.mismatches.is_empty() {
        writeln!(out, "  = help: {MEND}")?;
    }
    if !verified.is_whole() {
        trusted(verified).iter().try_for_each(|line| writeln!(out, "  {line}"))?;
        writeln!(out, "  = help: {GO_ON}")?;
    }
    Ok(())
}

/// Something that other tables keep otherwise. What stands there may be anybody's, and commands no terminal.
fn mismatch(mismatch: &Mismatch, sign: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{sign} {}", plain(&mismatch.to_string()))?;
    match mismatch.contrast() {
        None => Ok(()),
        Some((expected, found)) => {
            writeln!(out, "    expected  {}\n    found     {}", plain(&expected), plain(&found))
        }
    }
}

/// What the anchors come to.
fn anchors(report: &Report<'_>) -> String {
    let shown = &report.anchored.shown;
    let (held, known) = report.verified.anchors;
    if known == 0 {
        return format!(
            "no anchor in {shown}: a cut of the newest rows, or a record computed anew, may not be seen; `abide audit \
             anchor` writes one"
        );
    }
    let head = report.verified.last.as_ref().map_or(0, |(head, _)| head.seq);
    let newer = report.last_anchor().map_or(0, |last| head.saturating_sub(last));
    let after = match newer {
        0 => String::new(),
        1 => "; 1 newer row has none".to_owned(),
        newer => format!("; {newer} newer rows have none"),
    };
    format!("{held} of {known} hold, of {shown}{after}")
}

/// What can still be trusted.
fn trusted(verified: &Verified) -> Vec<String> {
    let mut lines = Vec::new();
    match (verified.sound, verified.anchored) {
        (Some((from, to)), Some(anchored)) if anchored < to => lines.push(format!(
            "{} as written, which an anchor holds, and those up to {to} fit on to them",
            are(from, anchored)
        )),
        (Some((from, to)), Some(_)) => lines.push(format!("{} as written, which an anchor holds", are(from, to))),
        (Some((from, to)), None) => {
            lines.push(format!("{} as written, unless somebody computed all their hashes anew", are(from, to)));
        }
        (None, _) => lines.push("no row from the beginning on can be trusted".to_owned()),
    }
    lines.extend(verified.rest.map(|(from, to)| format!("{} bound to each other again", are(from, to))));
    lines
}

fn are(from: i64, to: i64) -> String {
    if from == to { format!("row {from} is") } else { format!("rows {from} to {to} are") }
}

/// Writes it for programs.
pub(super) fn as_json(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Report { verified, anchored, wrong, .. } = report;
    let finding = |fault: &Fault| {
        let (expected, found) = fault.contrast().unzip();
        let (kind, row) = (fault.word(), fault.row());
        json!({"kind": kind, "row": row, "message": fault.to_string(), "expected": expected, "found": found})
    };
    let beside = |it: &Mismatch| {
        let (expected, found) = it.contrast().unzip();
        json!({"kind": it.word(), "row": it.row, "message": it.to_string(), "expected": expected, "found": found})
    };
    let of_file =
        |wrong: &String| json!({"kind": "file", "row": null, "message": wrong, "expected": null, "found": null});
    let of_rows = verified.faults.iter().map(finding).chain(verified.mismatches.iter().map(beside));
    let findings: Vec<Value> = wrong.iter().map(of_file).chain(of_rows).collect();
    let range = |range: Option<(i64, i64)>| range.map(|(from, to)| json!({"from": from, "to": to}));
    let last = verified.last.as_ref();
    let json = json!({
        "version": 1,
        "whole": report.is_fine(),
        "part": report.is_part,
        "rows": verified.rows,
        "first": verified.first.map(|(row, at)| json!({"row": row, "at": at.to_string()})),
        "last": last.map(|(head, at)| json!({"row": head.seq, "at": at.to_string(), "hash": head.hash})),
        "sound": range(verified.sound),
        "rest": range(verified.rest),
        "anchors": {
            "file": anchored.shown,
            "known": verified.anchors.1,
            "hold": verified.anchors.0,
            "last": report.last_anchor(),
        },
        "beside": verified.held,
        "findings": findings,
        "more": verified.more,
    });
    writeln!(out, "{json:#}")
}
