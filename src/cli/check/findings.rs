//! From verdicts to findings: each place at fault is one, with what is wanted there and who wants it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::asks::{Ask, Asks};
use super::code::Code;
use super::lines::Lines;
use super::verdict::{Broken, Verdict};
use crate::catalog::UnreadSpec;
use crate::diagnostic::render::Case;
use crate::diagnostic::{Diagnostic, Level, Problem, Span, codes};
use crate::model::{CodeMatch, Kind, Name, NoAnswer, Severity};

/// The texts of files, by their name in reports.
pub(super) type Texts = BTreeMap<Arc<str>, Arc<str>>;

/// What was found.
#[derive(Default)]
pub(super) struct Findings {
    /// Each.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The same by rule, and by what could not be read.
    pub(super) cases: Vec<Case>,
    /// How many specs could not be read that may say something of this.
    pub(super) unread: usize,
}

/// The texts of the files in which something may be shown.
pub(super) fn texts(asks: &Asks<'_>, verdicts: &[Verdict], code: &mut Code) -> Texts {
    let catalog = asks.catalog;
    let specs = asks.rules.iter().map(|ask| &ask.spec.place.file).chain(catalog.unread.iter().map(|it| &it.file));
    let mut texts: Texts = specs.filter_map(|file| Some((code.spec_file(file), catalog.text(file)?.clone()))).collect();
    let mut wanted: BTreeMap<Option<&Name>, BTreeSet<Arc<str>>> = BTreeMap::new();
    for (verdict, ask) in verdicts.iter().zip(&asks.rules) {
        if let Verdict::Broken(broken) = verdict {
            let files = broken.places.iter().map(|place| place.file.clone());
            wanted.entry(ask.repository()).or_default().extend(files);
        }
    }
    for (repository, files) in wanted {
        let read = code.texts(repository, &files);
        texts.extend(read.into_iter().map(|(file, text)| (code.code_file(repository, &file), text)));
    }
    texts
}

impl Findings {
    /// Everything that the verdicts say, and what could not be read.
    pub(super) fn of(asks: &Asks<'_>, verdicts: &[Verdict], code: &Code, texts: &Texts) -> Self {
        let mut findings = Self::default();
        let mut teller = Teller { code, texts, lines: BTreeMap::new() };
        for (verdict, ask) in verdicts.iter().zip(&asks.rules) {
            let told = match verdict {
                Verdict::Holds => Vec::new(),
                Verdict::Unknown(none) => vec![teller.unknown(ask, none)],
                Verdict::Broken(broken) => teller.broken(ask, broken),
            };
            findings.add(format!("{} {}", ask.spec.id, ask.rule.id.value), told);
        }
        for unread in asks.catalog.unread.iter().filter(|unread| matters(unread, code.about())) {
            let name = unread.spec.as_ref().map_or_else(|| unread.file.to_string(), ToString::to_string);
            findings.unread += 1;
            findings.add(format!("{name} can be read"), vec![teller.unread(unread)]);
        }
        findings
    }

    fn add(&mut self, name: String, told: Vec<Diagnostic>) {
        let first = self.diagnostics.len();
        self.diagnostics.extend(told);
        self.cases.push(Case { name, findings: (first..self.diagnostics.len()).collect() });
    }
}

/// Whether rules may be missing, or a place to look, because that spec cannot be read.
fn matters(unread: &UnreadSpec, about: Option<&Name>) -> bool {
    match &unread.spec {
        None => true,
        Some(spec) if spec.kind == Kind::Repository => about.is_none_or(|about| *about == spec.name),
        Some(spec) => spec.kind == Kind::Decision,
    }
}

/// Puts verdicts into words.
struct Teller<'a> {
    code: &'a Code,
    texts: &'a Texts,
    lines: BTreeMap<Arc<str>, Lines<'a>>,
}

impl<'a> Teller<'a> {
    fn broken(&mut self, ask: &Ask<'_>, broken: &Broken) -> Vec<Diagnostic> {
        let mut told: Vec<Diagnostic> = broken.places.iter().map(|place| self.at(ask, broken, place)).collect();
        if broken.missing {
            told.push(self.missing(ask, broken));
        }
        told
    }

    /// A place that is against the rule.
    fn at(&mut self, ask: &Ask<'_>, broken: &Broken, place: &CodeMatch) -> Diagnostic {
        let file = self.code.code_file(ask.repository(), &place.file);
        let span = self.span(&file, place);
        let text = if place.text.is_empty() { &place.file } else { &place.text };
        let message = format!("`{}` is against {}", text.trim(), ask.title());
        let (rule, wanted) = (self.place(ask), &broken.drift.desired);
        let problem = problem(broken, span, message)
            .help(format!("{rule} wants that {wanted}"))
            .fix(broken.drift.fix.how.as_str())
            .related(self.code.spec_file(&ask.spec.place.file), ask.rule.id.span, "the rule stands here");
        diagnostic(file, ask, problem)
    }

    /// What should be there and is not. There is no place to point to but the rule that wants it.
    fn missing(&self, ask: &Ask<'_>, broken: &Broken) -> Diagnostic {
        let evidence = &broken.drift.evidence;
        let message =
            format!("{} does not hold{}: {} {}", ask.title(), within(ask), evidence.question, evidence.answer);
        let wanted = &broken.drift.desired;
        let problem = problem(broken, ask.rule.id.span, message)
            .help(format!("{} wants that {wanted}", self.place(ask)))
            .fix(broken.drift.fix.how.as_str());
        diagnostic(self.code.spec_file(&ask.spec.place.file), ask, problem)
    }

    fn unknown(&self, ask: &Ask<'_>, none: &NoAnswer) -> Diagnostic {
        let message = format!("nobody can tell whether {} holds{}: {}", ask.title(), within(ask), none.reason);
        let help = "what is unknown is not taken for fine";
        let problem = Problem::new(&codes::DECISION_RULE_UNKNOWN, ask.rule.id.span, message).help(help);
        diagnostic(self.code.spec_file(&ask.spec.place.file), ask, problem)
    }

    /// A spec that may have rules, or say where code is, and cannot be read as it is.
    fn unread(&mut self, unread: &UnreadSpec) -> Diagnostic {
        let name = unread.spec.as_ref().map_or_else(|| "a part of this file".into(), ToString::to_string);
        let counts = match &unread.spec {
            _ if unread.kept => "its last readable version counts",
            Some(spec) if spec.kind == Kind::Repository => "where its code is is not known",
            _ => "its rules are not known",
        };
        let file = self.code.spec_file(&unread.file);
        let place = CodeMatch { file: unread.file.clone(), line: Some(unread.line), text: "".into() };
        let span = self.span(&file, &place);
        let message = format!("{name} cannot be read, so {counts}: {}", unread.message);
        let problem =
            Problem::new(&codes::DECISION_RULE_UNKNOWN, span, message).fix("mend it; `abide validate` says how");
        Diagnostic { file, spec: unread.spec.as_ref().map(|spec| spec.to_string().into()), problem }
    }

    /// The rule's file and line.
    fn place(&self, ask: &Ask<'_>) -> String {
        format!("{}:{}", self.code.spec_file(&ask.spec.place.file), ask.rule.id.span.line)
    }

    /// The text at fault.
    fn span(&mut self, file: &Arc<str>, place: &CodeMatch) -> Span {
        let texts = self.texts;
        let text = || texts.get(file).map_or("", |text| text.as_ref());
        let lines = self.lines.entry(file.clone()).or_insert_with(|| Lines::of(text()));
        lines.span(place.line, &place.text)
    }
}

/// In which repository, for the middle of a sentence.
fn within(ask: &Ask<'_>) -> String {
    ask.repository().map_or_else(String::new, |name| format!(" in {name}"))
}

/// A finding that is as bad as the rule says; an accepted one fails nothing.
fn problem(broken: &Broken, span: Span, message: String) -> Problem {
    let level = match (&broken.waived, broken.drift.severity) {
        (Some(_), _) => Level::Info,
        (None, Severity::Low) => Level::Warning,
        (None, _) => Level::Error,
    };
    let message = match &broken.waived {
        Some(says) => format!("{message}; {says}"),
        None => message,
    };
    Problem { level, ..Problem::new(&codes::DECISION_RULE_BROKEN, span, message) }
}

fn diagnostic(file: Arc<str>, ask: &Ask<'_>, problem: Problem) -> Diagnostic {
    Diagnostic { file, spec: Some(ask.spec.id.to_string().into()), problem }
}
