//! Documents of every version, taken over, converted and left out.

use super::*;
use crate::diagnostic::Level;
use crate::kinds::read;
use crate::yaml::parse;

fn import_as(file: &str, text: &str, rename: bool) -> Finished {
    let drafts = vec![draft(&file.into(), text)];
    let renames = rename.then(|| Renames::of(&drafts));
    drafts.into_iter().next().unwrap().finish(renames.as_ref())
}

fn import(text: &str) -> Finished {
    import_as("a.yaml", text, false)
}

/// The text that comes out; every document in it must be a spec without errors.
fn sound(text: &str) -> String {
    let finished = import(text);
    assert_eq!(finished.left, [], "{text}");
    let out = finished.text.unwrap().text;
    assert_eq!(errors(&out), Vec::<String>::new(), "{out}");
    out
}

fn errors(text: &str) -> Vec<String> {
    let parsed = parse(text);
    let documents = parsed.documents.iter().flat_map(|node| read(node, &"a.yaml".into(), &text.into()).problems);
    let all = parsed.problems.clone().into_iter().chain(documents);
    all.filter(|it| it.level == Level::Error).map(|it| format!("{} {}", it.entry.code, it.message)).collect()
}

fn left(text: &str) -> (u32, String) {
    let finished = import(text);
    assert!(finished.text.is_none(), "{:?}", finished.text);
    let [left] = &finished.left[..] else { panic!("{:?}", finished.left) };
    (left.line, left.why.clone())
}

const SERVICE: &str = "apiVersion: openslo/v1 # the first\nkind: Service\nmetadata: {name: web}\nspec: {}\n# the end\n";

const RATIO: &str = r#"apiVersion: openslo/v1alpha
kind: SLO
metadata:
  name: ratio
  displayName: Ratio
spec:
  description: What a ratio is
  service: web
  budgetingMethod: Occurrences
  timeWindows:
  - {count: 28, unit: Day, isRolling: true}
  objectives:
  - displayName: painful
    value: 1
    target: 0.98
    ratioMetrics:
      incremental: true
      good: {source: prometheus, queryType: promql, query: 'x{code="ALL"}'}
      total: {source: datadog, queryType: query, query: y}
"#;

const THRESHOLD: &str = "apiVersion: openslo/v1alpha
kind: SLO
metadata: {name: latency}
spec:
  service: web
  budgetingMethod: Occurrences
  indicator:
    thresholdMetric: {source: prometheus, queryType: promql, query: latency}
  objectives:
  - {op: gt, target: 0.99, value: 2000}
  timeWindows:
  - count: 1
    unit: Month
    isRolling: false
    calendar: {startTime: 2021-05-01 00:00:00, timeZone: UTC}
";

const SECOND: &str = "apiVersion: openslo.com/v2alpha
kind: SLO
metadata: {name: web-availability, labels: {env: prod}}
spec:
  service: web
  sli:
    metadata: {name: good-requests}
    spec:
      ratioMetric:
        counter: true
        good: {dataSourceRef: prom, spec: {query: good}}
        total: {dataSourceSpec: {type: prometheus}, spec: {query: total}}
  timeWindow: [{duration: 1w, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.995}]
";

#[test]
fn a_file_of_v1_stays_letter_by_letter() {
    assert_eq!(sound(SERVICE), SERVICE);
    let list = "# all\n- apiVersion: openslo/v1\n  kind: Service\n  metadata: {name: a} # one\n";
    assert_eq!(sound(list), list);
    let json = "[{\"apiVersion\": \"openslo/v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"a\"}}]";
    assert_eq!(import_as("a.json", json, false).text.unwrap().text, json);
    assert!(import(SERVICE).converted.is_empty());
}

#[test]
fn a_ratio_of_v1alpha_becomes_an_indicator() {
    insta::assert_snapshot!(sound(RATIO));
    insta::assert_snapshot!(import(RATIO).converted[0].changes.join("\n"));
}

#[test]
fn a_threshold_of_v1alpha_becomes_an_indicator() {
    insta::assert_snapshot!(sound(THRESHOLD));
}

#[test]
fn a_service_level_of_v2alpha_calls_its_indicator_otherwise() {
    insta::assert_snapshot!(sound(SECOND));
    let referred = "apiVersion: openslo/v2alpha\nkind: SLO\nmetadata: {name: a}\nspec:\n  service: web\n  budgetingMethod: \
                    Occurrences\n  timeWindow: [{duration: 1w, isRolling: true}]\n  objectives: [{target: 0.9, sliRef: b}]\n";
    assert!(sound(referred).contains("  indicatorRef: b\n"));
}

#[test]
fn other_kinds_of_v2alpha_keep_their_shape() {
    let of = |rest: &str| format!("apiVersion: openslo.com/v2alpha\n{rest}");
    let source = of("kind: DataSource\nmetadata: {name: a}\nspec: {prometheus: {url: x}}\n");
    assert!(sound(&source).contains("type: prometheus\n  connectionDetails:\n    url: x"), "{}", sound(&source));
    let typed = of("kind: DataSource\nmetadata: {name: a}\nspec: {type: p, connectionDetails: {url: x}}\n");
    assert!(sound(&typed).contains("type: p\n"));
    let sli = of("kind: SLI\nmetadata: {name: a}\nspec: {thresholdMetric: {dataSource: {type: p}, spec: {q: 1}}}\n");
    assert!(sound(&sli).contains("metricSource:\n      type: p\n      spec:\n        q: 1"), "{}", sound(&sli));
    let target = of("kind: AlertNotificationTarget\nmetadata: {name: a}\nspec: {target: email}\n");
    assert_eq!(sound(&target).lines().next(), Some("apiVersion: openslo/v1"));
    let condition = of("kind: AlertCondition\nmetadata: {name: a}\nspec:\n  severity: page\n  condition: \
                        {kind: burnrate, op: lte, threshold: 2, lookbackWindow: 1h, alertAfter: 5m}\n");
    sound(&condition);
    sound(&of("kind: AlertPolicy\nmetadata: {name: a}\nspec: {conditions: [{conditionRef: b}]}\n"));
}

#[test]
fn what_would_be_a_guess_is_left_out_with_its_line() {
    let second = |metric: &str| {
        format!(
            "apiVersion: openslo/v2alpha\nkind: SLI\nmetadata: {{name: a}}\nspec:\n  thresholdMetric:\n    {metric}\n"
        )
    };
    let alpha = |from: &str, to: &str| RATIO.replace(from, to);
    let two = RATIO.to_owned()
        + "  - {target: 0.9, ratioMetrics: {good: {source: a, query: b}, total: {source: a, query: c}}}\n";
    let cases = [
        (alpha("budgetingMethod: Occurrences", "budgetingMethod: Timeslices"), 13, "timeSliceWindow"),
        (alpha("unit: Day", "unit: Fortnight"), 11, "`Fortnight`"),
        (alpha("count: 28, unit: Day", "count: 90, unit: Second"), 11, "whole minutes"),
        (alpha("count: 28, ", ""), 11, "count and unit"),
        (alpha("source: datadog, ", ""), 19, "source and query"),
        (two, 20, "different ratioMetrics"),
        (RATIO.to_owned() + "  - {target: 0.9}\n", 17, "some have none"),
        (second("redshift: {accessKeyID: x}"), 6, "`redshift`"),
        (second("dataSourceSpec: {type: p, connectionDetails: {a: b}}"), 6, "`connectionDetails`"),
        (second("spec: {}"), 6, "dataSourceRef or dataSourceSpec"),
        (
            "apiVersion: openslo/v2alpha\nkind: DataSource\nmetadata: {name: a}\nspec: {a: 1, b: 2}\n".into(),
            4,
            "no type",
        ),
        (
            "apiVersion: openslo/v2alpha\nkind: AlertPolicy\nmetadata: {name: a}\nspec:\n  conditions:\n  - or: []\n"
                .into(),
            6,
            "exactly one condition",
        ),
        ("apiVersion: openslo.com/v2alpha\nkind: BudgetAdjustment\n".into(), 1, "accepted as unreliable"),
        ("\napiVersion: n9/v1alpha\nkind: SLO\n".into(), 2, "Nobl9"),
        ("apiVersion: openslo/v3\nkind: SLO\n".into(), 1, "no version that Abide converts"),
        ("apiVersion: v1\nkind: Service\n".into(), 1, "no version of OpenSLO"),
        ("a: 1\n".into(), 1, "no apiVersion"),
        ("a: [1\n# openslo/v1\n".into(), 1, "no YAML"),
        (alpha("  description: What a ratio is", "  service: x"), 8, "there twice"),
    ];
    for (text, line, word) in cases {
        let (at, why) = left(&text);
        assert!(at == line && why.contains(word), "line {at}: {why}\n{text}");
    }
}

#[test]
fn what_has_nothing_to_do_with_openslo_is_told_apart() {
    let is = |text: &str| draft(&"a.yaml".into(), text).is_openslo();
    assert!(is(SERVICE) && is(RATIO) && is("apiVersion: n9/v1alpha\nkind: SLO\n") && is("openslo: [\n"));
    assert!(!is("a: 1\n") && !is("apiVersion: v1\nkind: Pod\n") && !is("{{ helm") && !is("# nothing\n"));
}

#[test]
fn a_mixed_file_keeps_what_it_can_and_knows_its_lines() {
    let text = format!(
        "# top\n{SERVICE}---\n# a ratio\n{RATIO}# behind\n---\napiVersion: n9/v1alpha\nkind: SLO\n---\n{SERVICE}"
    );
    let finished = import(&text);
    let out = finished.text.unwrap();
    assert!(out.text.starts_with(&format!("# top\n{SERVICE}---\n# a ratio\napiVersion: openslo/v1\nkind: SLO\n")));
    assert!(out.text.contains("\n# behind\n---\n# left out by `abide import`: `n9/v1alpha`"), "{}", out.text);
    assert!(out.text.ends_with(&format!("\n---\n{SERVICE}")));
    assert_eq!(finished.specs, ["service/web", "slo/ratio", "service/web"]);
    let line = |word: &str, from: usize| out.line_of((from + out.text[from..].find(word).unwrap()) as u32);
    assert_eq!((line("kind: Service", 0), line("displayName", 0)), (3, 9));
    let last = out.text.rfind("apiVersion").unwrap();
    let of_input = 1 + text[..text.rfind("apiVersion").unwrap()].matches('\n').count() as u32;
    assert_eq!((line("# the first", last), line("# the end", last)), (of_input, of_input + 4));
}

#[test]
fn a_list_stays_a_list() {
    let indented = |text: &str| text.trim_end().replace('\n', "\n  ");
    let text = format!(
        "# list\n- {}\n# about the second\n- {}\n- {{apiVersion: n9/v1alpha, kind: SLO}}\n",
        indented(RATIO),
        indented(SECOND)
    );
    let finished = import(&text);
    let out = finished.text.unwrap().text;
    assert_eq!(errors(&out), Vec::<String>::new(), "{out}");
    assert!(
        out.starts_with("# list\n- apiVersion: openslo/v1\n  kind: SLO\n")
            && out.contains("\n# about the second\n- api"),
        "{out}"
    );
    assert!(finished.converted.iter().all(|it| it.changes.iter().all(|change| !change.contains("anew"))), "{out}");
    assert_eq!(finished.left.len(), 1);
}

#[test]
fn json_stays_json() {
    let service = |version: &str| format!(r#"{{"apiVersion":"{version}","kind":"Service","metadata":{{"name":"a"}}}}"#);
    let one = import_as("a.json", &service("openslo/v1alpha"), false).text.unwrap().text;
    let value: serde_json::Value = serde_json::from_str(&one).unwrap();
    assert_eq!(value["apiVersion"], "openslo/v1");
    let text = format!("[{}, {}, {}]", service("openslo/v1"), service("n9/v1"), service("openslo/v1alpha"));
    let several = import_as("a.json", &text, false).text.unwrap().text;
    let value: serde_json::Value = serde_json::from_str(&several).unwrap();
    assert_eq!(value.as_array().map(Vec::len), Some(2));
}

#[test]
fn an_anchor_that_was_converted_away_has_all_written_anew() {
    let text = "- apiVersion: openslo/v1alpha\n  kind: Service\n  metadata: &m {name: a}\n# lost\n- apiVersion: openslo/v1\n  \
                kind: SLI\n  metadata: *m\n  spec: {thresholdMetric: {metricSource: {type: a}}}\n";
    let finished = import(text);
    let out = finished.text.unwrap();
    assert_eq!(errors(&out.text), Vec::<String>::new(), "{}", out.text);
    assert!(finished.converted[0].changes.last().unwrap().contains("anew"));
    assert_eq!(out.line_of(out.text.find("kind: SLI").unwrap() as u32), 5);
}

#[test]
fn names_are_made_right_and_references_with_them() {
    let text = "apiVersion: openslo/v1\nkind: Service\nmetadata:\n  name: 'My Web'  # ours\n---\napiVersion: openslo/v1\nkind: SLO\n\
                metadata: {name: Avail_1}\nspec:\n  service: \"My Web\"\n  budgetingMethod: Occurrences\n  indicator: {metadata: {name: A b}, \
                spec: {thresholdMetric: {metricSource: {metricSourceRef: The Prom}}}}\n  timeWindow: [{duration: 1d, isRolling: true}]\n  \
                objectives: [{target: 0.9, op: lt, value: 1}]\n  alertPolicies: [On Call, {alertPolicyRef: On Call}]\n";
    let finished = import_as("a.yaml", text, true);
    let out = finished.text.unwrap();
    let expected = [
        ("'My Web'  #", "'my-web'  #"),
        ("Avail_1", "avail-1"),
        ("\"My Web\"", "\"my-web\""),
        ("A b", "a-b"),
        ("The Prom", "the-prom"),
        ("On Call", "on-call"),
    ];
    assert_eq!(out.text, expected.iter().fold(text.to_owned(), |text, (old, new)| text.replace(old, new)));
    assert_eq!(errors(&out.text), Vec::<String>::new());
    assert_eq!(finished.specs, ["service/my-web", "slo/avail-1"]);
    assert_eq!(finished.converted[0].changes, ["`My Web` is now called `my-web`"]);
    assert_eq!(finished.converted[1].from, "openslo/v1");
    assert_eq!(out.line_of(out.text.find("service: ").unwrap() as u32), 10);
    let again = import_as("a.yaml", &out.text, true);
    assert!(again.converted.is_empty() && again.text.unwrap().text == out.text);
}

#[test]
fn a_name_that_is_taken_is_not_given_twice() {
    let service = |name: &str| format!("apiVersion: openslo/v1\nkind: Service\nmetadata: {{name: '{name}'}}\n---\n");
    let text = [service("My Web"), service("my-web"), service("A b"), service("A_b"), service("???")].concat();
    let finished = import_as("a.yaml", &text, true);
    assert_eq!(finished.text.unwrap().text, text);
    let kept: Vec<(u32, bool)> = finished.kept.iter().map(|it| (it.line, it.why.contains("not renamed"))).collect();
    assert_eq!(kept, [(3, true), (11, true), (15, true), (19, true)]);
}

#[test]
fn a_name_that_looks_like_a_number_is_quoted() {
    let text = "apiVersion: openslo/v1\nkind: Service\nmetadata: {name: 12 }\n---\napiVersion: openslo/v1\nkind: Service\nmetadata:\n  name: 13_\n";
    let finished = import_as("a.yaml", text, true);
    assert!(finished.text.unwrap().text.contains("name: '13'"));
}
