use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::evidence::SpecsAt;
use crate::model::{
    Answer, Approval, Ask, BranchClaim, BranchesSeen, Calendar, CalendarUnit, CodeMatch, CodeQuestion, CodeSeen,
    Comparison, Content, Duration, Durations, Events, Heartbeat, Line, Look, Measure, Metric, MetricQuestion, Place,
    Point, Question, Scope, Selector, SelectorFields, Series, Severity, SeverityRange, SourceAt, SourceKind, SqlTime,
    Task, TaskId, TaskStatus, Vote, Window,
};

fn text() -> impl Strategy<Value = Arc<str>> {
    prop_oneof!["[a-z0-9_-]{0,8}", Just("\"\\\n{}\u{e9}\u{1f600}".to_owned())].prop_map(Arc::from)
}

fn texts() -> impl Strategy<Value = Option<Vec<Arc<str>>>> {
    prop::option::of(prop::collection::vec("[a-z_]{0,6}\\*?".prop_map(Arc::from), 0..3))
}

fn at() -> impl Strategy<Value = Timestamp> {
    any::<i64>().prop_map(Timestamp::from_millis)
}

fn severity() -> impl Strategy<Value = Severity> {
    prop::sample::select(Severity::ALL.to_vec())
}

fn status() -> impl Strategy<Value = TaskStatus> {
    prop::sample::select(TaskStatus::ALL.to_vec())
}

fn selector() -> impl Strategy<Value = Selector> {
    let words = (texts(), texts(), texts(), texts());
    let labels = prop::option::of(prop::collection::btree_map(text(), text(), 0..3));
    let range = prop::option::of((severity(), severity()));
    let status = prop::option::of(prop::collection::vec(status(), 0..3));
    (words, labels, range, status, prop::option::of(any::<u64>())).prop_map(|(words, labels, range, status, within)| {
        Selector::new(SelectorFields {
            types: words.0,
            roles: words.1,
            agents: words.2,
            authors: words.3,
            labels,
            severity: range.map(|(from, to)| SeverityRange { from, to }),
            status,
            created_within: within.map(Duration::from_millis),
            with_own: false,
        })
        .unwrap()
    })
}

fn measure() -> impl Strategy<Value = Measure> {
    let point = || prop::sample::select(vec![Point::Created, Point::Claimed, Point::Started, Point::Finished]);
    let op = prop::sample::select(vec![Comparison::Lte, Comparison::Gte, Comparison::Lt, Comparison::Gt]);
    prop_oneof![
        selector().prop_map(Measure::Good),
        selector().prop_map(Measure::NotBad),
        (point(), point(), op, any::<u64>()).prop_map(|(from, to, op, limit)| {
            Measure::Duration { from, to, op, limit: Duration::from_millis(limit) }
        }),
    ]
}

fn window() -> impl Strategy<Value = Window> {
    let unit = prop::sample::select(vec![CalendarUnit::Hour, CalendarUnit::Month, CalendarUnit::Year]);
    let calendar = (0..9_i16, 1..12_i8, text(), unit, 1..9_u32).prop_map(|(year, month, zone, unit, count)| {
        let start = jiff::civil::date(2020 + year, month, 1).at(12, 30, 0, 0);
        Window::Calendar(Arc::new(Calendar { start, zone, unit, count }))
    });
    prop_oneof![any::<u64>().prop_map(|millis| Window::Rolling(Duration::from_millis(millis))), calendar]
}

fn metric_question() -> impl Strategy<Value = MetricQuestion> {
    let windows = || prop::collection::vec(window(), 0..3);
    let time = prop::sample::select(vec![SqlTime::Text, SqlTime::Iso8601, SqlTime::Unix, SqlTime::UnixMillis]);
    let ask = prop_oneof![
        any::<u64>().prop_map(|step| Ask::Range(Duration::from_millis(step))),
        windows().prop_map(Ask::ByWindow),
        (time, windows()).prop_map(|(time, windows)| Ask::Statement { time, windows }),
    ];
    let kind = prop::sample::select(vec![SourceKind::Prometheus, SourceKind::Sql]);
    let source = (kind, prop::option::of(text()), prop::option::of(text()));
    (source, text(), any::<u64>(), ask).prop_map(|((kind, name, url), query, back, ask)| MetricQuestion {
        source: SourceAt { kind, name, url },
        query,
        back: Duration::from_millis(back),
        ask,
    })
}

fn metric() -> impl Strategy<Value = Metric> {
    let figure = || -1e9..1e9_f64;
    let line = (text(), prop::collection::vec((at(), figure()), 0..4));
    let lines = prop::collection::vec(line.prop_map(|(labels, points)| Line { labels, points }), 0..3);
    let totals = prop::collection::btree_map(window(), prop::option::of(figure()), 0..4);
    prop_oneof![lines.prop_map(Metric::Samples), totals.prop_map(Metric::Totals), text().prop_map(Metric::Refused)]
}

fn question() -> impl Strategy<Value = Question> {
    let scope = prop_oneof![
        Just(Scope::Open),
        Just(Scope::Overridden),
        any::<u64>().prop_map(|span| Scope::Ran(Duration::from_millis(span))),
        Just(Scope::Ever)
    ];
    let globs = || prop::collection::vec(text(), 0..2);
    let look = prop_oneof![
        text().prop_map(Look::Path),
        (text(), globs(), globs()).prop_map(|(pattern, within, except)| Look::Pattern { pattern, within, except }),
        (text(), globs(), globs()).prop_map(|(name, within, except)| Look::Dependency { name, within, except }),
        (text(), text(), text()).prop_map(|(file, pointer, equals)| Look::Value { file, pointer, equals }),
        (text(), globs(), globs()).prop_map(|(within, except, order)| Look::Layers { within, except, order }),
    ];
    let name = prop::option::of("[a-z]{1,5}".prop_map(|name| name.parse().unwrap()));
    prop_oneof![
        (selector(), scope).prop_map(|(select, scope)| Question::Tasks { select, scope }),
        (selector(), measure(), any::<u64>()).prop_map(|(total, measure, window)| {
            Question::Events(Events { total, measure, window: Duration::from_millis(window) })
        }),
        metric_question().prop_map(Question::Metric),
        text().prop_map(|id| Question::Task(TaskId(id))),
        Just(Question::Heartbeats),
        Just(Question::Branches),
        (name, look).prop_map(|(repository, look)| Question::Code(CodeQuestion { repository, look })),
    ]
}

fn task() -> impl Strategy<Value = Task> {
    let maybe = || prop::option::of(text());
    let when = || prop::option::of(at());
    let vote = prop::sample::select(vec![Vote::Approved, Vote::Rejected]);
    let approval = (text(), vote, maybe(), when()).prop_map(|(role, vote, by, at)| Approval { role, vote, by, at });
    let words = (text(), text(), text(), maybe(), maybe(), maybe());
    let times = (at(), when(), when(), when());
    let labels = prop::collection::btree_map(text(), text(), 0..3);
    let rest = (status(), severity(), any::<bool>(), prop::collection::vec(approval, 0..3));
    (words, times, labels, rest).prop_map(|(words, times, labels, (status, severity, own, approvals))| Task {
        record: None,
        content: Content::titled(&words.1),
        id: TaskId(words.0),
        kind: words.1,
        title: words.2,
        role: words.3,
        agent: words.4,
        author: words.5,
        status,
        severity,
        labels,
        created: times.0,
        claimed: times.1,
        started: times.2,
        finished: times.3,
        approvals,
        own,
    })
}

fn answer() -> impl Strategy<Value = Answer> {
    let moments = prop::collection::vec((at(), 0..9_u64, 1..9_u64), 0..5);
    let series = (moments, 0..5_u64).prop_map(|(moments, unmeasured)| {
        let mut series = Series::collect(moments);
        (0..unmeasured).for_each(|_| series.count_unmeasured());
        Answer::Events(series)
    });
    let lasted = prop::collection::vec((at(), any::<u64>().prop_map(Duration::from_millis)), 0..5);
    let durations =
        (lasted, 0..5_u64).prop_map(|(all, unmeasured)| Answer::Durations(Durations::collect(all, unmeasured)));
    let beat = (at(), prop::option::of(text())).prop_map(|(seen, role)| Heartbeat { seen, role });
    let places = || {
        let found = (text(), prop::option::of(any::<u32>()), text());
        prop::collection::vec(found.prop_map(|(file, line, text)| CodeMatch { file, line, text }), 0..4)
    };
    let seen = (places(), places()).prop_map(|(places, unread)| CodeSeen { places, unread });
    prop_oneof![
        prop::collection::vec(task(), 0..4).prop_map(|tasks| {
            Answer::Tasks(tasks.into_iter().map(|task| (task.id.clone(), Arc::new(task))).collect())
        }),
        series,
        metric().prop_map(Answer::Metric),
        durations,
        prop::option::of(task()).prop_map(|row| Answer::Task(row.map(Arc::new))),
        prop::collection::btree_map(text(), beat, 0..3).prop_map(Answer::Heartbeats),
        seen.prop_map(Answer::Code),
        (prop::collection::vec(branch_claim(), 0..3), prop::collection::vec((text(), text(), any::<u32>()), 0..2))
            .prop_map(|(claims, unread)| {
                let unread = unread.into_iter().map(|(branch, file, line)| (branch, Place { file, line })).collect();
                Answer::Branches(Arc::new(BranchesSeen { claims, unread }))
            }),
    ]
}

fn branch_claim() -> impl Strategy<Value = BranchClaim> {
    let name = || "[a-z]{1,5}".prop_map(|name| name.parse().unwrap());
    let parts =
        (text(), name(), prop::option::of(any::<u32>()), prop::collection::vec(name(), 0..3), text(), any::<u32>());
    parts.prop_map(|(branch, decision, number, supersedes, file, line)| BranchClaim {
        branch,
        decision,
        number,
        supersedes,
        place: Place { file, line },
    })
}

fn recording() -> impl Strategy<Value = Recording> {
    let none = (text(), at()).prop_map(|(reason, since)| NoAnswer { reason, since });
    let said = prop_oneof![3 => answer().prop_map(Ok), 1 => none.prop_map(Err)];
    (0..4_000_000_000_000_i64, prop::collection::vec((question(), said), 0..6)).prop_map(|(at, said)| {
        let mut answers = Answers::default();
        said.into_iter().for_each(|(question, answer)| answers.put(Arc::new(question), answer));
        Recording { at: Timestamp::from_millis(at), answers }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_recording_reads_back_what_it_writes(recording in recording()) {
        let text = recording.to_text().unwrap();
        let read = Recording::of_text(&text).unwrap();
        prop_assert_eq!(read.at, recording.at);
        prop_assert_eq!(read.answers.iter().count(), recording.answers.iter().count());
        for (question, answer) in recording.answers.iter() {
            prop_assert_eq!(read.answers.get(question), Some(answer));
        }
        prop_assert_eq!(read.to_text().unwrap(), text);
    }
}

#[test]
fn the_order_of_asking_does_not_matter() {
    let silent = |reason: &str| Err(NoAnswer { reason: reason.into(), since: Timestamp::default() });
    let questions = || (0..20).map(|n| Arc::new(Question::Task(TaskId::from(n))));
    let recording = |all: Vec<Arc<Question>>| {
        let mut answers = Answers::default();
        all.into_iter().for_each(|question| answers.put(question, silent("away")));
        Recording { at: Timestamp::default(), answers }.to_text().unwrap()
    };
    assert_eq!(recording(questions().collect()), recording(questions().rev().collect()));
}

#[test]
fn what_is_no_recording_says_why() {
    let error = |text: &str| Recording::of_text(text).unwrap_err().to_string();
    assert!(error("").contains("line 1"));
    assert!(error("{\"version\":3}").contains("missing field `at`"));
    assert!(error("{\"version\":9}").contains("it has version 9, and this is version 3"));
    let whole = |answers: &str| format!("{{\"version\":3,\"at\":\"1970-01-01T00:00:00Z\",\"answers\":[{answers}]}}");
    assert!(Recording::of_text(&whole("")).is_ok());
    assert!(error(&whole("{\"question\":\"heartbeats\"}")).contains("answer 1: it needs either"));
    assert!(error(&whole("{\"question\":\"stars\"}")).contains("unknown variant `stars`"));
    let row = "{\"id\":\"1\",\"type\":\"x\",\"title\":\"\",\"status\":\"odd\",\"severity\":\"low\",\"created\":0,\"content\":\"\"}";
    let task = format!("{{\"question\":{{\"task\":\"1\"}},\"answer\":{{\"task\":{row}}}}}");
    assert!(error(&whole(&task)).contains("task 1: `odd` is no status"));
}

#[tokio::test]
async fn what_was_not_asked_then_has_no_answer_now() {
    let mut answers = Answers::default();
    answers.put(Arc::new(Question::Heartbeats), Ok(Answer::Heartbeats(BTreeMap::new())));
    let recorded: Arc<dyn Evidence> = Arc::new(Recording { at: Timestamp::default(), answers });
    let recorder = Recorder::new(recorded);
    let other = Question::Task(TaskId::from("1"));
    let asked: QuestionSet = [Question::Heartbeats, other.clone()].into_iter().map(Arc::new).collect();
    let now = Timestamp::from_secs(5);
    let code = CodeAt { specs: SpecsAt::Working, repositories: BTreeMap::new() };
    let said = recorder.ask(&asked, &code, now).await;
    assert_eq!(said.get(&Question::Heartbeats), Some(Ok(&Answer::Heartbeats(BTreeMap::new()))));
    let none = NoAnswer { reason: "not recorded".into(), since: now };
    assert_eq!(said.get(&other), Some(Err(&none)));
    assert_eq!(recorder.moved(now).await, Moved::default());
    assert_eq!(recorder.said().iter().count(), 2, "silence is kept as well");
}
