//! What is wrong with a text before it is a spec.

super::entries! { YAML:
    YAML_SYNTAX "yaml/syntax" Error {
        "The text is no YAML: the parser cannot go on from here."
        "spec: {description: Watches}}"
        "Mend the line that is named; look at the line before it too, for a missing quote, bracket or space after a colon."
    }
    YAML_DUPLICATE_KEY "yaml/duplicate-key" Error {
        "A mapping has the same key twice. Some parsers take the last one silently, so nobody can tell which one was meant."
        "metadata: {name: one, name: two}"
        "Remove one of the two."
    }
    YAML_ALIAS "yaml/alias" Error {
        "Aliases stand for more nodes than the budget allows, or for one that is not there."
        "labels: *nowhere"
        "Write the value out."
    }
    YAML_TAG "yaml/tag" Error {
        "A node has a tag. Specs are plain data; tags of programming languages have no meaning here."
        "spec: !ruby/object {a: 1}"
        "Remove the tag."
    }
    YAML_MERGE_KEY "yaml/merge-key" Error {
        "`<<` merges mappings in YAML 1.1. YAML 1.2 has no such thing, and readers disagree about it."
        "metadata: {<<: *base, name: one}"
        "Write the fields out."
    }
    YAML_CHARACTER "yaml/character" Error {
        "The text holds a NUL or a control character that makes text look other than it is."
        "title: \"user\\u202Eadmin\""
        "Remove the character."
    }
    YAML_DEPTH "yaml/depth" Error {
        "The document is nested deeper than 64 levels."
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"
        "Flatten it; no spec needs more than ten."
    }
    YAML_KEY "yaml/key" Error {
        "A mapping has a key that is no text."
        "? [a, b]\n: 1"
        "Use a plain word as the key."
    }
    FILE_ENCODING "file/encoding" Error {
        "The file is not UTF-8."
        "title: caf\\xe9   # a byte of Latin-1"
        "Save it as UTF-8."
    }
    FILE_TOO_LARGE "file/too-large" Error {
        "The file is larger than 1 MiB."
        "# a file of 2 MiB"
        "Split it; specs are small."
    }
    FILE_UNREADABLE "file/unreadable" Error {
        "The file could not be read."
        "# a file without read permission"
        "Look at what the operating system says, and at the file's permissions."
    }
}
