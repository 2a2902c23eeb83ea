//! What is odd about a service level, although it can be read.

super::entries! { SLO:
    SLO_OP_ON_RATIO "slo/op-on-ratio" Warning {
        "An objective over a ratio has `op` or `value`. The specification's own examples have them, its Go SDK forbids them; they have no effect."
        "indicator: {spec: {ratioMetric: {}}}\nobjectives: [{op: gt, target: 0.99}]"
        "Remove them: the target alone says what must hold of a ratio."
    }
    SLO_NO_TIME_WINDOW "slo/no-time-window" Warning {
        "A service level without a time window cannot be evaluated. The specification lets it be left out, its Go SDK does not."
        "kind: SLO\nspec: {service: web, objectives: [{target: 0.99}]}   # no timeWindow"
        "Add one, for instance `timeWindow: [{duration: 30d, isRolling: true}]`."
    }
}
