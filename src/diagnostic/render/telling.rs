//! How a command tells of what it tested, where that is not whether specs are valid.

/// What a command says beside its findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    /// The command: `check`.
    pub command: &'static str,
    /// What it tested: `rules`.
    pub tested: &'static str,
    /// How it went, in one line for people.
    pub summary: String,
    /// How it went, in numbers.
    pub numbers: Tested,
    /// What a report of tests lists, whether something was found or not.
    pub cases: Vec<Case>,
}

/// How many were tested, and what came of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tested {
    /// How many in all.
    pub tested: usize,
    /// How many are broken.
    pub broken: usize,
    /// How many are broken, and that is accepted for a time.
    pub waived: usize,
    /// Of how many nobody can tell.
    pub unknown: usize,
    /// How many were broken before the change that is looked at, and are not told.
    pub older: usize,
    /// How many there are beside them that were not tested.
    pub not_tested: usize,
}

/// One case of a report of tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// What it tests.
    pub name: String,
    /// The findings that belong to it, by their number in the report.
    pub findings: Vec<usize>,
}
