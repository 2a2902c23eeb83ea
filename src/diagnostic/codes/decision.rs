//! What `abide check` finds of the rules of decisions.

use super::drift;
use crate::diagnostic::{Entry, Level};
use crate::model::Code;

/// A rule of an accepted decision does not hold. It is the state of drift of that name, and is explained there: a check finds
/// before the merge what a pass would open a task for.
pub static DECISION_RULE_BROKEN: Entry = {
    let drift = drift(Code::DecisionRuleBroken);
    let code = Code::DecisionRuleBroken.word();
    Entry { code, level: Level::Error, means: drift.means, example: drift.example, mend: drift.mend }
};

super::entries! { DECISION:
    DECISION_RULE_UNKNOWN "decision/rule-unknown" Error {
        "Nobody can tell whether a rule of an accepted decision holds: its repository is out of reach, a file that it asks for cannot be read, or the decision itself cannot. That is never taken for fine."
        "rules:\n  - {id: no-twilio, repository: app, forbidDependency: {name: twilio}}   # and app/package.json is no JSON"
        "Do as the message says: mend the file that cannot be read, or make the repository reachable. `abide validate` says what is wrong with a spec."
    }
}
