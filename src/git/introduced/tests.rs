use git2::{Signature, Time};

use super::super::scope::Folders;
use super::super::testing::{Fixture, signed_commit};
use super::*;
use crate::signature::vectors::{ED_KEY, P256_KEY};

const FILE: &str = "specs/a.yaml";

/// A document, as a block.
fn doc(name: &str, text: &str) -> String {
    format!("kind: {name}\ntext: {text}\nlast: 12\n")
}

/// Several of them as a file.
fn file(docs: &[&str]) -> String {
    docs.join("---\n")
}

fn trees() -> Trees {
    Trees::new("r".into(), String::new(), Folders::new("specs", &[]))
}

/// Who brought a text into `revision`.
fn ask(fixture: &Fixture, revision: &str, text: &str) -> Provenance {
    let revision = Revision::new(revision);
    let wanted = Wanted { revision: &revision, path: FILE, text: text.trim_end(), known: None };
    introduced(&trees(), &fixture.repository, &mut Walks::default(), &wanted).unwrap()
}

fn by(fixture: &Fixture, at: Oid, text: &str) -> String {
    match ask(fixture, &at.to_string(), text) {
        Provenance::By(signed) => signed.commit.to_string(),
        other => format!("{other:?}"),
    }
}

fn why(provenance: &Provenance) -> &str {
    match provenance {
        Provenance::Unknown(why) => why,
        other => panic!("{other:?}"),
    }
}

/// A commit with that file on top of those parents; no branch moves.
fn commit(fixture: &Fixture, parents: &[Oid], text: &str, seconds: i64) -> Oid {
    commit_files(fixture, parents, &[("a.yaml", text)], seconds)
}

/// The same with several files.
fn commit_files(fixture: &Fixture, parents: &[Oid], files: &[(&str, &str)], seconds: i64) -> Oid {
    let repository = &fixture.repository;
    let mut folder = repository.treebuilder(None).unwrap();
    for (name, text) in files {
        folder.insert(name, repository.blob(text.as_bytes()).unwrap(), 0o100_644).unwrap();
    }
    let folder = folder.write().unwrap();
    let mut root = repository.treebuilder(None).unwrap();
    root.insert("specs", folder, 0o040_000).unwrap();
    let tree = repository.find_tree(root.write().unwrap()).unwrap();
    let who = Signature::new("Ada", "ada@example.org", &Time::new(1_770_000_000 + seconds, 0)).unwrap();
    let parents: Vec<_> = parents.iter().map(|id| repository.find_commit(*id).unwrap()).collect();
    let parents: Vec<_> = parents.iter().collect();
    repository.commit(None, &who, &who, &format!("at {seconds}"), &tree, &parents).unwrap()
}

#[test]
fn whoever_edits_a_neighbour_has_not_written_the_document() {
    let fixture = Fixture::new();
    let (one, two) = (doc("One", "a"), doc("Two", "b"));
    let first = commit(&fixture, &[], &file(&[&one]), 0);
    let second = commit(&fixture, &[first], &file(&[&two, &one]), 1);
    let edited = commit(&fixture, &[second], &file(&[&doc("Two", "c"), &one]), 2);
    let last = commit(&fixture, &[edited], &file(&[&doc("Two", "c"), &one]), 3);
    assert_eq!(by(&fixture, last, &one), first.to_string());
    assert_eq!(by(&fixture, last, &doc("Two", "c")), edited.to_string());
    assert_eq!(by(&fixture, second, &two), second.to_string());
}

#[test]
fn a_part_of_what_somebody_wrote_is_not_what_they_wrote() {
    let fixture = Fixture::new();
    let whole = doc("One", "a");
    let first = commit(&fixture, &[], &file(&[&whole]), 0);
    for part in ["kind: One\ntext: a\nlast: 1\n", "kind: One\ntext: a\n", "text: a\nlast: 12\n"] {
        let cut = commit(&fixture, &[first], part, 1);
        assert_eq!(by(&fixture, cut, part), cut.to_string(), "{part}");
    }
    let commented = commit(&fixture, &[first], &format!("kind: Other\ntext: |\n  {}", whole.replace('\n', "\n  ")), 1);
    let back = commit(&fixture, &[commented], &file(&[&whole]), 2);
    assert_eq!(by(&fixture, back, &whole), back.to_string());
}

#[test]
fn documents_of_a_list_are_found_and_must_stand_alone() {
    let fixture = Fixture::new();
    let list = "- kind: One\n  text: a\n# said by hand\n  last: 12\n- {kind: Two, text: b}\n";
    let first = commit(&fixture, &[], list, 0);
    let last = commit(&fixture, &[first], &list.replace("text: b", "text: c"), 1);
    assert_eq!(by(&fixture, last, "kind: One\n  text: a\n# said by hand\n  last: 12"), first.to_string());
    assert_eq!(by(&fixture, last, "{kind: Two, text: c}"), last.to_string());
    let anchored = commit(&fixture, &[], "- kind: One\n  text: &x a\n- kind: Two\n  text: *x\n", 0);
    let provenance = ask(&fixture, &anchored.to_string(), "kind: Two\n  text: *x");
    assert!(why(&provenance).contains("without the file around it"), "{provenance:?}");
}

#[test]
fn a_merge_that_passes_on_is_not_it_and_one_that_makes_is() {
    let fixture = Fixture::new();
    let (one, two) = (doc("One", "a"), doc("Two", "b"));
    let base = commit(&fixture, &[], "kind: Base\n", 0);
    let side = commit(&fixture, &[base], &file(&[&one]), 1);
    let main = commit(&fixture, &[base], "kind: Base\nmore: 1\n", 2);
    let merge = commit(&fixture, &[main, side], &file(&[&one]), 3);
    assert_eq!(by(&fixture, merge, &one), side.to_string());
    let evil = commit(&fixture, &[main, side], &file(&[&one, &two]), 3);
    assert_eq!(by(&fixture, evil, &two), evil.to_string());
    // Where both sides have it, the line into which was merged had it already.
    let both = commit(&fixture, &[main], &file(&[&one]), 4);
    let merged = commit(&fixture, &[both, side], &file(&[&one]), 5);
    assert_eq!(by(&fixture, merged, &one), both.to_string());
}

#[test]
fn a_document_that_was_taken_out_is_whose_who_brings_it_back() {
    let fixture = Fixture::new();
    let one = doc("One", "a");
    let base = commit(&fixture, &[], "kind: Base\n", 0);
    let first = commit(&fixture, &[base], &file(&[&one]), 1);
    let gone = commit(&fixture, &[first], "kind: Base\n", 2);
    let again = commit(&fixture, &[gone], &file(&[&one]), 3);
    assert_eq!(by(&fixture, again, &one), again.to_string());
    // A merge with a branch from before brings it back as well, whoever wrote what is on that branch.
    let merge = commit(&fixture, &[gone, first], &file(&[&one]), 3);
    assert_eq!(by(&fixture, merge, &one), merge.to_string());
    let later = commit(&fixture, &[merge, base], &file(&[&one]), 4);
    assert_eq!(by(&fixture, later, &one), merge.to_string());
    // An old branch that never had it took nothing out.
    let merge = commit(&fixture, &[first, base], &file(&[&one]), 3);
    assert_eq!(by(&fixture, merge, &one), first.to_string());
}

#[test]
fn what_is_known_of_an_earlier_commit_is_what_is_found_without_it() {
    let fixture = Fixture::new();
    let one = doc("One", "a");
    let mut at = commit(&fixture, &[], &file(&[&one]), 0);
    let (first, gone) = (at, commit(&fixture, &[at], "kind: Base\n", 1));
    let mut walks = Walks::default();
    let mut known: Option<(Revision, Arc<Signed>)> = None;
    let base = commit(&fixture, &[], "kind: Base\n", 0);
    for (n, other) in [base, first, gone, gone, first, base].into_iter().enumerate() {
        at = commit(&fixture, &[at, other], &file(&[&one]), 10 + n as i64);
        let revision = Revision::new(at.to_string());
        let near = known.as_ref().map(|(revision, signed)| (revision, signed));
        let wanted = Wanted { revision: &revision, path: FILE, text: one.trim_end(), known: near };
        let found = introduced(&trees(), &fixture.repository, &mut walks, &wanted).unwrap();
        assert_eq!(found, ask(&fixture, &at.to_string(), &one), "{n}");
        let Provenance::By(signed) = found else { panic!("{found:?}") };
        known = Some((revision, signed));
    }
}

#[test]
fn what_nobody_committed_is_uncommitted_and_what_nobody_can_tell_is_unknown() {
    let fixture = Fixture::new();
    let (one, two) = (doc("One", "a"), doc("Two", "b"));
    let first = commit(&fixture, &[], &file(&[&one]), 0);
    assert_eq!(ask(&fixture, &format!("{first}-dirty"), &two), Provenance::Uncommitted);
    assert!(matches!(ask(&fixture, &format!("{first}-dirty"), &one), Provenance::By(_)));
    assert!(why(&ask(&fixture, &first.to_string(), &two)).contains("no commit has it"));
    assert!(why(&ask(&fixture, "0123-folder", &two)).contains("in no commit"));
    // One that cannot be read any more is kept as it was, and is still whose it was.
    let broken = commit(&fixture, &[first], &one.replace("text", "\ttext"), 1);
    assert_eq!(by(&fixture, broken, &one), first.to_string());
}

#[test]
fn where_history_is_cut_off_nobody_can_tell() {
    let fixture = Fixture::new();
    let one = doc("One", "a");
    let lost = fixture.commit(&[(FILE, &one)]);
    let first = fixture.commit(&[("b", "1")]);
    let last = fixture.commit(&[("b", "2"), (FILE, &file(&[&one, &doc("Two", "b")]))]);
    fixture.write(".git/shallow", format!("{first}\n"));
    let object = lost.to_string();
    std::fs::remove_file(fixture.path().join(".git/objects").join(&object[..2]).join(&object[2..])).unwrap();
    let fixture = Fixture { repository: Repository::open(fixture.path()).unwrap(), folder: fixture.folder };
    assert!(why(&ask(&fixture, &last.to_string(), &one)).contains("without the history before"));
    assert_eq!(by(&fixture, last, &doc("Two", "b")), last.to_string());
}

#[test]
fn ten_thousand_commits_are_gone_through() {
    let fixture = Fixture::new();
    let one = doc("One", "a");
    let first = commit(&fixture, &[], &file(&[&one]), 0);
    let mut at = first;
    for n in 0..10_000 {
        at = match n % 1000 {
            0 => commit(&fixture, &[at], &file(&[&one, &doc("Two", &n.to_string())]), n),
            _ => {
                let (repository, parent) = (&fixture.repository, fixture.repository.find_commit(at).unwrap());
                let who = parent.author();
                repository.commit(None, &who, &who, &n.to_string(), &parent.tree().unwrap(), &[&parent]).unwrap()
            }
        };
    }
    assert_eq!(by(&fixture, at, &one), first.to_string());
}

#[test]
fn the_signer_is_that_of_the_commit_whatever_its_author_and_date() {
    let fixture = Fixture::new();
    let one = doc("One", "a");
    let text = commit(&fixture, &[], &file(&[&one]), 0);
    let base = fixture.repository.find_commit(commit(&fixture, &[], "kind: Base\n", 0)).unwrap();
    let tree = fixture.repository.find_commit(text).unwrap().tree().unwrap();
    let signers: Vec<Signer> = [ED_KEY, P256_KEY]
        .iter()
        .map(|key| {
            let id = signed_commit(&fixture.repository, &tree, &[&base], key);
            let after = commit(&fixture, &[id], &file(&[&one, &doc("Two", "b")]), -100_000_000);
            let Provenance::By(signed) = ask(&fixture, &after.to_string(), &one) else { panic!() };
            assert_eq!((&*signed.author.email, &*signed.commit), ("ada@example.org", &*id.to_string()));
            signed.signer.clone()
        })
        .collect();
    assert!(matches!(&signers[..], [Signer::Ssh(one), Signer::Ssh(other)] if one != other), "{signers:?}");
}

#[test]
fn whoever_moves_a_document_has_not_written_it() {
    let fixture = Fixture::new();
    let (one, two) = (doc("One", "a"), doc("Two", "b"));
    let first = commit_files(&fixture, &[], &[("old.yaml", &one)], 0);
    let renamed = commit_files(&fixture, &[first], &[("a.yaml", &one)], 1);
    assert_eq!(by(&fixture, renamed, &one), first.to_string(), "its file has another name");
    let there = commit_files(&fixture, &[], &[("old.yaml", &file(&[&one, &two])), ("a.yaml", "kind: Base\n")], 0);
    let taken = commit_files(&fixture, &[there], &[("old.yaml", &two), ("a.yaml", &file(&["kind: Base\n", &one]))], 1);
    let later = commit_files(&fixture, &[taken], &[("a.yaml", &file(&["kind: Base\n", &one, &two]))], 2);
    assert_eq!(by(&fixture, later, &one), there.to_string(), "it went from one file to another");
    assert_eq!(by(&fixture, later, &two), there.to_string());
    // What is changed on the way is written anew, and what is put down beside it is another one.
    let changed = commit_files(&fixture, &[first], &[("a.yaml", &doc("One", "b"))], 1);
    assert_eq!(by(&fixture, changed, &doc("One", "b")), changed.to_string());
    let copied = commit_files(&fixture, &[first], &[("old.yaml", &one), ("a.yaml", &one)], 1);
    assert_eq!(by(&fixture, copied, &one), copied.to_string());
}
