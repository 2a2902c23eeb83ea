//! One page.

use super::super::records::Body;
use super::super::{Choice, Decision, Status};
use super::{Pages, names, words};
use crate::kinds::Spec;
use crate::kinds::common::Link;
use crate::model::{Kind, SpecId};
use crate::yaml::is_text;

/// The page of a decision whose file is called so.
pub(super) fn text(pages: &Pages<'_>, spec: &Spec, decision: &Decision, stem: &str) -> String {
    let title = spec.head.title.as_deref().unwrap_or(spec.id.name.as_str());
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let told = Body::read(stem, "", 0).number;
    let mut page = front(pages, &spec.id, decision);
    page += &format!(
        "\n# {}\n",
        names::heading(&title, decision.number.map(|number| number.value).filter(|number| told != Some(*number)))
    );
    section(&mut page, "## Context and Problem Statement", decision.context.trim());
    section(&mut page, "## Decision Drivers", &list(decision.drivers.iter().map(String::as_str)));
    section(&mut page, "## Considered Options", &list(decision.options.iter().map(|option| &*option.title)));
    outcome(&mut page, decision);
    pros_and_cons(&mut page, &decision.options);
    section(&mut page, "## More Information", &list(more(pages, &spec.id, decision).iter().map(String::as_str)));
    page
}

fn front(pages: &Pages<'_>, id: &SpecId, decision: &Decision) -> String {
    let mut front = format!("---\nstatus: {}\ndate: {}\n", scalar(&status(pages, id, decision)), decision.date);
    let people =
        [("decision-makers", &decision.deciders), ("consulted", &decision.consulted), ("informed", &decision.informed)];
    for (key, people) in people.into_iter().filter(|(_, people)| !people.is_empty()) {
        let names: Vec<&str> = people.iter().map(|who| &**who.text()).collect();
        front += &format!("{key}: {}\n", scalar(&names.join(", ")));
    }
    front + "---\n"
}

/// The status in MADR's own words.
fn status(pages: &Pages<'_>, id: &SpecId, decision: &Decision) -> String {
    let successors: Vec<String> = pages.successors(id).iter().map(|newer| pages.link(newer)).collect();
    match *decision.status {
        Status::Superseded if !successors.is_empty() => format!("superseded by {}", successors.join(" and ")),
        status => status.word().to_owned(),
    }
}

/// A text as YAML: bare where it can be taken for nothing else.
fn scalar(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.' | ' ' | ',');
    let bare = text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(plain) && is_text(text);
    if bare && text.trim() == text { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

fn section(page: &mut String, heading: &str, text: &str) {
    if !text.is_empty() {
        *page += &format!("\n{heading}\n\n{text}\n");
    }
}

/// A list whose items may have several lines.
fn list<'t>(items: impl Iterator<Item = &'t str>) -> String {
    let item = |item: &str| format!("* {}", item.trim().replace('\n', "\n  "));
    items.filter(|text| !text.trim().is_empty()).map(item).collect::<Vec<_>>().join("\n")
}

fn outcome(page: &mut String, decision: &Decision) {
    let consequences = &decision.consequences;
    let sides = [("Good", &consequences.good), ("Bad", &consequences.bad), ("Neutral", &consequences.neutral)];
    let follows = match (&*consequences.neutral, consequences.good.is_empty() && consequences.bad.is_empty()) {
        // What was written as prose is no item of a list.
        ([prose], true) if prose.contains('\n') || prose.len() > 200 => prose.trim().to_owned(),
        _ => {
            let said = sides.iter().flat_map(|(side, items)| items.iter().map(|item| argument(side, item)));
            list(said.collect::<Vec<_>>().iter().map(String::as_str))
        }
    };
    let decided = decision.decision.trim();
    // There even where nothing is said: by it readers tell a decision from any other page.
    *page += "\n## Decision Outcome\n";
    if !decided.is_empty() {
        *page += &format!("\n{decided}\n");
    }
    section(page, "### Consequences", &follows);
}

fn pros_and_cons(page: &mut String, options: &[Choice]) {
    let argued: Vec<&Choice> = options.iter().filter(|it| !(it.good.is_empty() && it.bad.is_empty())).collect();
    if !argued.is_empty() {
        *page += "\n## Pros and Cons of the Options\n";
    }
    for option in argued {
        let good = option.good.iter().map(|item| argument("Good", item));
        let said: Vec<String> = good.chain(option.bad.iter().map(|item| argument("Bad", item))).collect();
        section(page, &format!("### {}", option.title.trim()), &list(said.iter().map(String::as_str)));
    }
}

/// `Good, because it is there`; what says so already is left as it is.
fn argument(side: &str, text: &str) -> String {
    let said = text.trim_start_matches(['*', '_', ' ']).to_lowercase();
    let side_said = said.strip_prefix(&side.to_lowercase()).is_some_and(|rest| rest.starts_with([',', ':']));
    if side_said || text.trim().is_empty() {
        text.trim().to_owned()
    } else {
        format!("{side}, because {}", text.trim())
    }
}

/// What MADR has no place for.
fn more(pages: &Pages<'_>, id: &SpecId, decision: &Decision) -> Vec<String> {
    let links = |verb: &str, links: &[Link]| {
        let ids = links.iter().filter_map(|link| link.id(Some(Kind::Decision)));
        ids.map(|id| format!("{verb} {}", pages.link(&id))).collect::<Vec<_>>()
    };
    let mut more = links("Supersedes", &decision.supersedes);
    more.extend(links("Amends", &decision.amends));
    if *decision.status != Status::Superseded {
        more.extend(pages.successors(id).iter().map(|newer| format!("Superseded by {}", pages.link(newer))));
    }
    more.extend(links("Relates to", &decision.relates_to));
    more.extend(decision.review_by.map(|date| format!("To be reviewed by {date}")));
    more.extend(decision.review_every.map(|every| format!("To be reviewed every {every}")));
    more.extend(
        decision
            .delivery
            .as_ref()
            .map(|delivery| format!("To be carried out by {}: {}", delivery.due_by, words::tasks(&delivery.select))),
    );
    more.extend(decision.rules.iter().map(words::rule));
    more
}
