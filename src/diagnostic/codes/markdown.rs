//! What is wrong with a decision that stays Markdown.

super::entries! { MARKDOWN:
    MARKDOWN_NO_SPEC "markdown/no-spec" Error {
        "A Markdown file was named that is no spec: it does not begin with front matter that has `apiVersion`. Pages of that sort are passed over as long as nobody names them."
        "# Use PostgreSQL\n\nStatus: accepted"
        "Begin it with `---`, `apiVersion: abide.dev/v1`, `kind: Decision`, metadata, spec and `---`; or have `abide import adr` make a spec of it."
    }
    MARKDOWN_UNCLOSED "markdown/unclosed" Error {
        "The front matter of a decision has no end, so that nobody can tell where its text begins."
        "---\napiVersion: abide.dev/v1\nkind: Decision\n\n# Use PostgreSQL"
        "Close it with a line of three dashes."
    }
    MARKDOWN_KIND "markdown/kind" Error {
        "A spec of another kind is written in Markdown. Only a Decision has a text that people write and read as a page."
        "---\napiVersion: abide.dev/v1\nkind: Role\nmetadata: {name: developer}\n---"
        "Write it as YAML in the spec folder."
    }
    MARKDOWN_SAID_TWICE "markdown/said-twice" Warning {
        "A decision in Markdown says something in its front matter and, otherwise, in its text or its file's name. The front matter counts, and readers see the other."
        "---\nspec: {decision: PostgreSQL}\n---\n## Decision Outcome\n\nSQLite"
        "Keep one of the two."
    }
}
