//! What is done to a record, and what is told of it.

use super::*;

fn at(minute: i64) -> Timestamp {
    Timestamp::from_secs(1_772_000_000 + 60 * minute)
}

/// A record of that many rows.
fn record(rows: i64) -> Vec<Entry> {
    written(rows, "ada")
}

fn written(rows: i64, who: &str) -> Vec<Entry> {
    let mut record: Vec<Entry> = Vec::new();
    for n in 1..=rows {
        let what = format!(r#"{{"task":"{n}","token":{n}}}"#);
        record.push(Entry::after(record.last().map(Entry::head), at(n), who, "claim", what));
    }
    record
}

fn anchor(record: &[Entry], seq: usize) -> Anchor {
    let entry = &record[seq - 1];
    Anchor { head: entry.head(), at: entry.at, line: 1 }
}

fn walk(mut chain: Chain, record: &[Entry], witness: Witness) -> Verified {
    record.iter().for_each(|entry| chain.step(entry));
    chain.finish(witness)
}

fn verify(record: &[Entry], anchors: &[Anchor]) -> Verified {
    walk(Chain::new(anchors.to_vec()), record, Witness::default())
}

fn words(verified: &Verified) -> Vec<(&'static str, i64)> {
    verified.faults.iter().map(|fault| (fault.word(), fault.row())).collect()
}

#[test]
fn a_record_as_it_was_written_is_whole() {
    let record = record(5);
    let verified = verify(&record, &[anchor(&record, 2), anchor(&record, 5)]);
    assert!(verified.is_whole(), "{verified:?}");
    assert_eq!((verified.rows, verified.anchors, verified.anchored), (5, (2, 2), Some(5)));
    assert_eq!((verified.sound, verified.rest), (Some((1, 5)), None));
    assert_eq!(verified.last.map(|(head, _)| head), record.last().map(Entry::head));
    assert!(verify(&[], &[]).is_whole());
}

#[test]
fn every_change_of_a_row_is_found_and_every_other_row_is_trusted() {
    let edits: [fn(&mut Entry); 6] = [
        |row| row.at = at(99),
        |row| row.who = "eve".into(),
        |row| row.action = "add".into(),
        |row| row.what = r#"{"task":"3","token":4}"#.into(),
        |row| row.prev = "0".repeat(64),
        |row| row.hash = "0".repeat(64),
    ];
    for (n, edit) in edits.iter().enumerate() {
        let mut record = record(5);
        edit(&mut record[2]);
        let verified = verify(&record, &[]);
        assert_eq!(verified.faults[0].row(), 3, "{n}");
        assert_eq!(verified.faults[0].word(), "edited", "{n}");
        assert_eq!(verified.sound, Some((1, 2)), "{n}");
    }
    let mut record = record(5);
    record[2].who = "eve".into();
    let verified = verify(&record, &[anchor(&record, 1)]);
    assert_eq!((words(&verified), verified.rest, verified.anchored), (vec![("edited", 3)], Some((4, 5)), Some(1)));
}

#[test]
fn a_row_whose_hash_was_computed_anew_does_not_bind_the_next() {
    let mut record = record(5);
    record[2].who = "eve".into();
    record[2].hash = record[2].digest().to_string();
    let verified = verify(&record, &[]);
    assert_eq!((words(&verified), verified.sound), (vec![("unbound", 4)], Some((1, 3))));
    let said = verified.faults[0].to_string();
    assert_eq!(said, "row 4 was written after another row 3 than the one that is there");
    assert_eq!(verified.faults[0].contrast(), Some((record[2].hash.clone(), record[3].prev.clone())));
}

#[test]
fn rows_that_are_gone_are_named() {
    let cuts: [(&[usize], &str); 4] = [
        (&[2], "row 3 is gone, and those after them are there"),
        (&[1, 2], "rows 2 to 3 are gone, and those after them are there"),
        (&[0], "row 1 is gone: the record begins after them"),
        (&[0, 1], "rows 1 to 2 are gone: the record begins after them"),
    ];
    for (gone, says) in cuts {
        let mut number = 0..;
        let record: Vec<Entry> =
            record(5).into_iter().filter(|_| number.next().is_some_and(|n| !gone.contains(&n))).collect();
        let verified = verify(&record, &[]);
        assert_eq!(verified.faults.iter().map(ToString::to_string).collect::<Vec<_>>(), [says]);
    }
}

#[test]
fn rows_that_changed_places_or_numbers_are_told_as_that() {
    let mut record = record(6);
    record.swap(2, 3);
    (record[2].seq, record[3].seq) = (3, 4);
    let verified = verify(&record, &[]);
    assert_eq!(words(&verified), [("edited", 3), ("edited", 4), ("unbound", 5)]);
    let said = verified.faults[0].to_string();
    assert_eq!(said, "row 3 was written as row 4: rows were swapped, put in or taken out there");
    assert_eq!((verified.sound, verified.rest), (Some((1, 2)), Some((6, 6))));

    let mut closed = self::record(6);
    closed.remove(2);
    closed.iter_mut().skip(2).for_each(|row| row.seq -= 1);
    let verified = verify(&closed, &[]);
    assert_eq!(words(&verified), [("edited", 3), ("edited", 4), ("edited", 5)]);

    let mut lines = self::record(6);
    lines.swap(2, 3);
    assert_eq!(words(&verify(&lines, &[])), [("missing", 3), ("misplaced", 3)]);
}

#[test]
fn a_cut_of_the_newest_rows_is_found_by_what_is_known_elsewhere() {
    let whole = record(6);
    let cut = &whole[..4];
    assert!(verify(cut, &[]).is_whole(), "nothing in the rows themselves tells");
    let verified = verify(cut, &[anchor(&whole, 2), anchor(&whole, 6)]);
    assert_eq!((words(&verified), verified.anchors), (vec![("cut", 5)], (1, 2)));
    let said = verified.faults[0].to_string();
    assert_eq!(said, format!("the newest rows are gone, from row 5 on: row 6 of {} was anchored (line 1)", at(6)));
    assert_eq!(verified.sound, Some((1, 4)), "what is there is as it was");

    let told = |token: Option<i64>, moment: Option<i64>| {
        let witness = Witness { token, moment: moment.map(at), named: None };
        words(&walk(Chain::default(), cut, witness))
    };
    assert_eq!(told(Some(4), Some(4)), []);
    assert_eq!(told(Some(5), None), [("cut", 5)]);
    assert_eq!(told(None, Some(5)), [("cut", 5)]);
    let none = walk(Chain::default(), &[], Witness { token: Some(1), ..Witness::default() });
    assert_eq!(none.faults[0].to_string(), "every row is gone: claim 1 was handed out, and no row tells of it");
    let moment = walk(Chain::default(), cut, Witness { moment: Some(at(9)), ..Witness::default() });
    assert!(
        moment.faults[0].to_string().ends_with(&format!("something was done at {}, and every row is older", at(9)))
    );
    let named = |row: i64| words(&walk(Chain::default(), cut, Witness { named: Some(row), ..Witness::default() }));
    assert_eq!((named(4), named(5)), (vec![], vec![("cut", 5)]));
}

#[test]
fn a_record_that_was_written_anew_is_found_by_an_anchor() {
    let whole = record(6);
    let mut forged: Vec<Entry> = whole[..3].to_vec();
    for row in &written(6, "eve")[3..] {
        forged.push(Entry::after(forged.last().map(Entry::head), row.at, &row.who, &row.action, row.what.clone()));
    }
    assert!(verify(&forged, &[]).is_whole());
    assert!(verify(&forged, &[anchor(&whole, 3)]).is_whole(), "an anchor holds what is before it");
    let verified = verify(&forged, &[anchor(&whole, 2), anchor(&whole, 5)]);
    assert_eq!((words(&verified), verified.anchors), (vec![("rewritten", 5)], (1, 2)));
    assert_eq!((verified.sound, verified.anchored), (Some((1, 2)), Some(2)), "from row 3 on it may be forged");
    let verified = verify(&forged, &[anchor(&whole, 5)]);
    assert_eq!((verified.sound, verified.rest), (None, Some((6, 6))));
    assert!(verified.faults[0].to_string().starts_with(&format!("row 5 is not the one of {} that was anch", at(5))));
}

#[test]
fn an_anchor_with_another_time_than_its_row_was_changed() {
    let record = record(3);
    let wrong = Anchor { at: at(9), ..anchor(&record, 2) };
    let verified = verify(&record, &[wrong]);
    assert_eq!((words(&verified), verified.sound), (vec![("mistimed", 2)], Some((1, 3))));
}

#[test]
fn a_part_is_bound_to_the_anchor_before_it() {
    let record = record(6);
    let part = |anchors: Vec<Anchor>, rows: &[Entry]| walk(Chain::part(anchors), rows, Witness::default());
    let anchors = vec![anchor(&record, 1), anchor(&record, 2), anchor(&record, 4), anchor(&record, 6)];
    let verified = part(anchors, &record[2..5]);
    assert!(verified.is_whole(), "{verified:?}");
    assert_eq!((verified.sound, verified.anchors), (Some((3, 5)), (2, 2)));
    let forged = written(6, "eve");
    assert_eq!(words(&part(vec![anchor(&record, 2)], &forged[2..5])), [("rewritten", 2)]);
    assert_eq!(words(&verify(&record[2..], &[])), [("missing", 1)], "as a whole it lacks its beginning");
}

#[test]
fn of_many_faults_the_first_ones_are_told() {
    let mut record = record(100);
    record.iter_mut().for_each(|row| row.who = "eve".into());
    let verified = verify(&record, &[]);
    assert_eq!((verified.faults.len(), verified.more, verified.sound), (20, 80, None));
}

#[test]
fn a_line_that_is_no_anchor_is_told_and_the_others_are_read() {
    let record = record(3);
    let [one, two, three] = [1, 2, 3].map(|seq| anchor(&record, seq).to_string());
    let upper = two.replace(|c: char| c.is_ascii_lowercase(), "F");
    let text = format!("# heads\n\n{one}\n{upper}\nx {}\n{three}\n{two}\n", &two[2..]);
    let (anchors, misread) = super::anchors(&text);
    assert_eq!(anchors.iter().map(|it| (it.head.seq, it.line)).collect::<Vec<_>>(), [(1, 3), (3, 6)]);
    let told: Vec<(usize, &str)> = misread.iter().map(|it| (it.line, it.what.as_str())).collect();
    assert_eq!(
        told,
        [
            (4, "its hash is not 64 hexadecimal digits in lower case"),
            (5, "it begins with no number of a row"),
            (7, "it is of row 2, and line 6 above it of row 3: anchors are only added"),
        ]
    );
    for (line, says) in
        [("1 2", "an anchor is the number"), (&*format!("1 {} noon", record[0].hash), "its time is none")]
    {
        assert!(super::anchors(line).1[0].what.starts_with(says), "{line}");
    }
}
