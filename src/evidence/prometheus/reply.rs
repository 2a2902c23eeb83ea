//! Prometheus's answers: JSON to samples.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::de::{Error as _, IgnoredAny};
use serde::{Deserialize, Deserializer};

use super::Fault;
use super::fault::said;

/// A line, or a part of one.
#[derive(Debug, Deserialize)]
pub(super) struct Series {
    #[serde(default)]
    pub(super) metric: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) values: Vec<Sample>,
    #[serde(default)]
    pub(super) histograms: Vec<IgnoredAny>,
}

/// A value that may be no number, and when it was so.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    pub(super) millis: i64,
    pub(super) value: f64,
}

/// A line at one moment.
#[derive(Deserialize)]
struct Single {
    #[serde(default)]
    metric: BTreeMap<String, String>,
    value: Option<Sample>,
    histogram: Option<IgnoredAny>,
}

/// The whole answer. Warnings and what else there is are for people at Prometheus's own page.
#[derive(Deserialize)]
struct Reply {
    status: String,
    data: Option<Data>,
    error: Option<String>,
}

#[derive(Deserialize)]
#[serde(tag = "resultType", content = "result", rename_all = "lowercase")]
enum Data {
    Matrix(Vec<Series>),
    Vector(Vec<Single>),
    Scalar(Sample),
    String(IgnoredAny),
}

/// What a range query gives.
pub(super) fn matrix(url: &Arc<str>, body: &[u8]) -> Result<Vec<Series>, Fault> {
    match data(url, body)? {
        Data::Matrix(series) => Ok(series),
        _ => Err(malformed(url, "a range was asked for, and something else came back".into())),
    }
}

/// What a query at one time gives.
pub(super) fn vector(url: &Arc<str>, body: &[u8]) -> Result<Vec<Series>, Fault> {
    let bad = |why: &str| Err(Fault::BadQuery { url: url.clone(), why: why.into() });
    match data(url, body)? {
        Data::Vector(singles) => Ok(singles.into_iter().map(Series::from).collect()),
        Data::Scalar(sample) => {
            Ok(vec![Series { metric: BTreeMap::new(), values: vec![sample], histograms: Vec::new() }])
        }
        Data::Matrix(_) => {
            bad("it gives all samples of a range, as `up[5m]` does; put a function around, such as rate()")
        }
        Data::String(_) => bad("it gives a text, where a number is wanted"),
    }
}

/// What Prometheus says is wrong, on one line; nothing where it is not Prometheus that speaks.
pub(super) fn error(body: &[u8]) -> Option<String> {
    let reply: Reply = serde_json::from_slice(body).ok()?;
    reply.error.filter(|_| reply.status == "error").map(|error| said(&error))
}

fn data(url: &Arc<str>, body: &[u8]) -> Result<Data, Fault> {
    let hint = "is this the URL of a Prometheus server?";
    let reply: Reply = serde_json::from_slice(body)
        .map_err(|error| malformed(url, format!("it cannot be read: {}; {hint}", said(&error.to_string()))))?;
    match (reply.data, reply.error) {
        (Some(data), _) if reply.status == "success" => Ok(data),
        (_, Some(error)) => Err(Fault::BadQuery { url: url.clone(), why: said(&error) }),
        _ => Err(malformed(url, format!("there is neither data nor an error in it; {hint}"))),
    }
}

fn malformed(url: &Arc<str>, why: String) -> Fault {
    Fault::Malformed { url: url.clone(), why }
}

impl From<Single> for Series {
    fn from(single: Single) -> Self {
        Self {
            metric: single.metric,
            values: single.value.into_iter().collect(),
            histograms: single.histogram.into_iter().collect(),
        }
    }
}

impl<'de> Deserialize<'de> for Sample {
    /// `[1435781430.781, "1"]`.
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let (seconds, text): (f64, &str) = Deserialize::deserialize(from)?;
        let value = text.parse().map_err(|_| D::Error::custom(format!("`{text}` is no number")))?;
        Ok(Self { millis: (seconds * 1000.0).round() as i64, value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(data: &str) -> Result<Vec<Series>, Fault> {
        vector(&"http://p".into(), format!(r#"{{"status":"success","data":{data}}}"#).as_bytes())
    }

    #[test]
    fn samples_are_times_and_numbers_in_text() {
        let series = of(r#"{"resultType":"scalar","result":[1772416800.25,"+Inf"]}"#).unwrap();
        assert_eq!((series[0].values[0].millis, series[0].values[0].value), (1_772_416_800_250, f64::INFINITY));
        let series = of(r#"{"resultType":"vector","stats":{},"result":[{"metric":{},"value":[1,"1.5e+06"]}]}"#);
        assert_eq!(series.unwrap()[0].values[0].value, 1_500_000.0);
        let fault = of(r#"{"resultType":"scalar","result":[1,"many"]}"#).unwrap_err().to_string();
        assert!(
            fault.starts_with("what answers at http://p does not") && fault.contains("`many` is no number"),
            "{fault}"
        );
    }

    #[test]
    fn what_is_no_number_at_one_time_is_a_bad_query() {
        for (data, why) in [
            (r#"{"resultType":"string","result":[1,"a"]}"#, "it gives a text"),
            (r#"{"resultType":"matrix","result":[]}"#, "it gives all samples of a range"),
        ] {
            let Err(Fault::BadQuery { why: said, .. }) = of(data) else { panic!("{data} is taken") };
            assert!(said.starts_with(why), "{said}");
        }
    }

    #[test]
    fn an_answer_without_data_is_none() {
        assert!(matches!(of("null"), Err(Fault::Malformed { .. })));
        let body = br#"{"status":"error","errorType":"bad_data","error":"parse\nerror"}"#;
        assert_eq!(error(body).as_deref(), Some("parse error"));
        let fault = matrix(&"http://p".into(), body).unwrap_err();
        assert_eq!(fault.to_string(), "Prometheus at http://p does not take the query: parse error");
        assert_eq!(error(br#"{"status":"success"}"#), None);
    }
}
