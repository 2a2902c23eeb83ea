//! Fills a document with what the text below it says.

use std::borrow::Cow;

use super::super::records::{Body, Slots};
use crate::diagnostic::{Problem, Span, codes};
use crate::yaml::{Node, Value};

/// Adds what the front matter does not say. What both say is told; the front matter counts.
pub(super) fn fill(document: &mut Node<'_>, body: Body, text: &str) -> Vec<Problem> {
    let mut filling = Filling { text, said_twice: Vec::new() };
    let Body { title, number, slots } = body;
    if let (Some(metadata), Some((title, line))) = (mapping(document, "metadata"), title) {
        filling.title(metadata, title, line);
    }
    if let Some(spec) = mapping(document, "spec") {
        filling.number(spec, number);
        filling.slots(spec, &slots);
    }
    filling.said_twice
}

/// The field of a document, where it is a mapping: what is wrong with any other is told when it is decoded.
fn mapping<'n, 't>(document: &'n mut Node<'t>, field: &str) -> Option<&'n mut Node<'t>> {
    document.get_mut(field).filter(|node| matches!(node.value, Value::Map(_)))
}

struct Filling<'x> {
    text: &'x str,
    said_twice: Vec<Problem>,
}

impl Filling<'_> {
    fn title(&mut self, metadata: &mut Node<'_>, title: String, line: u32) {
        let at = line_span(self.text, line);
        match metadata.get("title") {
            None => add(metadata, "title", text(title, at)),
            Some(given) if given.text() == Some(&title) => {}
            Some(given) => {
                let message = "the front matter has another title than the heading";
                self.tell(message.into(), at, given.span);
            }
        }
    }

    fn number(&mut self, spec: &mut Node<'_>, number: Option<u32>) {
        let Some(number) = number else { return };
        let at = spec.span;
        match spec.get("number") {
            None => {
                let value = Value::Scalar { text: Cow::Owned(number.to_string()), plain: true };
                add(spec, "number", Node { id: 0, span: at, value });
            }
            Some(given) if given.text().and_then(|text| text.parse().ok()) == Some(number) => {}
            Some(given) => {
                let message = format!("the file is called number {number}, and this is another");
                let problem = Problem::new(&codes::MARKDOWN_SAID_TWICE, given.span, message);
                self.said_twice.push(problem.help("what stands here counts").fix("keep one of the two"));
            }
        }
    }

    fn slots(&mut self, spec: &mut Node<'_>, slots: &Slots) {
        self.context(spec, slots);
        let span = |field: &str| line_span(self.text, slots.line(field).unwrap_or(1));
        let (drivers, options, follows) = (span("drivers"), span("options"), span("consequences"));
        let decision = (!slots.decision.is_empty()).then(|| text(slots.decision.clone(), span("decision")));
        self.field(spec, "decision", decision, slots);
        let items = |items: &[String], at: Span| {
            let items = items.iter().map(|item| text(item.clone(), at)).collect::<Vec<_>>();
            (!items.is_empty()).then(|| Node::list_at(items, at))
        };
        self.field(spec, "drivers", items(&slots.drivers, drivers), slots);
        let choices: Vec<Node<'_>> =
            slots.options.iter().map(|option| map([("title", Some(text(option.clone(), options)))], options)).collect();
        self.field(spec, "options", (!choices.is_empty()).then(|| Node::list_at(choices, options)), slots);
        let lists = [("good", &slots.good), ("bad", &slots.bad), ("neutral", &slots.neutral)];
        let any = lists.iter().any(|(_, list)| !list.is_empty());
        let consequences = any.then(|| map(lists.map(|(name, list)| (name, items(list, follows))), follows));
        self.field(spec, "consequences", consequences, slots);
    }

    /// The context also keeps what has no field, whoever says the rest of it.
    fn context(&mut self, spec: &mut Node<'_>, slots: &Slots) {
        let at = line_span(self.text, slots.line("context").unwrap_or(1));
        let whole = slots.whole_context();
        let given = spec.get("context").map(|given| (given.text().map(str::to_owned), given.span));
        match given {
            None if whole.is_empty() => {}
            None => add(spec, "context", text(whole, at)),
            Some((given, span)) => {
                if slots.line("context").is_some() {
                    self.tell(twice("context"), at, span);
                }
                if let (Some(given), Some(node), false) = (given, spec.get_mut("context"), slots.others.is_empty()) {
                    *node = text(format!("{}\n\n{}", given.trim_end(), slots.others), span);
                }
            }
        }
    }

    fn field<'t>(&mut self, spec: &mut Node<'t>, name: &'static str, value: Option<Node<'t>>, slots: &Slots) {
        let Some(value) = value else { return };
        match spec.get(name).map(|given| given.span) {
            None => add(spec, name, value),
            Some(given) => self.tell(twice(name), line_span(self.text, slots.line(name).unwrap_or(1)), given),
        }
    }

    fn tell(&mut self, message: String, at: Span, given: Span) {
        let problem = Problem::new(&codes::MARKDOWN_SAID_TWICE, at, message);
        let help = format!("line {} of the front matter counts", given.line);
        self.said_twice.push(problem.help(help).fix("keep one of the two"));
    }
}

fn twice(field: &str) -> String {
    format!("this section is the field `{field}`, which the front matter has too")
}

/// A text as a block scalar would have it: line breaks are of one kind.
fn text<'t>(text: String, at: Span) -> Node<'t> {
    Node::text_at(if text.contains('\r') { text.replace("\r\n", "\n") } else { text }, at)
}

fn map<'t, const N: usize>(fields: [(&'static str, Option<Node<'t>>); N], at: Span) -> Node<'t> {
    let fields = fields.into_iter().filter_map(|(name, value)| Some((Node::text_at(name, at), value?)));
    Node::map_at(fields.collect(), at)
}

fn add<'t>(node: &mut Node<'t>, name: &'static str, value: Node<'t>) {
    let key = Node::text_at(name, value.span);
    if let Value::Map(entries) = &mut node.value {
        entries.push((key, value));
    }
}

/// A line of a text as a place.
fn line_span(text: &str, line: u32) -> Span {
    let mut start = 0;
    for (number, whole) in (1..).zip(text.split_inclusive('\n')) {
        if number == line {
            let end = start + whole.trim_end().len();
            let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            return Span { start: byte(start), end: byte(end), line, column: 1 };
        }
        start += whole.len();
    }
    Span { start: 0, end: 0, line: 1, column: 1 }
}
