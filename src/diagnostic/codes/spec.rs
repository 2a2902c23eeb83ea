//! What is wrong with the shape of a spec.

super::entries! { SPEC:
    SPEC_SHAPE "spec/shape" Error {
        "A document is no mapping with apiVersion, kind, metadata and spec."
        "- just\n- a list of words"
        "Begin with `apiVersion: abide.dev/v1` and `kind:`. `abide new KIND NAME` writes a whole one."
    }
    SPEC_API_VERSION "spec/api-version" Error {
        "The apiVersion is not one that Abide reads: abide.dev/v1 for its own kinds, openslo/v1 for service levels."
        "apiVersion: openslo/v1alpha\nkind: Service"
        "Use the version that the message names, and change the fields that it lists."
    }
    SPEC_KIND "spec/kind" Error {
        "No kind has this name, or it belongs to another apiVersion."
        "apiVersion: abide.dev/v1\nkind: Descision"
        "Use one of the kinds that `abide explain` lists."
    }
    SPEC_NAME "spec/name" Error {
        "A name is no RFC 1123 label: lower-case letters, digits and inner hyphens, at most 63."
        "metadata: {name: Use Postgres}"
        "Write it like `use-postgres`, and put the readable form into `metadata.title`."
    }
    SPEC_MISSING_FIELD "spec/missing-field" Error {
        "A field that the kind requires is not there."
        "apiVersion: abide.dev/v1\nkind: Decision\nmetadata: {name: a}\nspec: {status: accepted}   # no date"
        "Add the field. `abide new KIND NAME` shows every field."
    }
    SPEC_UNKNOWN_FIELD "spec/unknown-field" Error {
        "The kind has no such field. A misspelt field would otherwise be silently without effect."
        "metadata: {name: a, labelz: {team: core}}"
        "Correct the name or remove the field."
    }
    SPEC_WRONG_TYPE "spec/wrong-type" Error {
        "The value is of another type than the field: a list where a text belongs, `yes` where true or false belongs."
        "owner: [1, 2]"
        "Write a value of the type that the message names. A text that looks like a number needs quotes."
    }
    SPEC_VALUE "spec/value" Error {
        "The value is of the right type but cannot be meant: a duration that is none, a figure out of its range."
        "validFor: soon"
        "Write a value as the message asks."
    }
    SPEC_EXCLUSIVE "spec/exclusive" Error {
        "Fields exclude each other, or exactly one of several is needed."
        "require: {role: architect, people: [agent/cto]}"
        "Keep exactly one of the fields that the message names."
    }
    SPEC_DUPLICATE "spec/duplicate" Error {
        "Two specs of one kind have the same name. Neither is read, because nobody can tell which one was meant."
        "kind: Role\nmetadata: {name: qa}\n---\nkind: Role\nmetadata: {name: qa}"
        "Rename or remove one of them."
    }
    SPEC_EMPTY_LIST "spec/empty-list" Error {
        "A list is given but empty, so that it would match nothing."
        "select: {types: []}"
        "Remove the field to match everything, or list what it should match."
    }
}
