//! Who may take what.

use std::sync::Arc;

use abide::model::{Demand, Duration, Duties, Duty, Selector, SelectorFields, Severity, Site, TaskStatus, Worker};
use abide::store::audit::Extract;
use abide::store::{Applied, Claim, Command, Enlistment, Filter, Full, NewTask, Readiness, StoreError};

use super::{ask, claim, complete, later, new, own, row, take, worker, working};
use crate::Lack;
use crate::build::{add, now};

#[tokio::test]
async fn a_worker_gets_what_fits_and_waits_for_what_fits_another_better() {
    for subject in own() {
        let (store, name) = (&*subject.store, subject.name);
        let demand = |skills: &[&str], class: Option<&str>| Demand {
            skills: skills.iter().map(|&skill| skill.into()).collect(),
            site: Site { class: class.map(Into::into), ..Site::default() },
        };
        let cpu = new(store, NewTask { demand: demand(&[], Some("cpu")), ..NewTask::default() }).await;
        let sql = new(store, NewTask { demand: demand(&["sql"], None), ..NewTask::default() }).await;
        let llm = new(store, NewTask { demand: demand(&[], Some("llm")), ..NewTask::default() }).await;
        let site = Site { class: Some("llm".into()), ..Site::default() };
        let mut dev = Worker { site, ..worker("dev-1") };
        let seconds = |secs| now().plus(Duration::from_secs(secs));
        let first = ask(store, claim(dev.clone()), seconds(1)).await.unwrap().remove(0).lease;
        assert_eq!(first.task, llm, "{name}: the best match first");
        assert!(
            ask(store, claim(dev.clone()), seconds(59)).await.unwrap().is_empty(),
            "{name}: cpu work may find better"
        );
        let second = ask(store, claim(dev.clone()), seconds(60)).await.unwrap().remove(0).lease;
        assert_eq!(second.task, cpu, "{name}: any match after a wait");
        assert!(ask(store, claim(dev.clone()), later(5)).await.unwrap().is_empty(), "{name}: never an unfit one");
        let asked = Claim { task: Some(sql.clone()), ..claim(dev.clone()) };
        assert!(matches!(ask(store, asked, later(1)).await, Err(StoreError::Denied(_))), "{name}");
        dev.skills = ["sql".into()].into();
        assert_eq!(ask(store, claim(dev), later(1)).await.unwrap().remove(0).lease.task, sql, "{name}");
    }
}

fn duty(labels: &[(&str, &str)], to: &str, limits: (Option<u32>, Option<u32>)) -> Duty {
    let labels = labels.iter().map(|(key, value)| (Arc::from(*key), Arc::from(*value))).collect();
    let fields =
        SelectorFields { types: Some(vec!["fix_bug".into()]), labels: Some(labels), ..SelectorFields::default() };
    Duty {
        spec: format!("assignment/{}", to.replace('/', "-")).parse().unwrap(),
        select: Selector::new(fields).unwrap(),
        to: to.parse().unwrap(),
        skills: [].into(),
        max: limits.0,
        per_agent: limits.1,
    }
}

#[tokio::test]
async fn assignments_decide_who_gets_what_and_how_much() {
    for subject in working().into_iter().filter(|subject| subject.can(Lack::NewTypes, ()).is_some()) {
        let (store, name) = (&*subject.store, subject.name);
        for title in ["one", "two", "three"] {
            add(&subject, title).await;
        }
        let duties = |to: &str, limits| Arc::new(Duties::new(vec![duty(&[("area", "db")], to, limits)]));
        let with = |agent: &str, duties: Arc<Duties>| Claim { duties, most: 9, ..claim(worker(agent)) };
        let none = ask(store, with("dev-1", duties("role/dba", (None, None))), later(1)).await.unwrap();
        assert!(none.is_empty(), "{name}: the tasks say developer, their assignment says dba");
        let one = ask(store, with("dev-1", duties("role/developer", (Some(2), Some(1)))), later(1)).await.unwrap();
        assert_eq!(one.len(), 1, "{name}: one for each agent");
        let second = ask(store, with("dev-2", duties("role/developer", (Some(2), Some(1)))), later(1)).await.unwrap();
        assert_eq!(second.len(), 1, "{name}: two in all");
        let third = ask(store, with("dev-3", duties("role/developer", (Some(2), Some(1)))), later(1)).await.unwrap();
        assert!(third.is_empty(), "{name}: two are running already");
        store.apply(&complete(&one[0].lease), "dev-1", later(2)).await.unwrap();
        let third = ask(store, with("dev-3", duties("role/developer", (Some(2), Some(1)))), later(2)).await.unwrap();
        assert_eq!(third.len(), 1, "{name}: there is room again");
    }
}

#[tokio::test]
async fn what_has_no_room_keeps_nothing_behind_it_from_a_batch() {
    for subject in own() {
        let (store, name) = (&*subject.store, subject.name);
        let tasks = [
            ("fix_bug", "db", Severity::Critical),
            ("fix_bug", "ui", Severity::High),
            ("deploy", "ui", Severity::High),
        ];
        for (kind, area, severity) in tasks.into_iter().flat_map(|task| [task; 3]) {
            let labels = [("area".to_owned(), area.to_owned())].into();
            let task = NewTask { kind: kind.into(), title: area.into(), labels, severity, ..NewTask::default() };
            store.apply(&Command::Add(task), "po", now()).await.unwrap();
        }
        let fields = SelectorFields { types: Some(vec!["fix_bug".into()]), ..SelectorFields::default() };
        let by_type = Duty { select: Selector::new(fields).unwrap(), ..duty(&[], "role/developer", (Some(1), None)) };
        // Where an assignment looks at labels, no route can be told to fit as a whole.
        let by_label = duty(&[("area", "db")], "role/developer", (Some(1), None));
        for (one, wanted) in [
            (by_type, ["db fix_bug", "ui deploy", "ui deploy"]),
            (by_label, ["db fix_bug", "ui fix_bug", "ui fix_bug"]),
        ] {
            let claim = Claim { duties: Arc::new(Duties::new(vec![one])), most: 3, ..claim(worker("dev-1")) };
            let taken = ask(store, claim, now()).await.unwrap();
            let tasks = taken.iter().map(|claimed| &claimed.listed.task);
            let found: Vec<String> = tasks.map(|task| format!("{} {}", task.title, task.kind)).collect();
            assert_eq!(found, wanted, "{name}: as many as there is room for, and then what comes next");
            for claimed in &taken {
                let back = Command::GiveBack { task: claimed.lease.task.clone(), token: None, reason: None };
                store.apply(&back, "po", now()).await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn an_agent_holds_no_more_than_it_may_and_takes_nothing_while_it_is_paused() {
    for subject in working() {
        let (store, name) = (&*subject.store, subject.name);
        for title in ["one", "two", "three"] {
            add(&subject, title).await;
        }
        let two = Claim { most: 9, ..claim(Worker { most: Some(2), ..worker("dev-1") }) };
        assert_eq!(ask(store, two.clone(), now()).await.unwrap().len(), 2, "{name}");
        let none = store.apply(&Command::Claim(Box::new(two.clone())), "dev-1", now()).await.unwrap();
        let Applied::Claimed(taken) = none else { panic!("{name}: a claim claims") };
        assert_eq!((taken.claimed, taken.full), (Vec::new(), Some(Full { held: 2, most: 2 })), "{name}");
        let open = store.list(&Filter { status: vec![TaskStatus::Pending], ..Filter::default() }).await.unwrap();
        let full = ask(store, Claim { task: Some(open[0].task.id.clone()), ..two }, now()).await;
        assert!(
            matches!(&full, Err(StoreError::Stale(why)) if why.starts_with("dev-1 holds 2 tasks, and may hold 2 at once, so it cannot claim")),
            "{name}: {full:?}"
        );
        for duty in [Readiness::Draining, Readiness::Paused] {
            let station = Command::Station { agent: "dev-2".into(), duty, reason: Some("release".into()) };
            store.apply(&station, "po", now()).await.unwrap();
            let refused = ask(store, claim(worker("dev-2")), now()).await;
            assert!(matches!(refused, Err(StoreError::Denied(_))), "{name}: {refused:?}");
        }
        let station = Command::Station { agent: "dev-2".into(), duty: Readiness::Active, reason: None };
        store.apply(&station, "po", now()).await.unwrap();
        assert!(take(store, "dev-2", now()).await.is_some(), "{name}");
    }
}

#[tokio::test]
async fn a_backup_does_the_work_of_an_agent_that_is_away() {
    for subject in own() {
        let (store, name) = (&*subject.store, subject.name);
        let id = new(store, NewTask { agent: Some("dev-1".into()), ..NewTask::default() }).await;
        let backup = Worker { stands_in: ["dev-1".into()].into(), ..worker("dev-2") };
        let dead_after = Some(Duration::from_mins(2));
        let beat = Command::Beat { agent: "dev-1".into(), instance: "".into(), dead_after };
        store.apply(&beat, "dev-1", now()).await.unwrap();
        assert!(ask(store, claim(backup.clone()), later(1)).await.unwrap().is_empty(), "{name}: dev-1 is there");
        let named = Claim { task: Some(id.clone()), ..claim(backup.clone()) };
        let why = ask(store, named, later(1)).await;
        let text = "dev-2 stands in only while dev-1 is away";
        assert!(matches!(&why, Err(StoreError::Denied(why)) if why.contains(text)), "{name}: {why:?}");
        let lease = ask(store, claim(backup.clone()), later(2)).await.unwrap().remove(0).lease;
        assert_eq!(lease.task, id, "{name}");
        let back = Command::GiveBack { task: id.clone(), token: Some(lease.token), reason: None };
        store.apply(&back, "dev-2", later(3)).await.unwrap();
        assert_eq!(row(store, &id).await.task.agent.as_deref(), Some("dev-1"), "{name}: it is kept for dev-1");
        store.apply(&beat, "dev-1", later(3)).await.unwrap();
        let pause = Command::Station { agent: "dev-1".into(), duty: Readiness::Paused, reason: None };
        assert!(ask(store, claim(backup.clone()), later(3)).await.unwrap().is_empty(), "{name}");
        store.apply(&pause, "po", later(3)).await.unwrap();
        assert_eq!(ask(store, claim(backup), later(3)).await.unwrap().len(), 1, "{name}: dev-1 is paused");
    }
}

#[tokio::test]
async fn agents_are_listed_with_what_they_hold() {
    for subject in working() {
        let (store, name) = (&*subject.store, subject.name);
        let id = add(&subject, "mend it").await;
        let said = Enlistment {
            agent: "dev-1".into(),
            roles: vec!["developer".into()],
            skills: vec!["rust".into(), "sql".into()],
            most: Some(3),
            ..Enlistment::default()
        };
        for _ in 0..2 {
            store.apply(&Command::Enlist(said.clone()), "dev-1", now()).await.unwrap();
        }
        take(store, "dev-1", later(1)).await.unwrap();
        let agents = store.agents().await.unwrap();
        assert_eq!(agents.len(), 1, "{name}");
        assert_eq!(store.said_of("dev-1").await.unwrap().as_ref(), Some(&said), "{name}");
        assert_eq!(store.said_of("dev-2").await.unwrap(), None, "{name}");
        let dev = &agents[0];
        assert_eq!((&dev.said, dev.readiness), (&said, Readiness::Active), "{name}");
        assert_eq!((dev.seen, dev.leases.len(), &dev.leases[0].task), (Some(later(1)), 1, &id), "{name}");
        assert_eq!(store.heartbeats().await.unwrap()["dev-1"].seen, later(1), "{name}: rules see it too");
    }
}

#[tokio::test]
async fn who_is_removed_is_forgotten_and_starts_afresh() {
    for subject in working() {
        let (store, name) = (&*subject.store, subject.name);
        let remove = Command::Delist("dev-1".into());
        add(&subject, "mend it").await;
        let unknown = store.apply(&remove, "po", now()).await;
        assert!(matches!(&unknown, Err(StoreError::NotFound(why)) if why.contains("`dev-1`")), "{name}: {unknown:?}");
        let roles = vec!["developer".into()];
        let said = Enlistment { agent: "dev-1".into(), roles, most: Some(3), ..Enlistment::default() };
        store.apply(&Command::Enlist(said), "dev-1", now()).await.unwrap();
        let pause = Command::Station { agent: "dev-1".into(), duty: Readiness::Paused, reason: None };
        let lease = take(store, "dev-1", now()).await.unwrap();
        store.apply(&pause, "po", now()).await.unwrap();
        let near = store.apply(&Command::Delist("dev1".into()), "po", now()).await;
        assert!(matches!(&near, Err(StoreError::NotFound(why)) if why.contains("mean `dev-1`?")), "{name}: {near:?}");
        let holds = store.apply(&remove, "po", now()).await;
        let way = format!("abide tasks release {} --force", lease.task);
        assert!(matches!(&holds, Err(StoreError::Stale(why)) if why.contains(&way)), "{name}: {holds:?}");
        assert_eq!(store.agents().await.unwrap().len(), 1, "{name}: a refusal writes nothing");
        store.apply(&complete(&lease), "dev-1", later(1)).await.unwrap();
        store.apply(&remove, "po", later(1)).await.unwrap();
        assert_eq!((store.agents().await.unwrap(), store.said_of("dev-1").await.unwrap()), (vec![], None), "{name}");
        assert!(!store.heartbeats().await.unwrap().contains_key("dev-1"), "{name}: rules see it no more");
        let again = store.apply(&remove, "po", later(1)).await;
        assert!(matches!(again, Err(StoreError::NotFound(_))), "{name}: {again:?}");
        let told = Extract { action: Some("delist".into()), most: 9, ..Extract::default() };
        assert_eq!(store.audit(&told).await.unwrap().rows.len(), 1, "{name}");
    }
}

#[tokio::test]
async fn a_lease_that_is_over_keeps_nobody() {
    for subject in working() {
        let (store, name) = (&*subject.store, subject.name);
        add(&subject, "mend it").await;
        let lease = take(store, "dev-1", now()).await.unwrap();
        store.apply(&Command::Delist("dev-1".into()), "po", lease.until).await.unwrap();
        assert!(take(store, "dev-2", lease.until).await.is_some(), "{name}: its task waits for others");
    }
}

#[tokio::test]
async fn what_an_agent_does_not_say_again_stays_as_it_was() {
    for subject in working() {
        let (store, name) = (&*subject.store, subject.name);
        let site = |class: Option<&str>, region: Option<&str>| Site {
            class: class.map(Into::into),
            region: region.map(Into::into),
            machine: None,
        };
        let first = Enlistment {
            agent: "dev-1".into(),
            roles: vec!["triage".into(), "developer".into()],
            skills: vec!["sql".into()],
            site: site(Some("llm"), None),
            most: Some(3),
            dead_after: Some(Duration::from_mins(2)),
            ..Enlistment::default()
        };
        let only = |agent: &str| Enlistment { agent: agent.into(), ..Enlistment::default() };
        let second = Enlistment { site: site(None, Some("eu")), most: Some(4), ..only("dev-1") };
        for said in [&first, &only("dev-1"), &second, &only("dev-1")] {
            store.apply(&Command::Enlist(said.clone()), "dev-1", now()).await.unwrap();
        }
        let roles = vec!["developer".into(), "triage".into()];
        let all = Enlistment { roles, site: site(Some("llm"), Some("eu")), most: Some(4), ..first };
        assert_eq!(store.said_of("dev-1").await.unwrap(), Some(all), "{name}");
        let told = Extract { action: Some("enlist".into()), most: 9, ..Extract::default() };
        assert_eq!(store.audit(&told).await.unwrap().rows.len(), 2, "{name}: only what is new is on record");
        store.apply(&Command::Delist("dev-1".into()), "po", now()).await.unwrap();
        store.apply(&Command::Enlist(only("dev-1")), "dev-1", now()).await.unwrap();
        assert_eq!(store.said_of("dev-1").await.unwrap(), Some(only("dev-1")), "{name}: it starts afresh");
    }
}
