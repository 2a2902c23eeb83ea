//! Each way in which somebody's word does not count, by its own code.

use std::sync::Arc;

use super::{NOW, assess, ballot, said_by, specs, task, with_request};
use crate::kinds::Specs;
use crate::kinds::approval::{Gates, Word, hear};
use crate::model::{
    Asked, Content, Duration, GateState, OnRecord, Said, Spent, Task, TaskStatus, Timestamp, Used, Vote,
};

pub(super) const ONE: &str = "{select: {types: [deploy]}, require: {role: architect}}";

/// The state, and the codes of what does not count.
pub(super) fn stands(specs: &Specs, task: &Task, at: Timestamp) -> (GateState, Vec<&'static str>) {
    let assessed = assess(specs, task, at);
    let faults = assessed.voices.iter().filter_map(|voice| Some(voice.fault.as_ref()?.reason.code()));
    (assessed.state, faults.collect())
}

pub(super) fn yes(specs: &Specs, task: &Task, who: &[&str]) -> Task {
    let votes: Vec<(&str, Vote)> = who.iter().map(|who| (*who, Vote::Approved)).collect();
    said_by(specs, task, &votes)
}

#[test]
fn nobody_agrees_to_their_own_work() {
    let specs = specs(ONE, &[]);
    let own = |task: Task| stands(&specs, &yes(&specs, &task, &["ada"]), NOW);
    assert_eq!(own(task()), (GateState::Approved, vec![]));
    let refused = (GateState::Pending, vec!["approval/own-work"]);
    assert_eq!(own(Task { author: Some("ada".into()), ..task() }), refused);
    assert_eq!(own(Task { agent: Some("ada".into()), ..task() }), refused);
    assert_eq!(own(Task { labels: [("committer".into(), "agent/ada".into())].into(), ..task() }), refused);
}

#[test]
fn nobody_agrees_to_the_work_of_an_agent_that_they_own() {
    let specs = specs(ONE, &[]);
    let task = Task { agent: Some("dev-1".into()), ..task() };
    let owned = (GateState::Pending, vec!["approval/owned-agent"]);
    assert_eq!(stands(&specs, &yes(&specs, &task, &["kim"]), NOW), owned);
    assert_eq!(stands(&specs, &yes(&specs, &task, &["ada"]), NOW).0, GateState::Approved);
}

#[test]
fn a_policy_may_exclude_fewer() {
    let specs = specs("{select: {types: [deploy]}, require: {role: architect}, exclude: [assignee]}", &[]);
    let author = Task { author: Some("ada".into()), ..task() };
    assert_eq!(stands(&specs, &yes(&specs, &author, &["ada"]), NOW).0, GateState::Approved);
}

#[test]
fn only_people_who_are_declared_approve() {
    let specs = specs(ONE, &[]);
    assert_eq!(
        stands(&specs, &yes(&specs, &task(), &["dev-1"]), NOW),
        (GateState::Pending, vec!["approval/not-human"])
    );
    assert_eq!(stands(&specs, &yes(&specs, &task(), &["eve"]), NOW), (GateState::Pending, vec!["approval/undeclared"]));
}

#[test]
fn what_has_changed_since_is_void_and_says_what() {
    let specs = specs(ONE, &[]);
    let approved = yes(&specs, &task(), &["ada"]);
    let changed = Task { content: Content::titled("b"), ..approved };
    let assessed = assess(&specs, &changed, NOW);
    assert_eq!(assessed.state, GateState::Void);
    assert_eq!(assessed.why.as_deref(), Some("its title has changed since ada approved it"));
    let loose = super::specs("{select: {types: [deploy]}, require: {role: architect}, bind: task}", &[]);
    let approved = yes(&loose, &task(), &["ada"]);
    assert_eq!(assess(&loose, &Task { content: Content::titled("b"), ..approved }, NOW).state, GateState::Approved);
}

#[test]
fn another_policy_of_the_same_name_is_another_request() {
    let specs = specs(ONE, &[]);
    let approved = yes(&specs, &task(), &["ada"]);
    let other = super::specs("{select: {types: [deploy]}, require: {role: architect}, validFor: 14d}", &[]);
    assert_eq!(stands(&other, &approved, NOW), (GateState::Void, vec!["approval/changed"]));
}

#[test]
fn what_has_run_out_is_expired_and_is_due_when_it_does() {
    let specs = specs(ONE, &[]);
    let mut cast = ballot(&specs, &task(), "ada", Said::Vote(Vote::Approved));
    let ends = NOW.plus(Duration::from_hours(1));
    cast.expires = Some(ends);
    let task = Task { record: Some(Arc::new(OnRecord { ballots: vec![cast], ..OnRecord::default() })), ..task() };
    assert_eq!(assess(&specs, &task, NOW).turns, Some(ends));
    assert_eq!(stands(&specs, &task, ends.minus(Duration::from_millis(1))).0, GateState::Approved);
    assert_eq!(stands(&specs, &task, ends), (GateState::Expired, vec!["approval/expired"]));
}

#[test]
fn the_last_word_of_a_person_counts() {
    let specs = specs(ONE, &[]);
    let task = task();
    let mut no = ballot(&specs, &task, "ada", Said::Vote(Vote::Rejected));
    no.at = NOW.plus(Duration::from_mins(1));
    let yes = ballot(&specs, &task, "ada", Said::Vote(Vote::Approved));
    let both = Task { record: Some(Arc::new(OnRecord { ballots: vec![yes, no], ..OnRecord::default() })), ..task };
    assert_eq!(assess(&specs, &both, NOW).state, GateState::Approved);
    let later = assess(&specs, &both, NOW.plus(Duration::from_mins(1)));
    assert_eq!((later.state, later.why.as_deref()), (GateState::Rejected, Some("ada said no")));
}

/// An Approval in the specs, with that digest and nonce.
fn document(name: &'static str, fields: &str) -> (&'static str, &'static str, String) {
    let spec = format!(
        "{{task: \"1\", policy: deploys, action: start, verdict: approved, by: agent/ada, expires: 2026-12-31, {fields}}}"
    );
    ("Approval", name, spec)
}

#[test]
fn a_document_counts_once_and_for_what_it_was_said_to() {
    let digest = with_request(&specs(ONE, &[]), &task(), |request| request.digest().to_string());
    let good = document("a", &format!("digest: \"sha256:{digest}\", nonce: x"));
    let other = document("b", &format!("digest: \"sha256:{}\", nonce: y", "0".repeat(64)));
    let again = document("c", &format!("digest: \"sha256:{digest}\", nonce: x"));
    let with = |documents: &[&(&'static str, &'static str, String)]| {
        let more: Vec<(&str, &str, &str)> =
            documents.iter().map(|(kind, name, spec)| (*kind, *name, spec.as_str())).collect();
        stands(&specs(ONE, &more), &task(), NOW)
    };
    assert_eq!(with(&[&good]), (GateState::Approved, vec![]));
    assert_eq!(with(&[&other]), (GateState::Void, vec!["approval/changed"]));
    assert_eq!(with(&[&good, &again]).0, GateState::Approved, "the first of them counts");
    let two = "{select: {types: [deploy]}, require: {role: architect, count: 2}}";
    let replayed = [(good.0, good.1, good.2.as_str()), (again.0, again.1, again.2.as_str())];
    let codes = stands(&specs(two, &replayed), &task(), NOW).1;
    assert!(codes.contains(&"approval/changed"), "another policy: {codes:?}");
    let elsewhere = Task { id: "2".into(), ..task() };
    let specs = specs(ONE, &[(good.0, good.1, good.2.as_str())]);
    assert_eq!(stands(&specs, &elsewhere, NOW), (GateState::Pending, vec![]), "it is of another task");
}

#[test]
fn what_is_bound_to_the_task_outlives_its_changes_and_no_change_of_the_policy() {
    let loose = "{select: {types: [deploy]}, require: {role: architect}, bind: task}";
    let digest = with_request(&specs(loose, &[]), &task(), |request| request.digest().to_string());
    let good = document("a", &format!("digest: \"sha256:{digest}\", nonce: x"));
    let more = [(good.0, good.1, good.2.as_str())];
    let changed = Task { content: Content::titled("b"), ..task() };
    assert_eq!(stands(&specs(loose, &more), &changed, NOW), (GateState::Approved, vec![]));
    let other = "{select: {types: [deploy]}, require: {role: architect}, bind: task, validFor: 1d}";
    assert_eq!(stands(&specs(other, &more), &changed, NOW), (GateState::Void, vec!["approval/changed"]));
}

#[test]
fn a_delegate_speaks_for_a_time_and_never_twice() {
    let lent = [
        ("Agent", "ada", "{human: true, roles: [architect], delegates: [{to: agent/lee, until: 2026-03-03}]}"),
        ("Agent", "lee", "{human: true, roles: [developer], delegates: [{to: agent/max, until: 2026-03-03}]}"),
        ("Agent", "max", "{human: true, delegates: [{to: agent/ned, until: 2026-03-03}]}"),
        ("Agent", "ned", "{human: true}"),
    ];
    let specs = specs(ONE, &lent);
    let by = |who: &[&str], at| stands(&specs, &yes(&specs, &task(), who), at).0;
    assert_eq!(by(&["lee"], NOW), GateState::Approved);
    assert_eq!(by(&["max"], NOW), GateState::Approved, "through two hands");
    assert_eq!(by(&["ned"], NOW), GateState::Pending, "three are too many");
    let after = "2026-03-04T00:00:00Z".parse().unwrap();
    assert_eq!(by(&["lee"], after), GateState::Pending);
    let own = Task { author: Some("ada".into()), ..task() };
    assert_eq!(
        stands(&specs, &yes(&specs, &own, &["lee"]), NOW).0,
        GateState::Pending,
        "Ada may not, so nobody for her"
    );
    let two = super::specs("{select: {types: [deploy]}, require: {role: architect, count: 2}}", &lent);
    let twice = stands(&two, &yes(&two, &task(), &["ada", "lee"]), NOW).0;
    assert_eq!(twice, GateState::Pending, "one voice by two mouths");
    assert_eq!(stands(&two, &yes(&two, &task(), &["bob", "lee"]), NOW).0, GateState::Approved);
}

#[test]
fn silence_is_a_no_or_a_yes_where_the_policy_says_so() {
    let policy = |verdict| {
        format!(
            "{{select: {{types: [deploy]}}, require: {{role: architect}}, timeout: [{{after: 48h, verdict: {verdict}}}]}}"
        )
    };
    let after = NOW.plus(Duration::from_hours(48));
    for (verdict, state) in [("deny", GateState::Rejected), ("allow", GateState::Approved)] {
        let specs = specs(&policy(verdict), &[]);
        let asked = said_by(&specs, &task(), &[]);
        assert_eq!(assess(&specs, &asked, NOW).turns, Some(after));
        assert_eq!(assess(&specs, &asked, after.minus(Duration::from_millis(1))).state, GateState::Pending);
        let late = assess(&specs, &asked, after);
        assert_eq!((late.state, late.why.as_deref()), (state, Some("nobody has answered within 2d")));
        assert_eq!(assess(&specs, &task(), after).state, GateState::Pending, "nobody was asked yet");
        assert_eq!(assess(&specs, &yes(&specs, &asked, &["ada"]), after).state, GateState::Approved);
    }
}

#[test]
fn whoever_breaks_the_glass_goes_ahead_for_a_time_and_is_looked_at_by_others() {
    let policy = "{select: {types: [deploy]}, require: {role: architect}, breakGlass: {by: [role/architect]}}";
    let specs = specs(policy, &[]);
    let mut glass = ballot(&specs, &task(), "ada", Said::Override);
    glass.expires = Some(NOW.plus(Duration::from_hours(8)));
    glass.reason = Some("the site is down".into());
    let record = |more: Vec<_>| {
        let ballots = std::iter::once(glass.clone()).chain(more).collect();
        Task { record: Some(Arc::new(OnRecord { ballots, ..OnRecord::default() })), ..task() }
    };
    let alone = record(Vec::new());
    let assessed = assess(&specs, &alone, NOW);
    assert_eq!(assessed.state, GateState::Overridden);
    assert_eq!(assessed.why.as_deref(), Some("ada broke the glass: the site is down"));
    assert_eq!(assess(&specs, &alone, NOW.plus(Duration::from_hours(8))).state, GateState::Pending);
    let later = NOW.plus(Duration::from_mins(5));
    let is_looked_at = |by: &str, vote, now| {
        let mut said = ballot(&specs, &task(), by, Said::Vote(vote));
        said.at = later;
        said.expires = Some(later.plus(Duration::from_hours(1)));
        let task = record(vec![said]);
        with_request(&specs, &task, |request| request.is_reviewed(&glass, now))
    };
    assert!(!is_looked_at("ada", Vote::Approved, later), "not by themselves");
    assert!(!is_looked_at("bob", Vote::Approved, NOW), "not before they said so");
    for vote in [Vote::Approved, Vote::Rejected] {
        assert!(is_looked_at("bob", vote, later));
        assert!(
            is_looked_at("bob", vote, later.plus(Duration::from_hours(2))),
            "what they said has run out: it was said"
        );
    }
}

#[test]
fn who_answered_before_the_glass_was_broken_looks_at_it_again() {
    let policy = "{select: {types: [deploy]}, require: {role: architect}, breakGlass: {by: [role/architect]}}";
    let specs = specs(policy, &[]);
    let later = NOW.plus(Duration::from_mins(5));
    let heard = |before: Vote, by: &str| {
        let said = ballot(&specs, &task(), by, Said::Vote(before));
        let mut glass = ballot(&specs, &task(), "ada", Said::Override);
        glass.at = NOW.plus(Duration::from_mins(1));
        let record = OnRecord { ballots: vec![said, glass], ..OnRecord::default() };
        let started = Some(NOW.plus(Duration::from_mins(2)));
        let task = Task { status: TaskStatus::Running, started, record: Some(Arc::new(record)), ..task() };
        let word =
            Word { said: Said::Vote(before), by: "bob", seen: None, is_signed: false, expires: None, reason: None };
        with_request(&specs, &task, |request| hear(request, &word, later))
    };
    for before in [Vote::Approved, Vote::Rejected] {
        assert!(heard(before, "bob").is_ok(), "{before:?}: what they said was not of the glass");
    }
    assert!(heard(Vote::Approved, "ada").is_ok(), "enough had agreed by who broke it");
}

#[test]
fn what_was_seen_to_have_started_did_so_then_whatever_the_clock_shows() {
    let specs = specs("{select: {types: [deploy]}, require: {role: architect}, validFor: 1h}", &[]);
    let mut yes = ballot(&specs, &task(), "ada", Said::Vote(Vote::Approved));
    yes.expires = Some(NOW.plus(Duration::from_hours(1)));
    let at = NOW.plus(Duration::from_hours(2));
    let used = Some(Used { at, started: None, state: GateState::Expired, content: task().content });
    let asked = Asked { policy: "approvalpolicy/deploys".parse().unwrap(), since: NOW, stood: NOW, used };
    let record = OnRecord { asked: vec![asked], ballots: vec![yes], ..OnRecord::default() };
    let task = Task { status: TaskStatus::Running, record: Some(Arc::new(record)), ..task() };
    for now in [at.plus(Duration::from_hours(1)), NOW.plus(Duration::from_mins(1))] {
        assert_eq!(with_request(&specs, &task, |request| request.stood(now).state), GateState::Expired, "{now}");
    }
}

#[test]
fn that_nobody_has_answered_is_no_look_at_who_broke_the_glass() {
    let policy = "{select: {types: [deploy]}, require: {role: architect}, timeout: [{after: 1h, verdict: deny}], \
                  breakGlass: {by: [role/architect]}}";
    let specs = specs(policy, &[]);
    let glass = ballot(&specs, &task(), "ada", Said::Override);
    let asked = Asked { policy: "approvalpolicy/deploys".parse().unwrap(), since: NOW, stood: NOW, used: None };
    let record = OnRecord { asked: vec![asked], ballots: vec![glass.clone()], ..OnRecord::default() };
    let task = Task { record: Some(Arc::new(record)), ..task() };
    let later = NOW.plus(Duration::from_hours(2));
    assert!(!with_request(&specs, &task, |request| request.is_reviewed(&glass, later)));
}

#[test]
fn what_no_row_of_the_audit_tells_of_has_no_voice() {
    let specs = specs(ONE, &[]);
    let with = |said: Said| {
        let forged = crate::model::Ballot { is_borne_out: false, ..ballot(&specs, &task(), "eve", said) };
        Task { record: Some(Arc::new(OnRecord { ballots: vec![forged], ..OnRecord::default() })), ..task() }
    };
    for vote in [Vote::Approved, Vote::Rejected] {
        let task = with(Said::Vote(vote));
        assert_eq!(stands(&specs, &task, NOW), (GateState::Pending, vec!["approval/forged"]));
        let said = assess(&specs, &task, NOW).voices[0].fault.as_ref().unwrap().to_string();
        let word = vote.word();
        assert_eq!(said, format!("no row of the audit tells that eve {word} it so, as the ballot `eve-{word}` has it"));
    }
    assert_eq!(assess(&specs, &with(Said::Override), NOW).state, GateState::Pending);
}

#[test]
fn what_a_task_does_not_say_counts_as_holding() {
    let when = super::super::When {
        paths: Some(crate::diagnostic::Spanned { value: vec!["migrations/**".into()], ..Default::default() }),
        risk: Some(">=high".parse().unwrap()),
        budget_spent: None,
    };
    let holds = |labels: &[(&str, &str)]| {
        let labels = labels.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        when.holds_of(&Task { labels, ..task() })
    };
    assert!(holds(&[]), "whoever does not say what they change is asked");
    assert!(holds(&[("paths", "src/a.rs, migrations/V1.sql"), ("risk", "high")]));
    assert!(holds(&[("paths", "[\"migrations/V1.sql\"]")]));
    assert!(!holds(&[("paths", "src/a.rs docs/b.md")]));
    assert!(!holds(&[("paths", "migrations/V1.sql"), ("risk", "low")]));
}

#[test]
fn paths_that_may_be_others_than_they_seem_are_asked_about() {
    let policy = "{select: {types: [deploy]}, when: {paths: ['migrations/**']}, require: {role: architect}}";
    let specs = specs(policy, &[]);
    let asks = |paths: &str| {
        let task = Task { labels: [("paths".into(), paths.into())].into(), ..task() };
        let gates = Gates::of(specs.clone(), "");
        !gates.requests(&task, &Spent::default(), NOW).is_empty()
    };
    for paths in
        ["migrations/1.sql", "src/../migrations/1.sql", "./migrations//1.sql", r#"["src/a.rs", "migrations/b"]"#]
    {
        assert!(asks(paths), "{paths}");
    }
    for paths in
        ["/srv/app/migrations/1.sql", "../app/migrations/1.sql", r"migrations\1.sql", "[migrations/1.sql]", "~/x", ""]
    {
        assert!(asks(paths), "{paths}: nobody can tell");
    }
    for paths in ["src/a.rs", "src/migrations/1.sql", "migrations/../src/a.rs", r#"["src/a.rs"]"#] {
        assert!(!asks(paths), "{paths}");
    }
}

#[test]
fn what_was_said_to_the_whole_text_of_a_policy_counts_while_that_is_the_same() {
    let specs = specs(ONE, &[]);
    let mut cast = ballot(&specs, &task(), "ada", Said::Vote(Vote::Approved));
    cast.version = specs.get(&"approvalpolicy/deploys".parse().unwrap()).unwrap().digest();
    let of = |cast: &crate::model::Ballot| {
        let ballots = vec![cast.clone()];
        Task { record: Some(Arc::new(OnRecord { ballots, ..OnRecord::default() })), ..task() }
    };
    assert_eq!(stands(&specs, &of(&cast), NOW), (GateState::Approved, vec![]));
    cast.version = crate::model::Digest::of("another text");
    assert_eq!(stands(&specs, &of(&cast), NOW).1, ["approval/changed"]);
}
