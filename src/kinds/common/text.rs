//! How the nouns that are written as one word are read, and what an editor may know of them.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Visitor};

use crate::model::{Date, Duration, Severity, SeverityRange, Timestamp};

/// Reads a type by its `FromStr`, so that the language has one meaning for a word wherever it stands.
macro_rules! by_text {
    ($type:ty, $name:literal, $expected:literal, $pattern:literal) => {
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Word;

                impl Visitor<'_> for Word {
                    type Value = $type;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str($expected)
                    }

                    fn visit_str<E: Error>(self, text: &str) -> Result<$type, E> {
                        text.parse().map_err(E::custom)
                    }
                }

                deserializer.deserialize_str(Word)
            }
        }

        impl JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                $name.into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({"title": $name, "type": "string", "pattern": $pattern, "description": $expected})
            }
        }
    };
}

by_text!(Duration, "Duration", "a duration such as 90s, 15m, 6h, 14d or 4w", "^[0-9]+[smhdw]$");
by_text!(Date, "Date", "a date such as 2026-12-31", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$");
by_text!(Timestamp, "Timestamp", "a time such as 2026-03-02T10:00:00Z", "^[0-9]{4}-[0-9]{2}-[0-9]{2}T");
by_text!(Severity, "Severity", "low, medium, high or critical", "^(low|medium|high|critical)$");
by_text!(
    SeverityRange,
    "SeverityRange",
    "a severity or a comparison such as >=high",
    "^(>=|<=|>|<)?\\s*(low|medium|high|critical)$"
);
