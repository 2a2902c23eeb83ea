//! `pom.xml`. Properties are put in where the same file says them.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::{Dependency, Unread};
use crate::facts::Lines;

/// Levels of elements.
const DEPTH: usize = 64;

/// A dependency that is being read.
#[derive(Default)]
struct Coordinates {
    group: Option<String>,
    artifact: Option<(String, u32)>,
}

#[derive(Default)]
struct Pom {
    path: Vec<String>,
    properties: BTreeMap<String, String>,
    found: Vec<Coordinates>,
}

pub(super) fn dependencies(text: &str) -> Result<Vec<Dependency>, Unread> {
    let lines = Lines::of(text);
    let mut reader = Reader::from_str(text);
    let mut pom = Pom::default();
    let mut said = String::new();
    loop {
        let line = lines.at(reader.buffer_position() as usize);
        let wrong = |error: &dyn std::fmt::Display| Unread::at(line, format!("this is no XML: {error}"));
        match reader.read_event().map_err(|error| wrong(&error))? {
            Event::Start(tag) => {
                said.clear();
                pom.begin(&String::from_utf8_lossy(tag.local_name().as_ref()));
                if pom.path.len() > DEPTH {
                    return Err(wrong(&"it is nested too deep"));
                }
            }
            Event::Text(part) => said.push_str(&part.decode().map_err(|error| wrong(&error))?),
            Event::CData(part) => said.push_str(&part.decode().map_err(|error| wrong(&error))?),
            Event::End(_) => pom.end(std::mem::take(&mut said).trim(), lines.at(reader.buffer_position() as usize)),
            Event::Eof if pom.path.is_empty() => return Ok(pom.dependencies()),
            Event::Eof => return Err(wrong(&"it ends in the middle")),
            _ => {}
        }
    }
}

impl Pom {
    fn begin(&mut self, name: &str) {
        if name == "dependency" {
            self.found.push(Coordinates::default());
        }
        self.path.push(name.to_owned());
    }

    fn end(&mut self, said: &str, line: u32) {
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        match (path.as_slice(), self.found.last_mut()) {
            ([.., "dependency", "groupId"], Some(last)) => last.group = Some(said.to_owned()),
            ([.., "dependency", "artifactId"], Some(last)) => last.artifact = Some((said.to_owned(), line)),
            (["project", "properties", name], _) => {
                self.properties.insert((*name).to_owned(), said.to_owned());
            }
            (["project", "groupId"] | ["project", "parent", "groupId"], _) => {
                let is_own = path.len() == 2;
                let known = self.properties.entry("project.groupId".into()).or_insert_with(|| said.to_owned());
                if is_own {
                    said.clone_into(known);
                }
            }
            _ => {}
        }
        self.path.pop();
    }

    fn dependencies(&self) -> Vec<Dependency> {
        let full = |it: &Coordinates| {
            let (artifact, line) = it.artifact.as_ref()?;
            let group = it.group.as_deref().unwrap_or_default();
            Some(Dependency { name: format!("{}:{}", self.filled(group), self.filled(artifact)), line: *line })
        };
        self.found.iter().filter_map(full).collect()
    }

    /// The text with the properties that are known, once each: what they name in turn stays as it is.
    fn filled(&self, text: &str) -> String {
        let (mut filled, mut rest) = (String::new(), text);
        while let Some((before, (name, after))) = rest.split_once("${").and_then(|(a, b)| Some((a, b.split_once('}')?)))
        {
            filled.push_str(before);
            match self.properties.get(name) {
                Some(value) => filled.push_str(value),
                None => filled.extend(["${", name, "}"]),
            }
            rest = after;
        }
        filled + rest
    }
}

/// Whether the coordinates are the wanted ones, of which the group may be left out.
pub(super) fn is_called(coordinates: &str, wanted: &str) -> Option<bool> {
    let (group, artifact) = coordinates.split_once(':').unwrap_or(("", coordinates));
    let (wanted_group, wanted_artifact) = match wanted.split_once(':') {
        Some((group, artifact)) => (Some(group), artifact),
        None => (None, wanted),
    };
    let same = |said: &str, wanted: &str| if said.contains("${") { None } else { Some(said == wanted) };
    match (wanted_group.map_or(Some(true), |wanted| same(group, wanted)), same(artifact, wanted_artifact)) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}
