//! `abide schema`.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::{CliError, Exit, Io, kind, no_kind};
use crate::kinds::schema_of;
use crate::model::Kind;

/// The draft of JSON Schema that the schemas are written in.
const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Print the JSON Schema of one kind of spec, or of all of them, for editors.
///
/// An editor that knows the schema completes fields and underlines mistakes while you type. Save the schema to a file
/// and begin a spec with `# yaml-language-server: $schema=FILE`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The kind, such as Decision or approvalpolicy; all kinds where none is given.
    pub kind: Option<String>,
}

/// Runs the command.
///
/// # Errors
/// When there is no such kind, or the result cannot be written.
pub fn run(args: &Args, io: &mut Io) -> Result<Exit, CliError> {
    let schema = match &args.kind {
        Some(word) => of_kind(kind(word).ok_or_else(|| no_kind(word))?),
        None => of_all(),
    };
    writeln!(io.out, "{schema:#}")?;
    Ok(Exit::Fine)
}

/// The schema of a document of that kind.
pub fn of_kind(kind: Kind) -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let schema = schema_of(kind, &mut generator).to_value();
    let mut whole = Map::from_iter([("$schema".to_owned(), json!(DRAFT))]);
    whole.extend(schema.as_object().cloned().unwrap_or_default());
    with_definitions(whole, generator.take_definitions(true))
}

/// The schema of a document of any kind: its apiVersion and kind decide which.
pub fn of_all() -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let each: Vec<Value> = Kind::ALL.iter().map(|&kind| schema_of(kind, &mut generator).to_value()).collect();
    let whole = Map::from_iter([
        ("$schema".to_owned(), json!(DRAFT)),
        ("title".to_owned(), json!("A spec of Abide, or a document of OpenSLO v1")),
        ("oneOf".to_owned(), Value::Array(each)),
    ]);
    with_definitions(whole, generator.take_definitions(true))
}

fn with_definitions(mut schema: Map<String, Value>, definitions: Map<String, Value>) -> Value {
    if !definitions.is_empty() {
        schema.insert("$defs".into(), Value::Object(definitions));
    }
    Value::Object(schema)
}

#[cfg(test)]
mod tests;
