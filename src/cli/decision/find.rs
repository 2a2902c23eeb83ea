//! From what a person writes to the decision that is meant.

use crate::cli::CliError;
use crate::diagnostic::nearest;

/// What a decision goes by.
#[derive(Debug, Clone)]
pub(super) struct Called {
    /// `decision/use-postgres`, or what a record is called: `ADR-0012`.
    pub(super) id: String,
    /// Its number.
    pub(super) number: Option<u32>,
    /// Its file.
    pub(super) file: String,
}

impl Called {
    /// Its name without the kind.
    fn name(&self) -> &str {
        self.id.rsplit_once('/').map_or(&self.id, |(_, name)| name)
    }

    /// The name of its file without folder and ending.
    fn stem(&self) -> &str {
        let file = self.file.rsplit_once('/').map_or(&*self.file, |(_, file)| file);
        file.rsplit_once('.').map_or(file, |(stem, _)| stem)
    }
}

/// The places of all that a word may mean: a name, `decision/NAME`, a file, a number, or a number behind letters as in
/// `ADR-12`. A name comes before a number.
pub(super) fn meant(word: &str, all: &[Called]) -> Vec<usize> {
    let lower = word.to_lowercase();
    let named = |called: &Called| called.id.to_lowercase() == lower || called.name().to_lowercase() == lower;
    let filed = |called: &Called| called.file == word || called.stem().to_lowercase() == lower;
    let number = number(word);
    let numbered = |called: &Called| number.is_some() && called.number == number;
    let ways: [&dyn Fn(&Called) -> bool; 3] = [&named, &numbered, &filed];
    let places = |way: &dyn Fn(&Called) -> bool| -> Vec<usize> {
        all.iter().enumerate().filter(|(_, called)| way(called)).map(|(index, _)| index).collect()
    };
    ways.iter().map(|way| places(way)).find(|found| !found.is_empty()).unwrap_or_default()
}

/// The number that a word is: `12`, `0012`, `#12`, `ADR-12`.
fn number(word: &str) -> Option<u32> {
    let letters = word.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let digits = letters.strip_prefix(['-', '_', '#', ' ']).unwrap_or(letters);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { digits.parse().ok() } else { None }
}

/// That no decision is called so, and which was meant.
pub(super) fn nothing(word: &str, all: &[Called]) -> CliError {
    let error = CliError::usage(format!("no decision is called `{word}`"));
    if let Some(number) = number(word) {
        let near = all.iter().filter_map(|called| called.number).min_by_key(|known| known.abs_diff(number));
        return match near {
            Some(near) => error.hint(format!("the nearest number is {near}; `abide decision list` lists all")),
            None => error.hint("no decision has a number; `abide decision list` lists all by name"),
        };
    }
    let near = if word.contains('/') {
        nearest(word, all.iter().map(|called| &*called.id))
    } else {
        nearest(word, all.iter().map(Called::name))
    };
    match near {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint("`abide decision list` lists all of them"),
    }
}

/// The one that a word means.
///
/// # Errors
/// When there is none, or there are several.
pub(super) fn one(word: &str, all: &[Called]) -> Result<usize, CliError> {
    match meant(word, all)[..] {
        [] => Err(nothing(word, all)),
        [only] => Ok(only),
        ref several => {
            let names: Vec<&str> = several.iter().filter_map(|&index| Some(&*all.get(index)?.id)).collect();
            let message = format!("`{word}` is the number of {}", names.join(" and of "));
            Err(CliError::usage(message).hint("write the name of the one that is meant"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Called> {
        let called = |id: &str, number, file: &str| Called { id: id.into(), number, file: file.into() };
        vec![
            called("decision/use-postgres", Some(12), "specs/d.yaml"),
            called("decision/12-factor", None, "specs/d.yaml"),
            called("ADR-0003", Some(3), "doc/adr/0003-use-x.md"),
            called("decision/other", Some(3), "specs/d.yaml"),
        ]
    }

    #[test]
    fn a_decision_goes_by_its_name_and_its_number() {
        for word in ["12", "0012", "ADR-12", "adr12", "#12", "use-postgres", "decision/use-postgres", "Use-Postgres"] {
            assert_eq!(meant(word, &all()), [0], "{word}");
        }
        assert_eq!(meant("12-factor", &all()), [1]);
        assert_eq!(meant("3", &all()), [2, 3]);
        assert_eq!((meant("ADR-0003", &all()), meant("0003-use-x", &all())), (vec![2], vec![2]));
        assert_eq!(meant("doc/adr/0003-use-x.md", &all()), [2]);
        assert!(meant("", &all()).is_empty() && meant("-", &all()).is_empty() && meant("13", &all()).is_empty());
    }

    #[test]
    fn what_is_not_there_is_told_with_what_is_near() {
        let told = |word: &str| one(word, &all()).unwrap_err().to_string();
        let near = "no decision is called `use-postgre`\n  = help: did you mean `use-postgres`?";
        assert_eq!(told("use-postgre"), near);
        assert!(told("decision/use-postgre").ends_with("did you mean `decision/use-postgres`?"));
        assert!(told("13").ends_with("the nearest number is 12; `abide decision list` lists all"));
        assert!(told("3").starts_with("`3` is the number of ADR-0003 and of decision/other"));
        assert!(one("1", &[]).unwrap_err().to_string().contains("no decision has a number"));
        assert!(told("zzzzzzzz").ends_with("`abide decision list` lists all of them"));
    }
}
