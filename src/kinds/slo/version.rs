//! What must change in a document of another version of OpenSLO.

/// What must change in a document of that version and kind to make it OpenSLO v1; nothing where the version is none of
/// OpenSLO's own.
pub fn what_to_change(version: &str, kind: &str) -> Option<String> {
    let changes: &[&str] = match (version, kind) {
        ("openslo/v1alpha", "SLO") => &[
            "move `objectives[].ratioMetrics` or `indicator.thresholdMetric` to `indicator: {metadata: {name}, spec: {ratioMetric | thresholdMetric}}`",
            "rename `incremental` to `counter`",
            "put `source`, `queryType` and `query` into `metricSource: {type, spec: {query}}`",
            "replace `timeWindows` (count, unit, isRolling) by `timeWindow: [{duration: 28d, isRolling: true}]`",
        ],
        ("openslo/v1alpha", _) => &[],
        ("openslo.com/v2alpha" | "openslo/v2alpha", "SLO") => &[
            "rename `sli` to `indicator` and `sliRef` to `indicatorRef`",
            "wrap `dataSourceRef` and `spec` of each metric into `metricSource: {metricSourceRef, spec}`",
        ],
        ("openslo.com/v2alpha" | "openslo/v2alpha", "SLI") => {
            &["wrap `dataSourceRef` and `spec` of each metric into `metricSource: {metricSourceRef, spec}`"]
        }
        ("openslo.com/v2alpha" | "openslo/v2alpha", "DataSource") => {
            &["replace the connection fields of the source by `type: NAME` and `connectionDetails`"]
        }
        ("openslo.com/v2alpha" | "openslo/v2alpha", _) => &[],
        _ if version.starts_with("openslo/") || version.starts_with("openslo.com/") => {
            return Some(
                "Abide reads OpenSLO v1: set `apiVersion: openslo/v1`, and see its specification for the fields".into(),
            );
        }
        _ => return None,
    };
    let first = std::iter::once("set `apiVersion: openslo/v1`");
    let all: Vec<&str> = first.chain(changes.iter().copied()).collect();
    Some(format!("`abide import openslo` makes it OpenSLO v1; by hand: {}", all.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_changes_are_concrete() {
        let alpha = what_to_change("openslo/v1alpha", "SLO").unwrap();
        for word in ["ratioMetrics", "counter", "timeWindow", "metricSource", "openslo/v1"] {
            assert!(alpha.contains(word), "{word}: {alpha}");
        }
        let second = what_to_change("openslo.com/v2alpha", "SLO").unwrap();
        assert!(second.contains("`sli` to `indicator`") && second.contains("metricSourceRef"), "{second}");
        assert!(what_to_change("openslo/v9", "SLO").is_some());
        assert_eq!(what_to_change("foo", "Service"), None);
    }
}
