//! What is odd about a service level, although it can be read.

super::entries! { SLO:
    SLO_OP_ON_RATIO "slo/op-on-ratio" Warning {
        "An objective over a ratio has `op` or `value`. The specification's own examples have them, its Go SDK forbids them; they have no effect."
        "indicator: {spec: {ratioMetric: {}}}\nobjectives: [{op: gt, target: 0.99}]"
        "Remove them: the target alone says what must hold of a ratio."
    }
    SLO_NO_QUERY "slo/no-query" Warning {
        "A metric of a source that is asked a query, `prometheus` or `abide.dev/sql`, has none. OpenSLO lets a source say anything; without a query Abide cannot evaluate the SLO, and shows it so."
        "metricSource: {type: prometheus, spec: {metric: up}}"
        "Write the question as `spec: {query: …}`."
    }
    SLO_NOT_COMPUTABLE "slo/not-computable" Info {
        "An objective can be read and not be computed, whatever its source says: its parts do not fit together. Abide shows it as one that cannot be evaluated."
        "thresholdMetric: {metricSource: {type: abide.dev/sql, spec: {query: SELECT 1}}}   # without :from and :to"
        "The message says what does not fit."
    }
    SLO_NO_TIME_WINDOW "slo/no-time-window" Warning {
        "A service level without a time window cannot be evaluated. The specification lets it be left out, its Go SDK does not."
        "kind: SLO\nspec: {service: web, objectives: [{target: 0.99}]}   # no timeWindow"
        "Add one, for instance `timeWindow: [{duration: 30d, isRolling: true}]`."
    }
    SLO_UNREACHABLE_BURN "slo/unreachable-burn" Info {
        "A burn rate that is written out can never be exceeded. When everything is bad, a budget of 1 - target burns at a rate of 1 / (1 - target), and nothing burns faster."
        "burnRates: [{factor: 14.4, long: 1h, short: 5m}]   # over a target of 0.9, that burns at 10 at most"
        "Lower the factor below the rate that the message names, or set a tighter target."
    }
    SLO_TARGET_NO_EFFECT "slo/target-no-effect" Info {
        "A target holds whatever happens, because it is 0; or one bad slice of time spends more than the whole budget, so that the target asks for no bad slice at all."
        "timeWindow: [{duration: 1d, isRolling: true}]\nobjectives: [{target: 0.9999, timeSliceWindow: 1m}]   # the budget is 0.144 slices"
        "Set a target that leaves a budget of at least one slice, or take shorter slices or a longer window."
    }
    SLO_WINDOW_BEYOND_DATA "slo/window-beyond-data" Info {
        "The window of a service level, or the longest over which its burn is looked at, is longer than its source keeps data: `[limits] kept` in abide.toml says it of tasks, `retention` in the connectionDetails of a DataSource of Prometheus."
        "connectionDetails: {url: http://prometheus:9090, retention: 15d}   # of a source over whose data an SLO has a window of 30d"
        "Shorten the window, or keep the data for longer."
    }
    SLO_NO_OWNER "slo/no-owner" Info {
        "Nobody owns a service level: it has no owner, its Service has none, and neither has the catalog. Its remediation tasks go to nobody."
        "metadata: {name: checkout}   # no annotation abide.dev/owner"
        "Name an owner in the annotation abide.dev/owner of the SLO or of its Service, or for all specs as `[specs] owner` in abide.toml."
    }
    SLO_UNUSED_SLI "slo/unused-sli" Info {
        "No SLO refers to an SLI, so that nobody measures it."
        "kind: SLI\nmetadata: {name: latency}   # and no `indicatorRef: latency`"
        "Refer to it with `indicatorRef`, or remove it."
    }
    SLO_UNUSED_ALERT_POLICY "slo/unused-alert-policy" Info {
        "Nothing refers to an AlertPolicy, an AlertCondition or an AlertNotificationTarget, so that it has no effect."
        "kind: AlertPolicy\nmetadata: {name: pages}   # and no SLO with `alertPolicies: [pages]`"
        "Refer to it where it should hold, or remove it."
    }
    SLO_SILENT_ALERT_POLICY "slo/silent-alert-policy" Info {
        "An alert policy never alerts: alertWhenBreaching, alertWhenResolved and alertWhenNoData are all false, which is what they are where they are left out."
        "kind: AlertPolicy\nspec: {conditions: [{conditionRef: fast}]}   # no flag"
        "Set `alertWhenBreaching: true`, or remove the policy."
    }
    SLO_TIGHTER_THAN_DEPENDENCY "slo/tighter-than-dependency" Info {
        "An objective promises more than one of the same sort of a service that its own service depends on. A service cannot be better than what it cannot do without: the dependency may keep its promise and break this one."
        "annotations: {abide.dev/depends-on: database}   # of a Service with a target of 0.999, where database has 0.99"
        "Lower this target, raise that of the dependency, or make the service do without it and remove it from abide.dev/depends-on."
    }
    SLO_LOOSER_THAN_DEPENDENCY "slo/looser-than-dependency" Info {
        "An objective asks for less than one of the same sort of a service that its own service depends on, and no other service depends on that one. A dependency has to be somewhat better than what rests on it; beyond that, nobody needs what it promises."
        "annotations: {abide.dev/depends-on: database}   # of a Service with a target of 0.9, where database has 0.999"
        "Raise this target if the service is in fact better, or lower that of the dependency. Leave both where the distance is meant."
    }
    SLO_UNUSED_FIELD "slo/unused-field" Info {
        "What is asked of a source has a field that Abide does not know for that type of source: it has no effect."
        "metricSource: {type: prometheus, spec: {query: up, queryType: range}}"
        "Remove the field, or correct its name."
    }
}
