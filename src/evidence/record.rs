//! Answers kept in a file, and given from one.
//!
//! The file is versioned JSON, in the same order whatever the order of asking was.

mod answer;
mod ballot;
mod branch;
mod look;
mod metric;
mod question;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use self::answer::{AnswerWire, NoneWire};
use self::question::QuestionWire;
use super::{CodeAt, Evidence, Moved};
use crate::model::{Answers, NoAnswer, QuestionSet, Timestamp};
use crate::store::StoreError;

/// The version of the file.
const VERSION: u32 = 3;

/// What the world said to every question of a pass, and as of when.
#[derive(Debug, Clone, Default)]
pub struct Recording {
    /// As of when the pass judged.
    pub at: Timestamp,
    /// What was said.
    pub answers: Answers,
}

/// Why a text is no recording.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordingError {
    /// It is of another form.
    #[error("{0}")]
    Form(String),
    /// It was written by another version.
    #[error("it has version {0}, and this is version {VERSION}; record it again with `abide plan --record`")]
    Version(u32),
    /// What it says can be no question or answer.
    #[error("{0}")]
    Content(String),
}

#[derive(Serialize, Deserialize)]
struct File<E> {
    version: u32,
    at: String,
    answers: Vec<E>,
}

#[derive(Deserialize)]
struct VersionOnly {
    version: u32,
}

/// One question with its answer, or why there is none.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    question: QuestionWire,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answer: Option<AnswerWire>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    none: Option<NoneWire>,
}

impl Recording {
    /// The recording as text: a line for each question.
    ///
    /// # Errors
    /// When it cannot be written as JSON, which no recording of a pass is.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        let mut lines = Vec::new();
        for (question, answer) in self.answers.iter() {
            let question = QuestionWire::of(question);
            let entry = match answer {
                Ok(answer) => Entry { question, answer: Some(AnswerWire::of(answer)), none: None },
                Err(none) => Entry { question, answer: None, none: Some(NoneWire::of(none)) },
            };
            lines.push(serde_json::to_string(&entry)?);
        }
        lines.sort_unstable();
        let at = serde_json::to_string(&self.at.to_string())?;
        Ok(format!("{{\"version\":{VERSION},\"at\":{at},\"answers\":[\n{}\n]}}\n", lines.join(",\n")))
    }

    /// Reads the text of a recording.
    ///
    /// # Errors
    /// When it is none, or one of another version.
    pub fn of_text(text: &str) -> Result<Self, RecordingError> {
        let VersionOnly { version } = serde_json::from_str(text)?;
        if version != VERSION {
            return Err(RecordingError::Version(version));
        }
        let file: File<Entry> = serde_json::from_str(text)?;
        let at = file.at.parse().map_err(|_| RecordingError::Content(format!("`{}` is no time", file.at)))?;
        let mut answers = Answers::default();
        for (index, entry) in file.answers.into_iter().enumerate() {
            let number = index + 1;
            let wrong = |reason: String| RecordingError::Content(format!("answer {number}: {reason}"));
            let question = entry.question.question().map_err(wrong)?;
            let answer = match (entry.answer, entry.none) {
                (Some(answer), None) => Ok(answer.answer().map_err(wrong)?),
                (None, Some(none)) => Err(none.none()),
                _ => return Err(wrong("it needs either an `answer` or a `none`".to_owned())),
            };
            answers.put(Arc::new(question), answer);
        }
        Ok(Self { at, answers })
    }
}

impl From<serde_json::Error> for RecordingError {
    fn from(error: serde_json::Error) -> Self {
        Self::Form(error.to_string())
    }
}

#[async_trait]
impl Evidence for Recording {
    /// Answers what is recorded; nothing moves.
    async fn ask(&self, questions: &QuestionSet, _code: &CodeAt, now: Timestamp) -> Answers {
        let mut answers = Answers::default();
        for question in questions.iter() {
            let answer = match self.answers.get(question) {
                Some(answer) => answer.cloned().map_err(Clone::clone),
                None => Err(NoAnswer { reason: "not recorded".into(), since: now }),
            };
            answers.put(question.clone(), answer);
        }
        answers
    }

    fn misfit(&self) -> Option<StoreError> {
        None
    }

    async fn moved(&self, _now: Timestamp) -> Moved {
        Moved::default()
    }
}

/// Somebody who answers, and what was said so far.
pub struct Recorder {
    inner: Arc<dyn Evidence>,
    said: Mutex<Answers>,
}

impl Recorder {
    /// Keeps what that one says.
    pub fn new(inner: Arc<dyn Evidence>) -> Self {
        Self { inner, said: Mutex::default() }
    }

    /// Everything that was said so far. Of several answers to one question, the last.
    pub fn said(&self) -> Answers {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Evidence for Recorder {
    async fn ask(&self, questions: &QuestionSet, code: &CodeAt, now: Timestamp) -> Answers {
        let answers = self.inner.ask(questions, code, now).await;
        self.said.lock().unwrap_or_else(PoisonError::into_inner).extend(answers.clone());
        answers
    }

    fn misfit(&self) -> Option<StoreError> {
        self.inner.misfit()
    }

    async fn moved(&self, now: Timestamp) -> Moved {
        self.inner.moved(now).await
    }
}
