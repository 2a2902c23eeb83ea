//! `abide slo export prometheus`: the real `promtool` takes the rules, and on made-up series they alert where they must.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use crate::prometheus::process::{left_out, program};
use crate::support::organisation::Ended;

fn promtool(folder: &Path, arguments: &[&str]) {
    let mut tool = Command::new(program(&["promtool"], "prometheus"));
    let ended = Ended::of(&tool.current_dir(folder).args(arguments).output().unwrap());
    assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
}

/// A service level.
struct Level {
    name: &'static str,
    over: &'static str,
    indicator: String,
    method: &'static str,
    objective: &'static str,
    more: &'static str,
}

fn ratio(name: &'static str, method: &'static str, objective: &'static str, side: &str) -> Level {
    let metric = |query: &str| format!("{{metricSource: {{type: Prometheus, spec: {{query: '{query}'}}}}}}");
    let (some, total) =
        (metric(&format!(r#"{side}_total{{slo="{name}"}}"#)), metric(&format!(r#"all_total{{slo="{name}"}}"#)));
    let indicator = format!("{{ratioMetric: {{counter: true, {side}: {some}, total: {total}}}}}");
    Level { name, over: "30d", indicator, method, objective, more: "" }
}

/// A folder with these service levels as specs and as rules.
fn exported(levels: &[Level]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("specs")).unwrap();
    let mut specs = String::from("apiVersion: openslo/v1\nkind: Service\nmetadata: {name: web}\n");
    for Level { name, over, indicator, method, objective, more } in levels {
        write!(
            specs,
            "---\napiVersion: openslo/v1\nkind: SLO\nmetadata: {{name: {name}, annotations: {{abide.dev/owner: role/dev}}}}\nspec:\n  \
             service: web\n  budgetingMethod: {method}\n  timeWindow: [{{duration: {over}, isRolling: true}}]\n  indicator: \
             {{metadata: {{name: {name}}}, spec: {indicator}}}\n  objectives: [{{target: 0.99, {objective}}}]\n{more}"
        )
        .unwrap();
    }
    specs += "---\napiVersion: abide.dev/v1\nkind: Role\nmetadata: {name: dev}\nspec: {}\n";
    let short: Vec<&str> = levels.iter().filter(|it| it.over == "2h" && it.more.is_empty()).map(|it| it.name).collect();
    if !short.is_empty() {
        write!(
            specs,
            "---\napiVersion: abide.dev/v1\nkind: ErrorBudgetPolicy\nmetadata: {{name: short}}\nspec:\n  slos: [{}]\n  burnRates:\n  \
             - {{factor: 1000, long: 30m, short: 5m}}\n  - {{factor: 1000, long: 1h, short: 5m}}\n",
            short.join(", ")
        )
        .unwrap();
    }
    std::fs::write(folder.path().join("specs/slos.yaml"), specs).unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_abide"));
    let arguments = ["slo", "export", "prometheus", "--to", "rules.yaml"];
    let ended = Ended::of(&program.current_dir(folder.path()).args(arguments).output().unwrap());
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{}", ended.out);
    folder
}

/// Has `promtool` test the rules on series with a sample every 15 seconds.
fn check(folder: &Path, series: &[(String, &str)], expectations: &str) {
    let mut test =
        String::from("rule_files: [rules.yaml]\nevaluation_interval: 1m\ntests:\n- interval: 15s\n  input_series:\n");
    for (name, values) in series {
        writeln!(test, "  - series: '{name}'\n    values: '{values}'").unwrap();
    }
    test += expectations;
    std::fs::write(folder.join("test.yaml"), test).unwrap();
    promtool(folder, &["check", "rules", "rules.yaml"]);
    promtool(folder, &["test", "rules", "test.yaml"]);
}

fn expected(expr: &str, minutes: u32, value: &str) -> String {
    format!("  - expr: '{expr}'\n    eval_time: {minutes}m\n    exp_samples: [{{labels: '{{}}', value: {value}}}]\n")
}

#[test]
fn a_burning_service_level_alerts_and_a_healthy_one_does_not() {
    if left_out() {
        return;
    }
    let levels = [
        ratio("burning", "Occurrences", "", "good"),
        ratio("healthy", "Occurrences", "", "bad"),
        ratio("rare", "Occurrences", "", "bad"),
    ];
    let folder = exported(&levels);
    let of = |metric: &str, slo: &str| format!("{metric}_total{{slo=\"{slo}\"}}");
    let series = [
        (of("good", "burning"), "0+8x480"),
        (of("all", "burning"), "0+10x480"),
        (of("all", "healthy"), "0+10x480"),
        // One event in an hour, and it is bad: that proves nothing.
        (of("all", "rare"), "0+0x100 1+0x380"),
        (of("bad", "rare"), "0+0x100 1+0x380"),
    ];
    let mut test =
        String::from("  alert_rule_test:\n  - eval_time: 90m\n    alertname: AbideSloBurning\n    exp_alerts:\n");
    for (severity, rates) in [
        ("critical", "above 14.4 over 1h and 5m, or above 6 over 6h and 30m"),
        ("high", "above 3 over 1d and 2h, or above 1 over 3d and 6h"),
    ] {
        write!(
            test,
            "    - exp_labels: {{severity: {severity}, abide_slo: burning, abide_service: web, abide_objective: '0'}}\n      \
             exp_annotations:\n        owner: role/dev\n        spec: specs/slos.yaml:13\n        summary: 'slo/burning: the error \
             budget goes too fast'\n        description: The burn rate is {rates}. At 1 the budget lasts exactly as long as its window.\n"
        )
        .unwrap();
    }
    test += "  promql_expr_test:\n";
    let round = |series: &str, slo: &str| {
        format!(
            "max without (abide_slo, abide_service, abide_objective, abide_window) (round({series}{{abide_slo=\"{slo}\"}}, 0.001))"
        )
    };
    for (series, burning, healthy) in [
        ("slo:sli_error:ratio_rate5m", "0.2", "0"),
        ("slo:sli_error:ratio_rate30d", "0.2", "0"),
        ("slo:current_burn_rate:ratio", "20", "0"),
        ("slo:period_error_budget_remaining:ratio", "-19", "1"),
        ("slo:objective:ratio", "0.99", "0.99"),
        ("slo:error_budget:ratio", "0.01", "0.01"),
        ("slo:time_period:days", "30", "30"),
    ] {
        test += &expected(&round(series, "burning"), 90, burning);
        test += &expected(&round(series, "healthy"), 90, healthy);
    }
    check(folder.path(), &series, &test);
}

const CONDITION: &str = "  alertPolicies:
  - kind: AlertPolicy
    metadata: {name: fast}
    spec:
      alertWhenBreaching: true
      conditions:
      - kind: AlertCondition
        metadata: {name: twice}
        spec: {severity: page, condition: {kind: burnrate, op: gte, threshold: 2, lookbackWindow: 10m, alertAfter: 5m}}
";

/// A service level for every way of counting.
fn every_way() -> Vec<Level> {
    let metric = |query: &str| format!("{{metricSource: {{type: prometheus, spec: {{query: '{query}'}}}}}}");
    let threshold = format!("{{thresholdMetric: {}}}", metric("latency"));
    let raw = format!("{{ratioMetric: {{rawType: success, raw: {}}}}}", metric("share"));
    let sums = format!(
        "{{ratioMetric: {{counter: true, bad: {}, total: {}}}}}",
        metric("sum(bad_total{slo=\"slices\"})"),
        metric("sum(all_total{slo=\"slices\"})")
    );
    let sloth = format!(
        "{{ratioMetric: {{bad: {}, total: {}}}}}",
        metric("sum(rate(bad_total{slo=\"slices\"}[{{.window}}]))"),
        metric("sum(rate(all_total{slo=\"slices\"}[{{.window}}]))")
    );
    let gauges = format!("{{ratioMetric: {{good: {}, total: {}}}}}", metric("share * 50"), metric("share * 0 + 50"));
    let level = |name, indicator: &str, method, objective| Level {
        name,
        over: "2h",
        indicator: indicator.to_owned(),
        method,
        objective,
        more: "",
    };
    let levels = [
        ratio("slices", "Timeslices", "timeSliceTarget: 0.9, timeSliceWindow: 1m", "bad"),
        Level { name: "means", ..ratio("slices", "RatioTimeslices", "timeSliceWindow: 1m", "bad") },
        level("slow", &threshold, "Occurrences", "op: lte, value: 0.3"),
        level(
            "slow-slices",
            &threshold,
            "Timeslices",
            "op: lte, value: 0.3, timeSliceTarget: 0.9, timeSliceWindow: 5m",
        ),
        level("shares", &raw, "Occurrences", ""),
        level("sums", &sums, "Occurrences", ""),
        level("sloth", &sloth, "Occurrences", ""),
        Level { more: CONDITION, ..level("gauges", &gauges, "Occurrences", "") },
    ];
    // A server may load 50 million samples for a query, and promtool only 10 000: the windows are short here.
    levels.map(|level| Level { over: "2h", ..level }).into()
}

#[test]
fn every_way_of_counting_gives_the_share_that_it_means() {
    if left_out() {
        return;
    }
    let folder = exported(&every_way());
    // Half an hour of half bad events, then half an hour of none at all, then half an hour of good ones.
    let series = [
        ("all_total{slo=\"slices\"}".to_owned(), "0+10x120 1200+0x120 1200+10x120"),
        ("bad_total{slo=\"slices\"}".to_owned(), "0+5x120 600+0x240"),
        ("latency".to_owned(), "0.1+0x240 0.9+0x120"),
        ("share".to_owned(), "1+0x240 0.5+0x120"),
    ];
    let mut test = String::from("  promql_expr_test:\n");
    let of = |slo: &str, window: &str| {
        format!(
            "max without (abide_slo, abide_service, abide_objective, abide_window) (round(slo:sli_error:ratio_rate{window}{{abide_slo=\"{slo}\"}}, 0.05))"
        )
    };
    for (slo, window, minutes, value) in [
        ("slices", "5m", 20, "1"),
        ("slices", "30m", 45, "0.5"),
        ("slices", "5m", 50, "0"),
        ("means", "5m", 20, "0.5"),
        ("means", "1h", 60, "0.25"),
        ("means", "5m", 50, "0"),
        ("slow", "5m", 50, "0"),
        ("slow", "5m", 80, "1"),
        ("slow", "1h", 90, "0.5"),
        ("slow-slices", "5m", 80, "1"),
        ("slow-slices", "5m", 50, "0"),
        ("shares", "5m", 80, "0.5"),
        ("shares", "1h", 90, "0.25"),
        ("sums", "5m", 20, "0.5"),
        ("sums", "2h", 90, "0.25"),
        ("sloth", "5m", 20, "0.5"),
        ("gauges", "10m", 80, "0.5"),
    ] {
        test += &expected(&of(slo, window), minutes, value);
    }
    test += "  alert_rule_test:\n  - eval_time: 20m\n    alertname: AbideSloBurning\n";
    check(folder.path(), &series, &test);
}
