//! The figures of service levels are kept and given back.

use abide::model::{Duration, Epoch, Sample, SpecId, Subject, Timestamp};
use abide::store::{KEPT_FOR, StoreError, TaskStore};

use crate::subjects;

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

fn slo(name: &str) -> SpecId {
    SpecId::new(abide::model::Kind::Slo, name.parse().unwrap())
}

fn sample(name: &str, at: Timestamp, spent: f64) -> Sample {
    Sample {
        spec: slo(name),
        subject: Subject::objective(0),
        at,
        state: "healthy".into(),
        target: 0.95,
        good: 100.0 - spent,
        total: 100.0,
        budget: 5.0,
        spent,
        burn: (spent > 0.0).then_some(spent / 5.0),
    }
}

async fn leads(store: &dyn TaskStore) -> Epoch {
    store.lead("a", NOW, Duration::from_secs(15)).await.unwrap()
}

#[tokio::test]
async fn one_sample_an_hour_is_kept_and_only_where_it_tells_something() {
    for subject in subjects() {
        let (store, name) = (&*subject.store, subject.name);
        let epoch = leads(store).await;
        let hours = |n: u64| NOW.plus(Duration::from_hours(n));
        let all = [
            sample("a", NOW, 1.0),
            sample("a", NOW.plus(Duration::from_mins(5)), 2.0),
            sample("a", hours(1), 1.0),
            sample("a", hours(2), 3.0),
            sample("b", NOW, 0.0),
        ];
        let mut kept = 0;
        for it in &all {
            kept += store.keep(std::slice::from_ref(it), epoch, NOW).await.unwrap();
        }
        assert_eq!(kept, 3, "{name}: of the first hour the first, and none that tells nothing new");
        assert_eq!(store.keep(&all, epoch, NOW).await.unwrap(), 0, "{name}: the same again changes nothing");
        assert_eq!(store.history(&slo("a"), NOW).await.unwrap(), [all[0].clone(), all[3].clone()], "{name}");
        assert_eq!(store.history(&slo("a"), hours(1)).await.unwrap(), [all[3].clone()], "{name}");
        assert_eq!(store.history(&slo("c"), NOW).await.unwrap(), [], "{name}");
    }
}

#[tokio::test]
async fn samples_go_when_they_are_too_old() {
    for subject in subjects() {
        let (store, name) = (&*subject.store, subject.name);
        let epoch = leads(store).await;
        store.keep(&[sample("a", NOW, 1.0)], epoch, NOW).await.unwrap();
        let later = NOW.plus(KEPT_FOR).plus(Duration::from_millis(1));
        store.keep(&[sample("b", later, 2.0)], epoch, later).await.unwrap();
        assert_eq!(store.history(&slo("a"), Timestamp::default()).await.unwrap(), [], "{name}");
        assert_eq!(store.history(&slo("b"), Timestamp::default()).await.unwrap().len(), 1, "{name}");
    }
}

#[tokio::test]
async fn a_stale_leader_keeps_nothing() {
    for subject in subjects() {
        let (store, name) = (&*subject.store, subject.name);
        let stale = leads(store).await;
        let later = NOW.plus(Duration::from_mins(1));
        store.lead("b", later, Duration::from_secs(15)).await.unwrap();
        let refused = store.keep(&[sample("a", NOW, 1.0)], stale, NOW).await;
        assert!(matches!(refused, Err(StoreError::Fenced { .. })), "{name}: {refused:?}");
        assert_eq!(store.history(&slo("a"), Timestamp::default()).await.unwrap(), [], "{name}");
    }
}
