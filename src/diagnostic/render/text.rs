//! For people: each finding with the line at fault, and a last line that says how it went.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Element, Group, Level as Title, Origin, Renderer, Snippet};

use super::{Diagnostic, Level, Report, Span, Telling, without_bom};
use crate::diagnostic::counted;

/// Longer lines are named and not shown: nobody reads them, and to look for a place in them again and again costs time.
const LONGEST_LINE: usize = 4096;

pub(super) fn render(
    report: &Report<'_>,
    telling: Option<&Telling>,
    color: bool,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() }.decor_style(DecorStyle::Ascii);
    for diagnostic in report.sorted() {
        writeln!(out, "{}\n", rendered(report, diagnostic, &renderer))?;
    }
    writeln!(out, "{}", telling.map_or_else(|| summary(report), |telling| visible(&telling.summary)))
}

/// How it went, in one line.
fn summary(report: &Report<'_>) -> String {
    let specs = counted(report.specs, "spec");
    let files = counted(report.files.len(), "file");
    let (errors, warnings) = (report.count(Level::Error), report.count(Level::Warning));
    let told: Vec<String> = [(errors, "error"), (warnings, "warning"), (report.count(Level::Info), "hint")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| counted(count, word))
        .collect();
    if errors + warnings > 0 {
        return format!("{} in {specs} ({files})", told.join(", "));
    }
    let verb = if report.specs == 1 { "is" } else { "are" };
    let hints = if told.is_empty() { String::new() } else { format!("; {}", told.join(", ")) };
    format!("{specs} in {files} {verb} valid{hints}")
}

fn rendered(report: &Report<'_>, diagnostic: &Diagnostic, renderer: &Renderer) -> String {
    let problem = &diagnostic.problem;
    let title = match problem.level {
        Level::Error => Title::ERROR,
        Level::Warning => Title::WARNING,
        Level::Info => Title::INFO,
    };
    let text = (report.texts)(&diagnostic.file);
    let shown = Shown::of(&diagnostic.file, problem.span, text.as_ref());
    let label = problem.label.as_deref().map(visible);
    let mut group = Group::with_title(title.primary_title(visible(&problem.message)).id(problem.entry.code))
        .element(shown.element(label.as_deref()));
    // A label stands under its line; where no line can be shown, it still helps.
    let label_alone = problem.label.as_deref().filter(|_| shown.line.is_none());
    if let Some(help) = problem.help.as_deref().or(label_alone) {
        group = group.element(Title::HELP.message(visible(help)));
    }
    if let Some(fix) = &problem.fix {
        group = group.element(Title::HELP.with_name("fix").message(visible(fix)));
    }
    let explain = format!("abide explain {}", problem.entry.code);
    group = group.element(Title::NOTE.with_name("explain").message(explain));
    let texts: Vec<_> = problem.related.iter().map(|related| (report.texts)(&related.file)).collect();
    let related = || problem.related.iter();
    let places: Vec<Shown<'_>> =
        related().zip(&texts).map(|(related, text)| Shown::of(&related.file, related.span, text.as_ref())).collect();
    let beside = related().zip(&places).map(|(related, shown)| {
        Group::with_title(Title::NOTE.secondary_title(visible(&related.message))).element(shown.element(None))
    });
    let groups: Vec<Group<'_>> = std::iter::once(group).chain(beside).collect();
    renderer.render(&groups)
}

/// Text from specs, with signs in place of characters that a terminal would take as commands.
fn visible(text: &str) -> String {
    let sign = |c: char| match c {
        '\n' | '\t' => c,
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => char::REPLACEMENT_CHARACTER,
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    text.chars().map(sign).collect()
}

/// A place and, where it is at hand, the line that it is on.
struct Shown<'t> {
    file: String,
    span: Span,
    line: Option<(&'t str, Range<usize>)>,
}

impl<'t> Shown<'t> {
    fn of(file: &str, span: Span, text: Option<&'t Arc<str>>) -> Self {
        Self { file: visible(file), span, line: text.and_then(|text| line_at(without_bom(text), span)) }
    }

    fn element<'a>(&'a self, label: Option<&'a str>) -> Element<'a> {
        let number = self.span.line.max(1) as usize;
        match &self.line {
            Some((line, range)) => Snippet::source(*line)
                .line_start(number)
                .path(&*self.file)
                .annotation(AnnotationKind::Primary.span(range.clone()).label(label))
                .into(),
            None => Origin::path(&*self.file).line(number).char_column(self.span.column.max(1) as usize).into(),
        }
    }
}

/// The line on which a span begins, and the part of the span that is on it. None where the text is not the one that the
/// span was taken from, or the line is empty or too long to be shown.
fn line_at(text: &str, span: Span) -> Option<(&str, Range<usize>)> {
    let Range { start, end } = span.range(text.len());
    let (before, after) = (text.get(..start)?, text.get(start..)?);
    let begin = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let stop = start + after.find(['\n', '\r']).unwrap_or(after.len());
    let line = text.get(begin..stop)?;
    if line.is_empty() || line.len() > LONGEST_LINE {
        return None;
    }
    let mut end = end.min(stop);
    while !text.is_char_boundary(end) {
        end += 1;
    }
    Some((line, start - begin..end.max(start) - begin))
}
