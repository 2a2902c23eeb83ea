//! What is written is what the reader of records reads.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;

use super::super::records::{Collection, Families, Found, Relation, Source, lint, read};
use super::*;
use crate::kinds::Unread;
use crate::yaml::parse;

fn specs(yaml: &str) -> Specs {
    let (file, text) = (Arc::from("specs/d.yaml"), Arc::from(yaml));
    let documents = parse(yaml).documents;
    let spec = |node| {
        let document = crate::kinds::read(node, &file, &text);
        document.spec.unwrap_or_else(|| panic!("{:?}\n{yaml}", document.problems))
    };
    Specs::new(documents.iter().map(spec), Unread::default())
}

fn page(yaml: &str, name: &str) -> String {
    Pages::of(&specs(yaml)).text(&format!("decision/{name}").parse().unwrap()).unwrap()
}

fn yaml(name: &str, fields: &str) -> String {
    format!(
        "apiVersion: abide.dev/v1\nkind: Decision\nmetadata: {{name: {name}}}\nspec:\n  date: 2026-02-15\n{fields}\n---\n"
    )
}

#[test]
fn a_page_says_in_madr_what_the_spec_says() {
    let fields = r#"  number: 12
  status: accepted
  deciders: [role/architect, agent/cto]
  informed: [role/developer]
  context: |
    Every agent had its own.

    So it was dear.
  drivers: [cost, "one place\nfor all"]
  options:
    - {title: A gateway, good: [it is one], bad: ["Bad, because it may be down"]}
    - {title: Nothing}
  decision: A gateway.
  consequences: {good: [it is cheap, "Good, because it is clear"], bad: [it is new], neutral: [it moves]}
  supersedes: [own-clients]
  amends: [decision/budget]
  relatesTo: [budget]
  reviewBy: 2027-01-01
  reviewEvery: 180d
  delivery: {select: {types: [move], status: [pending, running]}, dueBy: 2026-06-01}
  rules:
    - {id: direct, severity: high, repository: app, forbid: {pattern: 'a`b|c', in: ["src/**"], except: [src/llm/**]}}
    - {id: some, require: {pattern: x}}
    - {id: hook, requirePath: .githooks/pre-commit}
    - {id: no-twilio, forbidDependency: {name: twilio, in: ["**/package.json"]}}
    - {id: sms, requireDependency: {name: sms}}
    - {id: db, match: {file: c.yaml, pointer: /db, equals: postgres}}
    - {id: layers, layers: {in: "src/**/*.rs", order: [model, plan]}}
    - {id: left, tasks: {select: {types: [a, b], labels: {area: db}, severity: ">=high"}, atLeast: 1, atMost: 3}}"#;
    let all = yaml("one-gateway", fields).replace("{name: one-gateway}", "{name: one-gateway, title: One gateway}")
        + &yaml("own-clients", "  number: 3\n  status: superseded")
        + &yaml("budget", "  status: accepted");
    insta::assert_snapshot!("a_whole_decision", page(&all, "one-gateway"));
    insta::assert_snapshot!("one_that_is_superseded", page(&all, "own-clients"));
    let prose = format!("  status: rejected\n  consequences: {{neutral: [\"{}\\n\\nb\"]}}", "a".repeat(9));
    assert!(page(&yaml("x", &prose), "x").ends_with("### Consequences\n\naaaaaaaaa\n\nb\n"));
}

#[test]
fn a_deprecated_decision_still_tells_its_successor() {
    let all = yaml("a", "  number: 1\n  status: deprecated")
        + &yaml("b", "  number: 2\n  status: accepted\n  supersedes: [a]");
    let page = page(&all, "a");
    assert!(page.contains("status: deprecated\n") && page.contains("* Superseded by [ADR-0002](0002-b.md)"), "{page}");
}

#[test]
fn files_are_named_so_that_their_number_is_read() {
    let names = [
        ("0007-use-x", "7", "0007-use-x.md"),
        ("adr-008-use-y", "8", "0008-use-y.md"),
        ("use-z", "10", "0010-use-z.md"),
        ("use-w", "", "use-w.md"),
        ("3-tiers", "", "about-3-tiers.md"),
        ("mail-template", "11", "0011-mail-template.md"),
        ("adr-template", "14", "0014-about-adr-form.md"),
        ("use-x", "7", "0007-use-x-decision.md"),
        ("0012", "12", "0012.md"),
        ("5-tiers", "13", "0013-about-5-tiers.md"),
    ];
    let number = |number: &str| if number.is_empty() { String::new() } else { format!("  number: {number}\n") };
    let all: String =
        names.iter().map(|(name, n, _)| yaml(name, &format!("{}  status: accepted", number(n)))).collect();
    let specs = specs(&all);
    let pages = Pages::of(&specs);
    for (name, _, file) in names {
        let id = format!("decision/{name}").parse().unwrap();
        assert_eq!(pages.file(&id).unwrap(), file, "{name}");
    }
}

/// What matters of a decision: number, title, status, date, and what it supersedes and amends, by title.
type Told = (Option<u32>, String, Option<Status>, Option<String>, BTreeSet<String>, BTreeSet<String>);

/// What a reader of the pages makes of them.
fn told(collection: &Collection) -> Vec<Told> {
    let families = Families::of(collection);
    let leads = |from: usize, relation: Relation| {
        let record = &collection.records[from];
        let claims = record.claims.iter().filter(move |claim| claim.relation == relation);
        let found = claims.filter_map(|claim| match families.find(record, &claim.to) {
            Found::Record(index) => Some(index),
            _ => None,
        });
        found.collect::<BTreeSet<usize>>()
    };
    let count = collection.records.len();
    let both = |index: usize, active, passive| {
        let mut all = leads(index, active);
        all.extend((0..count).filter(|other| leads(*other, passive).contains(&index)));
        all.into_iter().map(|other| collection.records[other].title.clone()).collect::<BTreeSet<_>>()
    };
    let one = |(index, record): (usize, &super::super::records::Record)| {
        let supersedes = both(index, Relation::Supersedes, Relation::SupersededBy);
        let amends = both(index, Relation::Amends, Relation::AmendedBy);
        let date = record.date.map(|date| date.to_string());
        (record.number, record.title.clone(), record.status.status, date, supersedes, amends)
    };
    let mut all: Vec<Told> = collection.records.iter().enumerate().map(one).collect();
    all.sort();
    all
}

/// What the specs say.
fn meant(specs: &Specs) -> Vec<Told> {
    let pages = Pages::of(specs);
    let title = |id: &SpecId| pages.decisions[id].0.head.title.clone().unwrap();
    let titles = |links: &[crate::kinds::common::Link]| {
        links.iter().map(|link| title(&link.id(Some(Kind::Decision)).unwrap())).collect::<BTreeSet<_>>()
    };
    let one = |(id, (_, it)): (&&SpecId, &(&Arc<Spec>, &Decision))| {
        (
            it.number.map(|it| it.value),
            title(id),
            Some(*it.status),
            Some(it.date.to_string()),
            titles(&it.supersedes),
            titles(&it.amends),
        )
    };
    let mut all: Vec<Told> = pages.decisions.iter().map(one).collect();
    all.sort();
    all
}

/// Every page by its file.
fn written(specs: &Specs) -> Vec<(Arc<str>, String)> {
    let pages = Pages::of(specs);
    pages.ids().map(|id| (pages.file(id).unwrap().into(), pages.text(id).unwrap())).collect()
}

fn collection(pages: &[(Arc<str>, String)]) -> Collection {
    read(&pages.iter().map(|(file, text)| Source { file: file.clone(), text, named: false }).collect::<Vec<_>>())
}

#[derive(Debug, Clone)]
struct Made {
    words: Vec<&'static str>,
    number: Option<u32>,
    title: String,
    status: Status,
    day: u32,
    older: Vec<prop::sample::Index>,
    amends: bool,
    prose: String,
    items: Vec<String>,
}

const WORDS: [&str; 16] = [
    "use", "one", "gateway", "replaces", "partial", "only", "3", "2026", "template", "notes", "adr", "in", "part", "x",
    "process", "overview",
];

fn made() -> impl Strategy<Value = Made> {
    let words = prop::collection::vec(prop::sample::select(&WORDS[..]), 1..5);
    let title = "[ -~äß✅—]{0,24}".prop_map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    let text = "[a-z]{1,9}( [a-z#>*`.-]{1,9}){0,6}(\n\n?[a-z ]{1,20}){0,3}";
    let items = prop::collection::vec(text, 0..4);
    let parts = (words, prop::option::of(0..=99_999_u32), title, prop::sample::select(&Status::ALL[..]), 1..29_u32);
    let prose = prop_oneof![1 => Just(String::new()), 4 => text];
    let rest = (prop::collection::vec(any::<prop::sample::Index>(), 0..3), any::<bool>(), prose, items);
    (parts, rest).prop_map(|((words, number, title, status, day), (older, amends, prose, items))| Made {
        words,
        number,
        title,
        status,
        day,
        older,
        amends,
        prose,
        items,
    })
}

/// The decisions as specs: each supersedes or amends some that stand before it. Titles are told apart by a word behind them.
fn as_yaml(made: &[Made], consistent: bool) -> String {
    let name = |index: usize| format!("{}-n{index}", made[index].words.join("-"));
    let mut older: Vec<BTreeSet<usize>> = Vec::new();
    for (index, it) in made.iter().enumerate() {
        older.push(if index == 0 { BTreeSet::new() } else { it.older.iter().map(|o| o.index(index)).collect() });
    }
    let superseded = |index: usize| (0..made.len()).any(|newer| !made[newer].amends && older[newer].contains(&index));
    let one = |(index, it): (usize, &Made)| {
        let names: Vec<String> = older[index].iter().map(|other| name(*other)).collect();
        let field = if it.amends { "amends" } else { "supersedes" };
        let status = match (consistent, superseded(index)) {
            (true, true) => Status::Superseded,
            (true, false) => Status::Accepted,
            (false, _) => it.status,
        };
        let number = if consistent { Some(index as u32 + 1) } else { it.number };
        let number = number.map_or(String::new(), |number| format!("  number: {number}\n"));
        let text = |text: &str| serde_json::Value::from(text).to_string();
        let items = serde_json::Value::from(it.items.clone());
        let options: Vec<serde_json::Value> =
            it.items.iter().map(|item| serde_json::json!({"title": item, "good": [item]})).collect();
        format!(
            "apiVersion: abide.dev/v1\nkind: Decision\nmetadata: {{name: {}, title: {}}}\nspec:\n{number}  status: {}\n  \
             date: 2026-01-{:02}\n  {field}: [{}]\n  context: {}\n  decision: {}\n  drivers: {items}\n  options: {}\n  \
             consequences: {{good: {items}, neutral: {items}}}\n---\n",
            name(index),
            text(format!("{} q{index}", it.title).trim()),
            status.word(),
            it.day,
            names.join(", "),
            text(&it.prose),
            text(&it.prose),
            serde_json::Value::from(options),
        )
    };
    made.iter().enumerate().map(one).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn what_is_written_is_read_back(made in prop::collection::vec(made(), 1..6)) {
        let specs = specs(&as_yaml(&made, false));
        let pages = written(&specs);
        prop_assert_eq!(told(&collection(&pages)), meant(&specs), "{:#?}", pages);
    }

    #[test]
    fn what_is_consistent_gets_no_finding(made in prop::collection::vec(made(), 1..6)) {
        let specs = specs(&as_yaml(&made, true));
        let pages = written(&specs);
        let files: Vec<Arc<str>> = pages.iter().map(|(file, _)| file.clone()).collect();
        let findings = lint::lint(&collection(&pages), &files, "2027-01-01".parse().unwrap());
        prop_assert!(findings.is_empty(), "{:?} {:#?}", findings, pages);
    }
}
