use super::super::specs::{SpecReader, Which};
use crate::git::testing::{Fixture, signed_commit};
use crate::git::{SourceConfig, open};
use crate::kinds::{Body, Specs};
use crate::model::{Kind, Ledger, Name, Provenance, SpecId, Timestamp};
use crate::signature::vectors::{ED_KEY, ED_PUB, P256_KEY};
use crate::signature::{GIT, Why, matching};

const NOW: Timestamp = Timestamp::from_secs(1_780_000_000);

fn approval(name: &str, task: &str) -> String {
    format!(
        "apiVersion: abide.dev/v1\nkind: Approval\nmetadata: {{name: {name}}}\nspec:\n  task: \"{task}\"\n  policy: deploys\n  \
         action: start\n  verdict: approved\n  by: agent/po\n  digest: \"sha256:{}\"\n  expires: 2027-12-01\n  nonce: n\n---\n",
        "0".repeat(64)
    )
}

const REST: &str = "apiVersion: abide.dev/v1\nkind: Role\nmetadata: {name: owner}\nspec: {mayApprove: true}\n---\n\
    apiVersion: abide.dev/v1\nkind: Agent\nmetadata: {name: po}\nspec: {human: true, roles: [owner]}\n---\n\
    apiVersion: abide.dev/v1\nkind: ApprovalPolicy\nmetadata: {name: deploys}\nspec: {select: {types: [deploy]}, require: {role: owner}}\n";

fn reader(fixture: &Fixture) -> SpecReader {
    let base = fixture.path().to_owned();
    SpecReader::new(open(SourceConfig {
        repository: ".".into(),
        path: "specs".into(),
        base,
        ..SourceConfig::default()
    }))
}

fn look(reader: &mut SpecReader, which: &Which) -> std::sync::Arc<Specs> {
    let looked = reader.look(which, &Ledger::default(), NOW).unwrap();
    assert_eq!(*looked.diagnostics, []);
    looked.catalog.specs.clone()
}

/// The commit of an approval, or what is known instead.
fn of(specs: &Specs, name: &str) -> String {
    match specs.provenance(&SpecId::new(Kind::Approval, name.parse::<Name>().unwrap())) {
        Some(Provenance::By(signed)) => signed.commit.to_string(),
        other => format!("{other:?}"),
    }
}

#[test]
fn approvals_know_their_commit_at_every_look_and_at_the_first() {
    let fixture = Fixture::new();
    let file = "specs/approvals.yaml";
    let one = fixture.commit(&[("specs/rest.yaml", REST), (file, &approval("one", "1"))]).to_string();
    let mut reader = self::reader(&fixture);
    let head = look(&mut reader, &Which::Head);
    assert_eq!(of(&head, "one"), one);
    assert_eq!(head.provenance(&SpecId::new(Kind::Role, "owner".parse().unwrap())), None);
    let two = fixture.commit(&[(file, &(approval("two", "2") + &approval("one", "1")))]).to_string();
    let head = look(&mut reader, &Which::Head);
    assert_eq!((of(&head, "one"), of(&head, "two")), (one, two));
    fixture.commit(&[(file, &approval("two", "2"))]);
    let back = fixture.commit(&[(file, &(approval("two", "2") + &approval("one", "1")))]).to_string();
    let three = fixture.commit(&[(file, &(approval("two", "3") + &approval("one", "1")))]).to_string();
    for mut reader in [reader, self::reader(&fixture)] {
        let head = look(&mut reader, &Which::Head);
        assert_eq!((of(&head, "one"), of(&head, "two")), (back.clone(), three.clone()));
    }
}

#[test]
fn what_lies_on_the_disk_is_uncommitted_until_it_is_committed() {
    let fixture = Fixture::new();
    let file = "specs/approvals.yaml";
    let one = fixture.commit(&[("specs/rest.yaml", REST), (file, &approval("one", "1"))]).to_string();
    fixture.write(file, approval("one", "1") + &approval("two", "2"));
    let mut reader = reader(&fixture);
    let working = look(&mut reader, &Which::Working);
    assert_eq!((of(&working, "one"), of(&working, "two")), (one, "Some(Uncommitted)".into()));
    let two = fixture.commit_all().to_string();
    assert_eq!(of(&look(&mut reader, &Which::Working), "two"), two);
}

#[test]
fn a_folder_without_history_says_so() {
    let folder = tempfile::tempdir().unwrap();
    crate::git::testing::write(folder.path(), "specs/a.yaml", REST.to_owned() + "---\n" + &approval("one", "1"));
    let config = SourceConfig { repository: ".".into(), base: folder.path().to_owned(), ..SourceConfig::default() };
    let specs = look(&mut SpecReader::new(open(SourceConfig { path: "specs".into(), ..config })), &Which::Head);
    assert!(of(&specs, "one").contains("in no git repository"), "{}", of(&specs, "one"));
}

#[test]
fn an_approval_is_of_whom_signed_it_and_of_nobody_else() {
    let fixture = Fixture::new();
    let rest = REST.replace("human: true,", &format!("human: true, keys: ['valid-before=\"20260901\" {ED_PUB}'],"));
    let base = fixture.commit(&[("specs/rest.yaml", &rest)]);
    for (key, is_theirs) in [(ED_KEY, true), (P256_KEY, false)] {
        let unsigned = fixture.commit(&[("specs/approvals.yaml", &approval("one", "1"))]);
        let tree = fixture.repository.find_commit(unsigned).unwrap().tree().unwrap();
        let parent = fixture.repository.find_commit(base).unwrap();
        let signed = signed_commit(&fixture.repository, &tree, &[&parent], key);
        fixture.branch("main", signed);
        fixture.commit(&[("specs/approvals.yaml", &(approval("two", "2") + &approval("one", "1")))]);
        let specs = look(&mut reader(&fixture), &Which::Head);
        assert_eq!(of(&specs, "one"), signed.to_string());
        let Body::Agent(agent) = &specs.of_kind(Kind::Agent).next().unwrap().body else { panic!() };
        let by = |name: &str, seen: &str| {
            let provenance = specs.provenance(&SpecId::new(Kind::Approval, name.parse().unwrap())).unwrap();
            let signer = &provenance.signed().unwrap().signer;
            matching(&agent.public_keys(), signer, GIT, seen.parse().unwrap())
        };
        let first = by("one", "2026-08-31T00:00:00Z");
        assert!(if is_theirs { first == Ok(()) } else { matches!(first, Err(Why::NotTheirs(_))) }, "{first:?}");
        assert_eq!(by("two", "2026-08-31T00:00:00Z"), Err(Why::Unsigned));
        // The commit claims a day in February; when it was seen is what counts.
        assert!(!is_theirs || matches!(by("one", "2026-10-01T00:00:00Z"), Err(Why::Expired { .. })));
        fixture.branch("main", base);
    }
}
