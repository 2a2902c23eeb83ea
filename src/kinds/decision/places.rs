//! What a look at code amounts to for a demand: it holds, it is broken, or nobody can tell.

use super::{Layers, Rule as Demand, ValueAt};
use crate::model::{CodeMatch, CodeSeen, NoAnswer, Timestamp};

/// Places of one finding that a task lists; more would tell nobody more.
const MOST_LISTED: usize = 100;

/// What a demand found.
pub(super) struct Broken {
    pub(super) desired: String,
    pub(super) question: String,
    pub(super) answer: String,
    pub(super) how: String,
    pub(super) places: Vec<CodeMatch>,
}

/// What a condition of code says of itself.
struct Words {
    desired: String,
    question: String,
    /// Where places are at fault: what one of them is called, and many.
    called: (&'static str, &'static str),
    how: String,
}

/// Judges a demand by what was seen. What is broken already is broken whatever else there may be to read; what would hold
/// holds only where all was read.
pub(super) fn judge(demand: &Demand, seen: &CodeSeen, now: Timestamp) -> Result<Option<Broken>, NoAnswer> {
    let (found, wanted) = (!seen.places.is_empty(), demand.wants_places());
    if found && !wanted {
        return Ok(Some(at_places(words(demand), &seen.places)));
    }
    match seen.unread.first() {
        Some(first) if !found => Err(NoAnswer { reason: unread(first, seen.unread.len()).into(), since: now }),
        _ if found || !wanted => Ok(None),
        _ => Ok(Some(nowhere(words(demand)))),
    }
}

fn unread(first: &CodeMatch, count: usize) -> String {
    let more = if count == 1 { String::new() } else { format!(", and {} more like it", count - 1) };
    format!("{} cannot be read: {}{more}", place(first), first.text)
}

fn place(at: &CodeMatch) -> String {
    at.line.map_or_else(|| at.file.to_string(), |line| format!("{}:{line}", at.file))
}

fn at_places(words: Words, places: &[CodeMatch]) -> Broken {
    let (one, many) = words.called;
    let said = match places {
        [only] => format!("one {one}, at {}: {}", place(only), only.text.trim()),
        [first, ..] => format!("{} {many}, the first at {}: {}", places.len(), place(first), first.text.trim()),
        [] => String::new(),
    };
    let places = places.iter().take(MOST_LISTED).cloned().collect();
    Broken { desired: words.desired, question: words.question, answer: said, how: words.how, places }
}

fn nowhere(words: Words) -> Broken {
    let answer = "there is none".into();
    Broken { desired: words.desired, question: words.question, answer, how: words.how, places: Vec::new() }
}

fn words(demand: &Demand) -> Words {
    let say = |desired: String, question: String, called, how: String| Words { desired, question, called, how };
    let lines = ("line", "lines");
    if let Some(path) = &demand.require_path {
        let question = format!("is there a file {path}?");
        return say(format!("the file {path} is there"), question, lines, format!("add {path}"));
    }
    if let Some(pattern) = &demand.require {
        let text = &pattern.pattern.value;
        let within = super::condition::among(&pattern.within);
        let how = format!("add a line that matches `{text}`{within}");
        return say(format!("some line{within} matches `{text}`"), format!("which lines match `{text}`?"), lines, how);
    }
    if let Some(words) =
        words_of_dependency(demand).or_else(|| words_of_value(demand)).or_else(|| words_of_layers(demand))
    {
        return words;
    }
    let text = demand.forbid.as_ref().map_or("", |pattern| &pattern.pattern.value);
    let how = "change these lines, or let the rule except their files".into();
    say(format!("no line matches `{text}`"), format!("which lines match `{text}`?"), lines, how)
}

fn words_of_dependency(demand: &Demand) -> Option<Words> {
    let (dependency, desired, how) = match (&demand.forbid_dependency, &demand.require_dependency) {
        (Some(it), _) => (it, "no manifest", format!("remove {}, or let the rule except the manifests", it.name)),
        (None, Some(it)) => (it, "some manifest", format!("add {} as a dependency", it.name)),
        (None, None) => return None,
    };
    let (name, within) = (&dependency.name, super::condition::among(&dependency.within));
    Some(Words {
        desired: format!("{desired}{within} depends on {name}"),
        question: format!("which manifests{within} depend on {name}?"),
        called: ("line", "lines"),
        how,
    })
}

fn words_of_value(demand: &Demand) -> Option<Words> {
    let ValueAt { file, pointer, equals } = demand.matches.as_ref()?;
    let pointer = &pointer.value;
    Some(Words {
        desired: format!("{pointer} of {file} is {equals}"),
        question: format!("what stands at {pointer} of {file}?"),
        called: ("other value", "other values"),
        how: format!("set {pointer} of {file} to {equals}"),
    })
}

fn words_of_layers(demand: &Demand) -> Option<Words> {
    let Layers { within, order, .. } = demand.layers.as_ref()?;
    let order = order.iter().map(|layer| layer.value.as_str()).collect::<Vec<_>>().join(", ");
    Some(Words {
        desired: format!("in {}, each of {order} imports only what stands before it", within.value),
        question: format!("which imports in {} lead up the order {order}?", within.value),
        called: ("import", "imports"),
        how: "turn these imports around, or move what they need further down".into(),
    })
}
