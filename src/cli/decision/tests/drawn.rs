//! `graph`.

use serde_json::Value;

use super::org::{error, told};
use crate::cli::Exit;
use crate::cli::testing::Org;

/// Specs alone: a picture needs no database.
fn org() -> Org {
    let org = Org::empty();
    org.git.commit(&[("specs/decisions.yaml", include_str!("decisions.yaml"))]);
    org
}

#[test]
fn decisions_are_drawn_in_every_form() {
    let org = org();
    insta::assert_snapshot!("graph", told(&org, "graph"));
    insta::assert_snapshot!("graph_mermaid", told(&org, "graph -o mermaid"));
    insta::assert_snapshot!("graph_svg", told(&org, "graph -o svg"));
    insta::assert_snapshot!("graph_json", told(&org, "graph 13 -o json"));
    let svg = told(&org, "graph -o svg");
    assert!(
        !svg.contains("<b>") && !svg.contains("<script") && svg.contains("&lt;b&gt;"),
        "what people write is no markup"
    );
    assert_eq!(svg, told(&org, "graph -o svg"), "the same for the same");
}

#[test]
fn a_name_draws_what_is_connected_to_it() {
    let org = org();
    let ids = |line: &str| -> Vec<String> {
        let json: Value = serde_json::from_str(&told(&org, line)).unwrap();
        json["decisions"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids("graph overtaken -o json"), ["decision/overtaken", "decision/overtakes"]);
    assert_eq!(ids("graph ADR-16 overdue -o json"), ["decision/turned-down", "decision/overdue"]);
    assert_eq!(ids("graph 3 -o json").len(), 5);
    // Without a tie there is still something to draw.
    assert!(told(&org, "graph 16 -o mermaid").contains("d1[\"16 Bell"));
    assert!(told(&org, "graph 16 -o svg").contains("1 decision, no ties"));
    let unknown = error(&org, "graph overtake");
    assert_eq!((unknown.exit, unknown.hint.as_deref()), (Exit::Usage, Some("did you mean `overtaken`?")));
    assert!(error(&org, "graph 99").to_string().contains("the nearest number is 16"));
}

#[test]
fn a_picture_is_well_formed_and_circles_do_not_keep_it_from_being_drawn() {
    let org = org();
    let one = |n: usize, rest: &str| {
        format!(
            "apiVersion: abide.dev/v1\nkind: Decision\nmetadata: {{name: c{n}}}\nspec: {{status: accepted, date: 2026-01-01, {rest}}}\n---\n"
        )
    };
    let circle = [one(1, "supersedes: [c1, c3]"), one(2, "supersedes: [c1]"), one(3, "amends: [c2], relatesTo: [c1]")];
    org.git.commit(&[("specs/circle.yaml", &circle.concat())]);
    let text = told(&org, "graph c1");
    insta::assert_snapshot!("graph_circle", text);
    let svg = told(&org, "graph -o svg");
    let mut reader = quick_xml::Reader::from_str(&svg);
    let mut boxes = 0;
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Eof => break,
            quick_xml::events::Event::Empty(tag) if tag.attributes().flatten().any(|it| &*it.value == b"box") => {
                boxes += 1
            }
            _ => {}
        }
    }
    assert_eq!(boxes, 10, "{svg}");
}

#[test]
fn records_in_markdown_are_drawn_too() {
    let org = org();
    org.git.write("adr/0001-use-x.md", "# Use X\n\nStatus: superseded by [2](0002-use-y.md)\n");
    org.git.write("adr/0002-use-y.md", "# Use Y\n\nStatus: accepted\n\nAmends: ADR-3\n");
    org.git.write("adr/0003-use-z.md", "# Use Z\n");
    org.git.write("adr/0004-old.adoc", "= Old\n");
    let folder = org.git.path().join("adr");
    let line = |rest: &str| told(&org, &format!("graph --records {} {rest}", folder.display()));
    insta::assert_snapshot!("graph_records", line(""));
    let json: Value = serde_json::from_str(&line("-o json")).unwrap();
    assert_eq!((json["ties"].as_array().unwrap().len(), json["unread"].as_array().unwrap().len()), (2, 1));
    let empty = org.git.path().join(".githooks");
    std::fs::create_dir_all(&empty).unwrap();
    let none = error(&org, &format!("graph --records {}", empty.display()));
    assert_eq!((none.exit, &*none.message), (Exit::NothingMatched, "there are no decisions"));
}
