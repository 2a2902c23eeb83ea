//! What the words of a status and of a priority mostly mean. What is not listed here is asked and never guessed.

use crate::model::{Severity, TaskStatus};

/// Of the words of a status, the one that a person would most likely write comes first.
const STATUSES: &[(TaskStatus, &[&str])] = &[
    (
        TaskStatus::Pending,
        &[
            "todo",
            "to do",
            "new",
            "open",
            "backlog",
            "ready",
            "pending",
            "available",
            "queued",
            "enqueued",
            "created",
            "unstarted",
            "not started",
            "inbox",
            "selected for development",
            "next",
            "planned",
            "scheduled",
            "offen",
            "neu",
            "a faire",
            "à faire",
            "pendiente",
        ],
    ),
    (
        TaskStatus::Running,
        &[
            "doing",
            "in progress",
            "inprogress",
            "wip",
            "active",
            "started",
            "running",
            "processing",
            "working",
            "claimed",
            "locked",
            "executing",
            "in arbeit",
            "en cours",
            "en curso",
        ],
    ),
    (
        TaskStatus::Blocked,
        &[
            "waiting",
            "on hold",
            "hold",
            "blocked",
            "paused",
            "suspended",
            "stalled",
            "wartet",
            "blockiert",
            "en attente",
        ],
    ),
    (
        TaskStatus::Completed,
        &[
            "done",
            "completed",
            "complete",
            "resolved",
            "fixed",
            "finished",
            "succeeded",
            "success",
            "merged",
            "shipped",
            "released",
            "closed",
            "erledigt",
            "fertig",
            "abgeschlossen",
            "terminé",
            "hecho",
        ],
    ),
    (
        TaskStatus::Failed,
        &[
            "failed",
            "failure",
            "error",
            "errored",
            "rejected",
            "dead",
            "broken",
            "crashed",
            "gescheitert",
            "fehlgeschlagen",
        ],
    ),
    (
        TaskStatus::Cancelled,
        &[
            "cancelled",
            "canceled",
            "wontfix",
            "wont fix",
            "won't fix",
            "wont do",
            "won't do",
            "archived",
            "archive",
            "abandoned",
            "discarded",
            "dropped",
            "obsolete",
            "aborted",
            "skipped",
            "withdrawn",
            "revoked",
            "verworfen",
            "abgebrochen",
        ],
    ),
];

const SEVERITIES: &[(Severity, &[&str])] = &[
    (
        Severity::Critical,
        &[
            "critical",
            "highest",
            "urgent",
            "blocker",
            "emergency",
            "p0",
            "immediate",
            "sehr hoch",
            "kritisch",
            "sofort",
        ],
    ),
    (Severity::High, &["high", "major", "important", "p1", "h", "hoch", "wichtig"]),
    (Severity::Medium, &["medium", "normal", "moderate", "default", "p2", "m", "mittel"]),
    (Severity::Low, &["low", "lowest", "minor", "trivial", "p3", "p4", "p5", "l", "niedrig", "gering"]),
];

/// The status that a word means, if everybody means it so.
pub(super) fn status(word: &str) -> Option<TaskStatus> {
    listed(STATUSES, word)
}

/// How far a word stands from the one that is best to write for its status. What is not known comes last.
pub(super) fn place(word: &str) -> usize {
    let word = spoken(word);
    STATUSES.iter().find_map(|(_, words)| words.iter().position(|it| *it == word)).unwrap_or(usize::MAX)
}

/// The severity that a word means.
pub(super) fn severity(word: &str) -> Option<Severity> {
    // `1 - Critical` is critical: the number is for sorting.
    let is_for_sorting = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | ':' | ')');
    listed(SEVERITIES, word).or_else(|| listed(SEVERITIES, word.trim_start_matches(is_for_sorting)))
}

/// How far a word stands from the one that is best to write for its severity.
pub(super) fn severity_place(word: &str) -> usize {
    let word = spoken(word);
    SEVERITIES.iter().find_map(|(_, words)| words.iter().position(|it| *it == word)).unwrap_or(usize::MAX)
}

fn listed<T: Copy>(list: &[(T, &[&str])], word: &str) -> Option<T> {
    let word = spoken(word);
    list.iter().find(|(_, words)| words.contains(&word.as_str())).map(|(meaning, _)| *meaning)
}

fn spoken(word: &str) -> String {
    word.trim().to_lowercase().replace(['_', '-', '’'], " ").replace("won t", "won't")
}
