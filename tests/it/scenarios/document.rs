//! Markdown as headings and fenced blocks.

use abide::model::Duration;

/// A part of a document, in the order in which it stands there.
pub(super) enum Chunk {
    /// Prose and headings, with their line breaks.
    Text(String),
    /// A fenced block.
    Fence {
        /// What stands behind the opening fence.
        info: String,
        /// What it holds, each line with its break.
        body: String,
        /// The line of its opening fence, from 1.
        line: usize,
    },
}

/// A heading that means something.
pub(super) enum Heading {
    /// Of an organisation of its own.
    Begin(String),
    /// Of a later moment of the same.
    Later(Duration),
}

pub(super) fn parse(text: &str) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut open: Option<Chunk> = None;
    for (n, line) in text.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (Some(Chunk::Fence { .. }), Some(_)) => chunks.extend(open.take()),
            (Some(Chunk::Fence { body: lines, .. }), None) | (Some(Chunk::Text(lines)), None) => {
                lines.extend([line, "\n"]);
            }
            (_, Some(info)) => {
                chunks.extend(open.take());
                open = Some(Chunk::Fence { info: info.trim().to_owned(), body: String::new(), line: n + 1 });
            }
            (None, None) => open = Some(Chunk::Text(format!("{line}\n"))),
        }
    }
    chunks.extend(open);
    chunks
}

pub(super) fn text(chunks: &[Chunk]) -> String {
    let text = |chunk: &Chunk| match chunk {
        Chunk::Text(text) => text.clone(),
        Chunk::Fence { info, body, .. } => format!("```{info}\n{body}```\n"),
    };
    chunks.iter().map(text).collect()
}

pub(super) fn headings(text: &str) -> impl Iterator<Item = Heading> {
    text.lines().filter_map(|line| {
        if let Some(title) = line.strip_prefix("# ") {
            return Some(Heading::Begin(title.to_owned()));
        }
        let title = line.strip_prefix("## ")?.trim_end();
        let by = title.strip_suffix(')').and_then(|rest| rest.rsplit_once("(+"));
        Some(Heading::Later(by.map_or_else(Duration::default, |(_, by)| by.parse().unwrap())))
    })
}
