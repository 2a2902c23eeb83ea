//! The exported schema and the typed parser agree on the shape of documents.

use serde_json::{Value, json};

use super::*;
use crate::cli::io::tests::run as capture;
use crate::diagnostic::{Level, Problem};
use crate::model::Name;

/// Whether the parser has nothing to say against the shape. Rules that span fields, and references, are no shape.
fn parses(document: &Value) -> bool {
    let text = document.to_string();
    let parsed = crate::yaml::parse(&text);
    assert_eq!(parsed.problems, []);
    let read = crate::kinds::read(&parsed.documents[0], &"a.json".into(), &text.as_str().into());
    !read.problems.iter().any(is_shape)
}

fn is_shape(problem: &Problem) -> bool {
    let of_fields = ["spec/empty-list", "spec/unknown-field", "spec/wrong-type", "spec/kind", "spec/api-version"];
    let code = problem.entry.code;
    // The decoder says it in these words; what a field demands of another one is said in others.
    let missing = code == "spec/missing-field"
        && problem.message.starts_with("the field `")
        && problem.message.ends_with("` is missing");
    let empty_list = code == "spec/value" && problem.message.starts_with("the list");
    problem.level == Level::Error && (of_fields.contains(&code) || missing || empty_list)
}

/// The template of a kind, as data.
fn example(kind: Kind) -> Value {
    let name: Name = "first-one".parse().unwrap();
    let text = crate::cli::new::template(kind, &name);
    let parsed = crate::yaml::parse(&text);
    crate::yaml::decode(&parsed.documents[0], &mut Vec::new()).unwrap()
}

/// Every place of a document, as JSON pointers.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| {
            let key = key.replace('~', "~0").replace('/', "~1");
            places(value, &format!("{at}/{key}"), found);
        }),
        Value::Array(items) => items.iter().enumerate().for_each(|(n, item)| places(item, &format!("{at}/{n}"), found)),
        _ => {}
    }
}

/// The document with one place changed in every way that a slip of the hand might.
fn mutations(document: &Value, at: &str) -> Vec<Value> {
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut copy = document.clone();
        copy.pointer_mut(at).map(change);
        copy
    };
    let mut all: Vec<Value> = [json!("words"), json!(12), json!(true), json!([]), json!({}), json!(null), json!([[]])]
        .into_iter()
        .filter(|other| other.is_string() <= document.pointer(at).is_none_or(|was| !was.is_string()))
        .map(|other| changed(&|value| *value = other.clone()))
        .collect();
    if document.pointer(at).is_some_and(Value::is_object) {
        all.push(changed(&|value| value["unknownField"] = json!("words")));
        for key in document.pointer(at).and_then(Value::as_object).into_iter().flatten().map(|(key, _)| key) {
            all.push(changed(&|value| {
                value.as_object_mut().map(|fields| fields.remove(key));
            }));
        }
    }
    all
}

fn at_place(document: &Value, place: &str) -> String {
    document.pointer(place).map(Value::to_string).unwrap_or_default()
}

#[test]
fn the_schema_and_the_parser_agree_on_every_shape() {
    let mut apart = Vec::new();
    for &kind in Kind::ALL {
        let schema = jsonschema::validator_for(&of_kind(kind)).unwrap();
        let document = example(kind);
        assert!(schema.is_valid(&document) && parses(&document), "{kind}");
        let mut at = Vec::new();
        places(&document, "", &mut at);
        for (place, mutant) in
            at.iter().flat_map(|place| mutations(&document, place).into_iter().map(move |m| (place, m)))
        {
            if !mutant.is_object() {
                continue;
            }
            let (by_schema, by_parser) = (schema.is_valid(&mutant), parses(&mutant));
            if by_schema != by_parser {
                apart.push(format!("{kind} at {place}: the schema says {by_schema} to {}", at_place(&mutant, place)));
            }
        }
    }
    assert!(apart.is_empty(), "{}", apart.join("\n"));
}

#[test]
fn what_the_schema_refuses_of_a_word_or_a_number_the_parser_refuses_too() {
    for &kind in Kind::ALL {
        let schema = jsonschema::validator_for(&of_kind(kind)).unwrap();
        let document = example(kind);
        let mut at = Vec::new();
        places(&document, "", &mut at);
        for place in at {
            let others = [json!("#?"), json!(""), json!("5 m"), json!(-1), json!(0.5)];
            for other in others {
                let mut mutant = document.clone();
                let Some(value) = mutant.pointer_mut(&place) else { continue };
                let same_type = value.is_string() == other.is_string() && value.is_number() == other.is_number();
                *value = other;
                if same_type && !schema.is_valid(&mutant) {
                    let text = mutant.to_string();
                    let parsed = crate::yaml::parse(&text);
                    let read = crate::kinds::read(&parsed.documents[0], &"a.json".into(), &text.as_str().into());
                    assert!(read.has_errors(), "{kind} at {place}\n{mutant}");
                }
            }
        }
    }
}

#[test]
fn a_document_is_of_exactly_one_kind() {
    let schema = jsonschema::validator_for(&of_all()).unwrap();
    for &kind in Kind::ALL {
        assert!(schema.is_valid(&example(kind)), "{kind}");
    }
    assert!(!schema.is_valid(&json!({"apiVersion": "abide.dev/v1", "kind": "SLO", "metadata": {}, "spec": {}})));
}

#[test]
fn every_schema_is_of_the_draft_that_it_names() {
    for schema in Kind::ALL.iter().map(|&kind| of_kind(kind)).chain([of_all()]) {
        assert_eq!(schema["$schema"], DRAFT);
        assert!(jsonschema::meta::is_valid(&schema), "{}", schema["title"]);
    }
}

#[test]
fn one_kind_or_all() {
    let (exit, text) = capture(|io| run(&Args { kind: Some("Decision".into()) }, io)).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((exit, &schema["properties"]["kind"]["const"]), (Exit::Fine, &json!("Decision")));
    assert!(capture(|io| run(&Args { kind: None }, io)).unwrap().1.contains("oneOf"));
    let error = capture(|io| run(&Args { kind: Some("rol".into()) }, io)).unwrap_err();
    assert_eq!((error.exit.code(), error.hint.as_deref()), (2, Some("did you mean `role`?")));
}
