//! Documents whose commit says who wrote them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{NOW, assess, specs, task, with_request};
use crate::kinds::Specs;
use crate::model::{Duration, GateState, Person, Provenance, Signed, Signer, SshKey, Timestamp};
use crate::signature::Key;

const POLICY: &str = "{select: {types: [deploy]}, require: {role: architect}}";
const STRICT: &str = "{select: {types: [deploy]}, require: {role: architect}, signature: required}";
const ADA: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";
const BOB: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB8eHRwbGhkYFxYVFBMSERAPDg0MCwoJCAcGBQQDAgEA";

fn by_key(line: &str) -> Signer {
    let key: Key = line.parse().unwrap();
    Signer::Ssh(SshKey { fingerprint: key.fingerprint().into(), line: line.into() })
}

/// How it stands where the document of Ada is in a commit that is signed so, and was first seen at that moment.
fn stands(policy: &str, ada: &str, signer: Option<Signer>, seen: Timestamp) -> (GateState, Vec<&'static str>) {
    let people = |document: Option<&str>| {
        let ada = format!("{{human: true, roles: [architect], keys: [{ada}]}}");
        let bob = format!("{{human: true, roles: [architect], keys: ['{BOB}']}}");
        let mut more = vec![("Agent", "ada", ada.as_str()), ("Agent", "bob", bob.as_str())];
        more.extend(document.map(|spec| ("Approval", "one", spec)));
        specs(policy, &more)
    };
    let digest = with_request(&people(None), &task(), |request| request.digest().to_string());
    let document = format!(
        "{{task: \"1\", policy: deploys, action: start, verdict: approved, by: agent/ada, expires: 2026-12-31, \
         digest: \"sha256:{digest}\", nonce: x}}"
    );
    let plain = people(Some(&document));
    let person = || Person { name: "Ada".into(), email: "ada@example.org".into() };
    let provenance = signer.map_or(Provenance::Uncommitted, |signer| {
        let (commit, claimed) = ("c0ffee".into(), NOW.minus(Duration::from_days(400)));
        Provenance::By(Arc::new(Signed { commit, author: person(), committer: person(), claimed, signer }))
    });
    let specs: Specs = Specs::clone(&plain).with_provenance(
        BTreeMap::from([("approval/one".parse().unwrap(), provenance)]),
        BTreeMap::from([("c0ffee".into(), seen)]),
    );
    let assessed = assess(&specs, &task(), NOW);
    let codes = assessed.voices.iter().filter_map(|voice| Some(voice.fault.as_ref()?.reason.code())).collect();
    (assessed.state, codes)
}

#[test]
fn who_approves_by_git_is_who_signed() {
    let own = format!("'{ADA}'");
    let good = (GateState::Approved, vec![]);
    for policy in [POLICY, STRICT] {
        assert_eq!(stands(policy, &own, Some(by_key(ADA)), NOW), good);
        let somebody = stands(policy, &own, Some(by_key(BOB)), NOW);
        assert_eq!(somebody, (GateState::Pending, vec!["approval/wrong-signer"]), "Bob signs for Ada");
        let bad = stands(policy, &own, Some(Signer::Bad("altered".into())), NOW);
        assert_eq!(bad, (GateState::Pending, vec!["approval/bad-signature"]));
    }
    let keyless = stands(POLICY, "", Some(by_key(BOB)), NOW);
    assert_eq!(keyless, (GateState::Pending, vec!["approval/wrong-signer"]), "the key is known to be another's");
    assert_eq!(stands(POLICY, "", Some(by_key(ADA)), NOW), good, "a key that nobody declares tells nothing");
}

#[test]
fn what_must_be_signed_and_is_not_is_refused() {
    let own = format!("'{ADA}'");
    for signer in [None, Some(Signer::Unsigned)] {
        assert_eq!(stands(POLICY, &own, signer.clone(), NOW), (GateState::Approved, vec![]));
        assert_eq!(stands(STRICT, &own, signer, NOW), (GateState::Pending, vec!["approval/unsigned"]));
    }
}

#[test]
fn a_key_counts_if_it_was_valid_when_the_commit_was_first_seen_whatever_the_commit_claims() {
    let own = format!("'valid-before=\"20260101\" {ADA}'");
    let before = "2025-12-31T00:00:00Z".parse().unwrap();
    assert_eq!(stands(STRICT, &own, Some(by_key(ADA)), before), (GateState::Approved, vec![]));
    let backdated = stands(STRICT, &own, Some(by_key(ADA)), NOW);
    assert_eq!(backdated, (GateState::Pending, vec!["approval/key-expired"]), "it says that it is of last year");
}
