//! Holds a record against itself, against its anchors, and against what else the store knows.

use super::register::Register;
use super::{Anchor, Cut, Entry, Fault, Head, Mismatch, Page, Witness};
use crate::model::Timestamp;

/// How many faults are told one by one, and how many mismatches.
const MOST: usize = 20;

/// How far from its place a row is looked for whose number alone was changed.
const NEAR: i64 = 64;

/// Walks a record from its first row to its last, a row at a time.
#[derive(Debug, Default)]
pub struct Chain {
    /// Those that were not met yet, the first one last.
    anchors: Vec<Anchor>,
    /// Whether it may begin and end anywhere.
    is_part: bool,
    last: Option<Head>,
    /// Whether a row was wrong.
    is_broken: bool,
    /// The first row after the last fault.
    run: Option<i64>,
    /// The newest claim and the latest moment that rows tell of.
    told: Witness,
    /// What other tables keep, where that is known.
    register: Option<Register>,
    verified: Verified,
}

/// What came of a walk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// How many rows there are.
    pub rows: u64,
    /// The first row and its time.
    pub first: Option<(i64, Timestamp)>,
    /// The last row and its time.
    pub last: Option<(Head, Timestamp)>,
    /// The first and the last row of the beginning in which nothing is wrong; none where the first row is wrong already.
    pub sound: Option<(i64, i64)>,
    /// The first and the last row of the end in which nothing is wrong, where something is before it.
    pub rest: Option<(i64, i64)>,
    /// How many anchors hold, and how many there are that are about these rows.
    pub anchors: (usize, usize),
    /// The last anchored row of the sound beginning.
    pub anchored: Option<i64>,
    /// What is wrong, in order; the first ones, where there are many.
    pub faults: Vec<Fault>,
    /// What other tables keep otherwise than the rows tell; the first ones, where there are many.
    pub mismatches: Vec<Mismatch>,
    /// How many faults and mismatches there are besides.
    pub more: u64,
    /// How much of other tables was held against the rows; none where only these were there.
    pub held: Option<u64>,
}

impl Verified {
    /// Whether all rows are as they were written, as far as that can be told.
    pub const fn is_whole(&self) -> bool {
        self.faults.is_empty()
    }

    fn add(&mut self, fault: Fault) {
        if self.faults.len() < MOST {
            self.faults.push(fault);
        } else {
            self.more += 1;
        }
    }

    fn differ(&mut self, mismatches: impl IntoIterator<Item = Mismatch>) {
        for mismatch in mismatches {
            if self.mismatches.len() < MOST {
                self.mismatches.push(mismatch);
            } else {
                self.more += 1;
            }
        }
    }
}

impl Chain {
    /// A walk that holds the rows against these anchors, which are in order of their rows.
    pub fn new(anchors: Vec<Anchor>) -> Self {
        let mut anchors = anchors;
        anchors.reverse();
        Self { anchors, ..Self::default() }
    }

    /// The same over a part of a record: what comes before it and after it is elsewhere.
    pub fn part(anchors: Vec<Anchor>) -> Self {
        Self { is_part: true, ..Self::new(anchors) }
    }

    /// Takes the next page, with what other tables keep of it. After the last one it says what else tells how far the rows go.
    pub fn take(&mut self, page: Page) -> Option<Witness> {
        if let Some(kept) = page.kept {
            self.register.get_or_insert_default().keep(kept);
        }
        page.rows.iter().for_each(|entry| self.step(entry));
        page.witness
    }

    /// Takes the next row.
    pub fn step(&mut self, entry: &Entry) {
        let seq = entry.seq;
        self.verified.rows += 1;
        self.remember(entry);
        if let Some(register) = &mut self.register {
            self.verified.differ(register.step(entry));
        }
        let before = self.last.as_ref().map_or(0, |last| last.seq);
        if seq <= before {
            self.verified.add(Fault::Misplaced { seq, after: before });
            (self.run, self.is_broken) = (None, true);
            return;
        }
        let begins = self.last.is_none() && self.is_part;
        let is_next = begins || seq == before + 1;
        if !is_next {
            self.verified.add(Fault::Missing { from: before + 1, to: seq - 1 });
        }
        let fault = self.content(entry, is_next && !begins);
        let is_right = is_next && fault.is_none();
        fault.into_iter().for_each(|fault| self.verified.add(fault));
        let was_broken = self.is_broken;
        let anchored = self.meet(entry, begins);
        self.is_broken |= !is_right || anchored == Some(false);
        self.run = if is_right && anchored != Some(false) { self.run.or(Some(seq)) } else { None };
        let from = self.verified.sound.map_or(seq, |(from, _)| from);
        if !self.is_broken {
            self.verified.sound = Some((from, seq));
            self.verified.anchored = anchored.map(|_| seq).or(self.verified.anchored);
        } else if !was_broken && is_right {
            // All fits, but to another end: whoever wrote it anew may have begun right after the last anchor that holds.
            self.verified.sound = self.verified.anchored.map(|to| (from, to));
        }
        // What comes after a wrong row is held against what stands there: one change is one fault.
        self.last = Some(entry.head());
        self.verified.first.get_or_insert((seq, entry.at));
        self.verified.last = Some((entry.head(), entry.at));
    }

    /// What is wrong with what stands in a row, or with what it is bound to.
    fn content(&self, entry: &Entry, is_next: bool) -> Option<Fault> {
        let seq = entry.seq;
        let digest = entry.digest().to_string();
        if digest != entry.hash {
            let mut near = (1..=NEAR).flat_map(|by| [seq.saturating_add(by), seq.saturating_sub(by)]);
            let is_told = self.verified.faults.len() < MOST;
            let written_as = near.find(|other| is_told && entry.digest_as(*other).to_string() == entry.hash);
            return Some(Fault::Edited { seq, expected: entry.hash.clone(), found: digest, written_as });
        }
        let expected = self.last.as_ref().map_or("", |last| last.hash.as_str());
        let is_bound = !is_next || entry.prev == expected;
        (!is_bound).then(|| Fault::Unbound { seq, expected: expected.to_owned(), found: entry.prev.clone() })
    }

    /// Whether the row's anchor holds; none where it has none. Anchors of rows that are gone are passed over: that they are gone
    /// is told already.
    fn meet(&mut self, entry: &Entry, begins: bool) -> Option<bool> {
        while let Some(anchor) = self.anchors.pop_if(|anchor| anchor.head.seq <= entry.seq) {
            // A part that begins after an anchored row is bound to it.
            let precedes = begins && anchor.head.seq + 1 == entry.seq;
            if anchor.head.seq < entry.seq && !precedes {
                self.verified.anchors.1 += usize::from(!begins);
                continue;
            }
            self.verified.anchors.1 += 1;
            let hash = if precedes { &entry.prev } else { &entry.hash };
            if anchor.head.hash != *hash {
                self.verified.add(Fault::Rewritten { anchor, found: hash.clone() });
                return Some(false);
            }
            if !precedes && anchor.at != entry.at {
                self.verified.add(Fault::Mistimed { anchor, found: entry.at });
                return Some(true);
            }
            self.verified.anchors.0 += 1;
            if !precedes {
                return Some(true);
            }
        }
        None
    }

    /// Remembers what the store may know from elsewhere too.
    fn remember(&mut self, entry: &Entry) {
        self.told.moment = self.told.moment.max(Some(entry.at));
        if entry.action == "claim" {
            let what: Option<serde_json::Value> = serde_json::from_str(&entry.what).ok();
            let token = what.as_ref().and_then(|what| what.get("token")).and_then(serde_json::Value::as_i64);
            self.told.token = self.told.token.max(token);
        }
    }

    /// What came of it, once the last row was taken.
    pub fn finish(mut self, witness: Witness) -> Verified {
        let after = self.last.as_ref().map_or(0, |last| last.seq);
        if !self.is_part {
            self.verified.anchors.1 += self.anchors.len();
            let anchor = self.anchors.first().cloned().map(Cut::Anchor);
            let token = witness.token.filter(|token| self.told.token < Some(*token)).map(Cut::Token);
            let moment = witness.moment.filter(|at| self.told.moment < Some(*at)).map(Cut::Moment);
            let named = witness.named.filter(|row| after < *row).map(Cut::Named);
            // Each of them tells the same; the first is the surest.
            if let Some(told) = anchor.or(token).or(moment).or(named) {
                self.verified.add(Fault::Cut { after, told });
            }
        }
        if let Some(register) = self.register.take() {
            let (mismatches, held) = register.finish();
            self.verified.differ(mismatches);
            self.verified.held = Some(held);
        }
        self.verified.rest = self.run.filter(|_| self.is_broken).map(|from| (from, after));
        self.verified
    }
}
