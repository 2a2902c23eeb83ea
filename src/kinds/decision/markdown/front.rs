//! Whether a Markdown file is a spec: told from its bytes, before anybody parses it.

/// What a file of text may begin with.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Whether a file that begins so may be a spec: its first line is the dashes of front matter. Eight bytes are enough.
pub fn may_be_spec(first: &[u8]) -> bool {
    let first = first.strip_prefix(MARK).unwrap_or(first);
    first.strip_prefix(b"---").is_some_and(|rest| rest.first().is_none_or(u8::is_ascii_whitespace))
}

/// Whether Markdown is a spec: its front matter has `apiVersion` at its root. Every other page is nobody's business.
///
/// A page may begin with a rule of dashes too, and quote YAML further down. So what stands before the key must look like front
/// matter, and front matter that nobody closed ends with its first paragraph.
pub fn is_spec(bytes: &[u8]) -> bool {
    if !may_be_spec(bytes) {
        return false;
    }
    let mut lines = bytes.split(|byte| *byte == b'\n').skip(1).map(<[u8]>::trim_ascii_end);
    let (mut indent, mut paragraph, mut flow) = (None, true, false);
    while let Some(line) = lines.next().filter(|line| !closes(line)) {
        let words = line.trim_ascii_start();
        if words.is_empty() || words.starts_with(b"#") {
            paragraph &= !words.is_empty();
            continue;
        }
        flow |= indent.is_none() && words.starts_with(b"{");
        let depth = line.len() - words.len();
        let is_root = depth <= *indent.get_or_insert(depth);
        if (is_root && is_version(words)) || (flow && words.windows(VERSION.len()).any(|part| part == VERSION)) {
            return paragraph || lines.any(closes);
        }
        if is_root && !flow && !looks_like_front_matter(words) {
            return false;
        }
    }
    false
}

const VERSION: &[u8] = b"apiVersion";

fn closes(line: &[u8]) -> bool {
    matches!(line, b"---" | b"...")
}

/// Whether a line is the key, quoted or not.
fn is_version(line: &[u8]) -> bool {
    let quote = |byte: &u8| matches!(byte, b'"' | b'\'');
    let bare = line.strip_prefix(b"\"").or_else(|| line.strip_prefix(b"'")).unwrap_or(line);
    let Some(rest) = bare.strip_prefix(VERSION) else { return false };
    let rest = if rest.first().is_some_and(quote) { rest.get(1..).unwrap_or_default() } else { rest };
    rest.trim_ascii_start().starts_with(b":")
}

/// Whether a line at the root may be one of front matter: a key with or without value, an item, the end of a collection.
fn looks_like_front_matter(line: &[u8]) -> bool {
    line.ends_with(b":")
        || line.windows(2).any(|pair| pair == b": ")
        || line == b"-"
        || line.starts_with(b"- ")
        || line.starts_with(b"]")
        || line.starts_with(b"}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_with_a_version_at_its_root_is_a_spec() {
        for text in [
            "---\napiVersion: abide.dev/v1\n---\n# A\n",
            "\u{feff}---\r\napiVersion: abide.dev/v1\r\n---\r\n",
            "--- \n# a comment\n\nkind: Decision\ntags:\n- a\nx: [\n  b\n]\n'apiVersion' : abide.dev/v1\n...\n",
            "---\n  kind: Decision\n  \"apiVersion\": x\n---\n",
            "---\n{kind: Decision,\n apiVersion: x}\n---\n",
            "---\napiVersion: abide.dev/v1\nkind: Decision\n\n# Nobody closed it\n",
            "---\napiVersion: abide.dev/v1",
        ] {
            assert!(is_spec(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn every_other_page_is_none() {
        for text in [
            "",
            "---",
            "---\n---\n",
            "# A\n\n---\napiVersion: v1\n---\n",
            "----\napiVersion: v1\n---\n",
            "---\nstatus: accepted\ndate: 2026-01-01\n---\n# A\n\n```yaml\napiVersion: v1\n```\n",
            "---\nspec:\n  apiVersion: v1\n---\n",
            "---\n\n# A rule\n\ntext\n\n```yaml\napiVersion: v1\n---\nkind: x\n```\n",
            "---\nnote: a\n\n```yaml\napiVersion: v1\n---\n",
            "---\nnote: a\n\napiVersion: v1\n",
            "---\napiVersions: v1\n---\n",
        ] {
            assert!(!is_spec(text.as_bytes()), "{text}");
        }
        assert!(!is_spec(b"\x89PNG\r\n") && !is_spec(b"---\n\xff\xfe\0\n---\n"));
        assert!(is_spec(b"---\napiVersion: \xff\n---\n"));
    }

    #[test]
    fn eight_bytes_tell_what_is_worth_a_look() {
        assert!(may_be_spec(b"\xef\xbb\xbf---\r\n") && may_be_spec(b"---\napiV") && may_be_spec(b"---"));
        assert!(!may_be_spec(b"# Title") && !may_be_spec(b"--") && !may_be_spec(b"-----\n"));
    }
}
