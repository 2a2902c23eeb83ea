use crate::catalog::{Catalog, SourceTree, load};
use crate::kinds::Body;
use crate::model::Timestamp;
use crate::signature::vectors::{ED_FINGERPRINT, ED_KEY, ED_PUB};

/// What is said of the keys of a person, with the place; and the fingerprints of those that count.
fn keys(keys: &str) -> (Vec<String>, Vec<String>) {
    let text = format!(
        "apiVersion: abide.dev/v1\nkind: Agent\nmetadata: {{name: ada}}\nspec:\n  human: true\n  keys:\n{keys}\n"
    );
    let (catalog, said) =
        load(&SourceTree::of_texts([("specs/a.yaml", text)]), &Catalog::empty(), Timestamp::default());
    let said = said.iter().map(|said| {
        let (span, fix) = (said.problem.span, said.problem.fix.as_deref().unwrap_or_default());
        format!("{} {}:{} {} {fix}", said.problem.entry.code, span.line, span.column, said.problem.message)
    });
    let fingerprints = catalog.specs.iter().flat_map(|spec| match &spec.body {
        Body::Agent(agent) => agent.public_keys(),
        _ => Vec::new(),
    });
    (said.collect(), fingerprints.map(|key| key.fingerprint().to_owned()).collect())
}

#[test]
fn good_keys_are_read() {
    let gpg = "0123456789ABCDEF0123456789ABCDEF01234567";
    let (said, fingerprints) = keys(&format!("    - 'valid-after=\"20260101\" {ED_PUB}'\n    - gpg:{gpg}"));
    assert_eq!((said, fingerprints), (vec![], vec![ED_FINGERPRINT.to_owned(), gpg.to_owned()]));
}

#[test]
fn a_key_that_cannot_be_read_is_an_error_where_it_stands() {
    let (said, fingerprints) = keys(&format!("    - {ED_PUB}\n    - ada"));
    assert_eq!(fingerprints, [""; 0]);
    let [said] = &said[..] else { panic!("{said:?}") };
    assert!(said.starts_with("spec/value 8:7 this is no public key"), "{said}");
}

#[test]
fn a_private_key_is_to_be_rotated() {
    let (said, _) = keys(&format!("    - |\n      {}", ED_KEY.replace('\n', "\n      ")));
    let [said] = &said[..] else { panic!("{said:?}") };
    assert!(said.starts_with("spec/value 8:7 this is a private key") && said.contains("rotate it"), "{said}");
}
