//! For pull requests: workflow commands, which GitHub Actions turns into annotations.

use std::io;

use super::{Diagnostic, Level, Report, paragraph};

pub(super) fn render(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    report.sorted().into_iter().try_for_each(|diagnostic| command(report, diagnostic, out))
}

fn command(report: &Report<'_>, diagnostic: &Diagnostic, out: &mut dyn io::Write) -> io::Result<()> {
    let problem = &diagnostic.problem;
    let region = report.region(&diagnostic.file, problem.span);
    let command = match problem.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "notice",
    };
    writeln!(
        out,
        "::{command} file={},line={},endLine={},col={},endColumn={},title={}::{}",
        property(&diagnostic.file),
        region.begin.line,
        region.end.line,
        region.begin.column,
        region.end.column,
        property(problem.entry.code),
        data(&paragraph(problem)),
    )
}

/// Text after `::` ends at a line break, and `%` begins an escape.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property ends at a comma as well, and the properties at a colon.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_can_begin_a_command_or_a_property() {
        assert_eq!(data("100%\r\n::error::x"), "100%25%0D%0A::error::x");
        assert_eq!(property("a,b:c%"), "a%2Cb%3Ac%25");
    }
}
