//! What to try next, as commands that work when they are pasted.

use std::io::{self, Write};
use std::path::Path;

use super::Made;
use super::story::task;
use crate::cli::paint::Paint;
use crate::model::Subject;

/// Writes them.
pub(super) fn write(dir: &Path, made: &Made, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}\n", paint.bold("Now try:"))?;
    writeln!(out, "    cd {}", quoted(&dir.display().to_string()))?;
    if let Some(path) = path_of_abide() {
        writeln!(out, "    PATH={}:\"$PATH\"", quoted(&path))?;
    }
    for (words, commands) in tries(made) {
        writeln!(out, "\n{words}\n")?;
        for command in commands {
            writeln!(out, "    {command}")?;
        }
    }
    writeln!(
        out,
        "\nNobody works here any more, so the clock alone moves things: what burns fast cools down within minutes and its task\n\
         closes; after three hours no agent has reported. `abide demo` builds it anew; `abide run` reconciles by itself."
    )
}

fn tries(made: &Made) -> Vec<(String, Vec<String>)> {
    let Made { built, pass, .. } = made;
    let mut tries = vec![
        (
            "Mend the code: the mail agent goes through the gateway, and the task of decision/one-gateway closes.".to_owned(),
            vec![
                r"sed -i.bak '9s/await fetch.*/await complete([{ role: \`user\`, content: lead.notes }]);/' agents/outreach/write_mail.js".replace("\\`", "\""),
                "git commit -qam 'Mails go through the gateway'".to_owned(),
                "abide reconcile".to_owned(),
            ],
        ),
        (
            "Finish the work: the last migration is done, and the task of decision/use-postgres closes.".to_owned(),
            vec![format!("abide tasks complete {}", built.migration), "abide reconcile".to_owned()],
        ),
    ];
    let overloaded = Subject::agent("dev-1");
    let claim = pass.plan.drifts.iter().find(|reported| reported.drift.subject == overloaded);
    if let Some(id) = claim.and_then(|reported| task(pass, &reported.fingerprint)) {
        tries.push((
            "Say that it is done although it is not: dev-1 still runs too much, and its task opens again.".to_owned(),
            vec![format!("abide tasks complete {id}"), "abide reconcile".to_owned()],
        ));
    }
    tries.push((
        "Change what is wanted: dev-1 may run four tasks. See what that would do, then do it.".to_owned(),
        vec![
            "sed -i.bak '/name: dev-1/,/heartbeat/s/maxConcurrency: 2/maxConcurrency: 4/' specs/agents.yaml".to_owned(),
            "abide plan --against HEAD".to_owned(),
            "git commit -qam 'dev-1 may run four tasks'".to_owned(),
            "abide reconcile".to_owned(),
        ],
    ));
    tries
}

/// The folder of this program, unless the shell finds it there already.
fn path_of_abide() -> Option<String> {
    let own = std::env::current_exe().ok()?.canonicalize().ok()?;
    let path = std::env::var_os("PATH")?;
    let mut found = std::env::split_paths(&path).map(|folder| folder.join("abide"));
    let first = found.find(|path| path.is_file()).and_then(|path| path.canonicalize().ok());
    (first.as_ref() != Some(&own)).then(|| own.parent().map(|folder| folder.display().to_string()))?
}

/// As a shell takes it for one word.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+,@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_stays_one_word() {
        assert_eq!(quoted("/tmp/abide-demo"), "/tmp/abide-demo");
        assert_eq!(quoted("my demo"), "'my demo'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }
}
