//! Which field of a spec a section of a record goes to.

use super::Section;

/// The text of a record by fields of a spec.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Slots {
    /// Why a decision was needed.
    pub context: String,
    /// What was decided.
    pub decision: String,
    /// What weighed.
    pub drivers: Vec<String>,
    /// What could have been done.
    pub options: Vec<String>,
    /// What gets better.
    pub good: Vec<String>,
    /// What gets worse.
    pub bad: Vec<String>,
    /// What changes.
    pub neutral: Vec<String>,
    /// What has no field, each with its heading.
    pub others: String,
    /// Where each field begins: its name, and the line of the first section that it is made of.
    pub lines: Vec<(&'static str, u32)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Slot {
    Context,
    Decision,
    Drivers,
    Options,
    Consequences,
    Good,
    Bad,
    Other,
}

fn slot(section: &Section) -> Slot {
    match &*section.name() {
        "context" | "context and problem statement" | "problem statement" | "problem" | "background" | "issue" => {
            Slot::Context
        }
        "decision" | "decision outcome" | "the decision" => Slot::Decision,
        "decision drivers" | "drivers" | "forces" => Slot::Drivers,
        "considered options"
        | "options"
        | "alternatives"
        | "alternatives considered"
        | "options considered"
        | "considered alternatives" => Slot::Options,
        "consequences" => Slot::Consequences,
        "positive consequences" => Slot::Good,
        "negative consequences" => Slot::Bad,
        _ => Slot::Other,
    }
}

impl Slot {
    /// The field of a spec.
    const fn field(self) -> Option<&'static str> {
        match self {
            Self::Context => Some("context"),
            Self::Decision => Some("decision"),
            Self::Drivers => Some("drivers"),
            Self::Options => Some("options"),
            Self::Consequences | Self::Good | Self::Bad => Some("consequences"),
            Self::Other => None,
        }
    }
}

impl Slots {
    /// Of the text before the first section of a record, and its sections. Nothing of its text is lost.
    pub fn of(preamble: &Section, sections: &[Section]) -> Self {
        let mut slots = Self::default();
        append(&mut slots.context, &preamble.text);
        if !slots.context.is_empty() {
            let blank = preamble.text.lines().take_while(|line| line.trim().is_empty()).count();
            slots.said(Slot::Context, preamble.first.saturating_add(u32::try_from(blank).unwrap_or_default()));
        }
        let mut last = (Slot::Other, 0);
        for section in sections {
            let own = slot(section);
            // What stands deeper in a section that is a text is a part of that text.
            if own == Slot::Other && section.level > last.1 && matches!(last.0, Slot::Context | Slot::Decision) {
                let text = headed(section);
                append(if last.0 == Slot::Context { &mut slots.context } else { &mut slots.decision }, &text);
                continue;
            }
            slots.put(own, section);
            last = (own, section.level);
        }
        slots
    }

    /// The context, and behind it what has no field.
    pub fn whole_context(&self) -> String {
        let mut whole = self.context.clone();
        append(&mut whole, &self.others);
        whole
    }

    /// The line on which a field begins, where the text has it.
    pub fn line(&self, field: &str) -> Option<u32> {
        self.lines.iter().find(|(name, _)| *name == field).map(|(_, line)| *line)
    }

    fn said(&mut self, slot: Slot, line: u32) {
        if let Some(field) = slot.field().filter(|field| self.line(field).is_none()) {
            self.lines.push((field, line));
        }
    }

    fn put(&mut self, slot: Slot, section: &Section) {
        let listed = items(&section.text);
        match (slot, listed) {
            (Slot::Context, _) if self.context.is_empty() || section.name() == "context" => {
                append(&mut self.context, &section.text);
            }
            (Slot::Decision, _) if self.decision.is_empty() => append(&mut self.decision, &section.text),
            (Slot::Drivers, Some(items)) => self.drivers.extend(items),
            (Slot::Options, Some(items)) => self.options.extend(items),
            (Slot::Good, Some(items)) => self.good.extend(items),
            (Slot::Bad, Some(items)) => self.bad.extend(items),
            (Slot::Consequences, Some(items)) => items.into_iter().for_each(|item| self.consequence(item)),
            (Slot::Consequences, None) if !section.text.trim().is_empty() => {
                self.neutral.push(section.text.trim().to_owned());
            }
            (Slot::Consequences, None) => {}
            _ => return append(&mut self.others, &headed(section)),
        }
        if !section.text.trim().is_empty() {
            self.said(slot, section.line);
        }
    }

    fn consequence(&mut self, item: String) {
        let lower = item.trim_start_matches(['*', '_', ' ']).to_lowercase();
        let list = if lower.starts_with("good,") || lower.starts_with("good:") {
            &mut self.good
        } else if lower.starts_with("bad,") || lower.starts_with("bad:") {
            &mut self.bad
        } else {
            &mut self.neutral
        };
        list.push(item);
    }
}

fn headed(section: &Section) -> String {
    format!("{} {}\n\n{}", "#".repeat(section.level), section.title, section.text.trim())
}

fn append(to: &mut String, text: &str) {
    let text = text.trim_matches(['\n', '\r']).trim_end();
    if text.trim().is_empty() {
        return;
    }
    if !to.is_empty() {
        to.push('\n');
    }
    to.push_str(text);
    to.push('\n');
}

/// The items of a text that is one flat list and nothing else.
fn items(text: &str) -> Option<Vec<String>> {
    let mut all: Vec<String> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        match (line.strip_prefix("* ").or_else(|| line.strip_prefix("- ")), all.last_mut()) {
            (Some(item), _) => all.push(item.trim().to_owned()),
            (None, Some(item)) if line.starts_with(' ') => {
                item.push('\n');
                item.push_str(line.trim_end());
            }
            _ => return None,
        }
    }
    (!all.is_empty()).then_some(all)
}
