//! Any story, cut short anywhere, comes to what it comes to when nothing cuts it short.

use std::path::Path;

use proptest::prelude::*;

use super::super::*;
use super::site::{Site, Wanted, dump, prepare};

const SUBJECTS: [&str; 4] = ["agent/one", "agent/two", "agent/three", "agent/four"];

/// What the team does to a remediation task.
const TEAM_DOES: [&str; 6] = [
    "state = 'doing'",
    "state = 'done', ended = '2026-11-23 11:00:00'",
    "state = 'broken', ended = '2026-11-23 11:00:00'",
    "who = 'qa'",
    "ctx = NULL",
    "ctx = 'no json'",
];

/// One chapter: what drifts, what the team does, and where a pass is cut short.
#[derive(Debug, Clone)]
struct Chapter {
    drifts: Vec<Option<Severity>>,
    does: Option<(usize, usize)>,
    deletes: Option<usize>,
    cut: usize,
}

fn chapter() -> impl Strategy<Value = Chapter> {
    let severity = prop::option::weighted(0.6, prop::sample::select(Severity::ALL.to_vec()));
    let drifts = prop::collection::vec(severity, SUBJECTS.len());
    let does = prop::option::of((0..SUBJECTS.len(), 0..TEAM_DOES.len()));
    let deletes = prop::option::weighted(0.2, 0..SUBJECTS.len());
    (drifts, does, deletes, 0usize..160).prop_map(|(drifts, does, deletes, cut)| Chapter { drifts, does, deletes, cut })
}

fn live(folder: &Path, chapter: &Chapter, at: Timestamp, is_cut: bool) {
    let team = Connection::open(folder.join("team.db")).unwrap();
    let of = |nth: usize| format!("name LIKE '{}%'", SUBJECTS[nth]);
    if let Some((nth, what)) = chapter.does {
        team.execute(&format!("UPDATE team SET {} WHERE {}", TEAM_DOES[what], of(nth)), []).unwrap();
    }
    if let Some(nth) = chapter.deletes {
        team.execute(&format!("DELETE FROM team WHERE {}", of(nth)), []).unwrap();
    }
    let drifts = SUBJECTS.iter().zip(&chapter.drifts).filter_map(|(subject, it)| Some((*subject, (*it)?)));
    let wanted = Wanted { drifts: drifts.collect(), ..Wanted::default() };
    if is_cut {
        let mut site = Site::new(folder, true);
        let epoch = site.lead("first", at).unwrap();
        site.cut(chapter.cut);
        drop(site.pass(&wanted, epoch));
    }
    let mut site = Site::new(folder, true);
    let epoch = site.lead("second", at.plus(Duration::from_mins(5))).unwrap();
    assert!(site.settle(&wanted, epoch) <= 3);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 60, ..ProptestConfig::default() })]

    #[test]
    fn any_story_cut_short_anywhere_ends_as_it_does_uncut(chapters in prop::collection::vec(chapter(), 1..6)) {
        let [cut, whole] = [0, 1].map(|_| prepare("", &Wanted::default(), true));
        for (n, chapter) in (1u64..).zip(&chapters) {
            let at = now().plus(Duration::from_mins(20 * n));
            live(cut.path(), chapter, at, true);
            live(whole.path(), chapter, at, false);
            prop_assert_eq!(dump(cut.path(), true), dump(whole.path(), true), "chapter {}", n);
        }
    }
}
