//! What is wrong with a reference from one spec to another.

super::entries! { REFERENCE:
    REFERENCE_UNKNOWN "reference/unknown" Error {
        "A spec refers to one that is not there."
        "to: role/develper"
        "Correct the name, or add the spec that it means."
    }
    REFERENCE_KIND "reference/kind" Error {
        "A reference names a kind that cannot stand here, or no kind where one is needed."
        "to: decision/use-postgres"
        "Write it as `kind/name`, with one of the kinds that the message names."
    }
    REFERENCE_UNRESOLVED "reference/unresolved" Warning {
        "A spec refers to one that is not there, but some file of the tree cannot be read at all and may hold it."
        "to: role/developer   # while roles.yaml is broken"
        "Mend the file that cannot be read; this goes away with it unless the name is wrong too."
    }
    REFERENCE_SERVICE "reference/service" Warning {
        "No Service document defines the service that an SLO names, or that a Service says it depends on. OpenSLO does not demand one."
        "service: web"
        "Add a Service of that name, with its owner in the annotation abide.dev/owner."
    }
}
