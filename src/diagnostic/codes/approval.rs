//! What is odd about an approval policy, although its spec can be read.

super::entries! { APPROVAL:
    APPROVAL_NEVER "approval/never" Info {
        "Nobody who is declared could ever say the yes that a policy asks for: no person has the role, the role may not approve, or \
         everybody is excluded. What the policy selects can never start."
        "spec: {select: {types: [deploy]}, require: {role: architect, count: 2}}   # only one person is an architect"
        "Give the role to people (`human: true`), let it approve (`mayApprove: true`), or ask others."
    }
    APPROVAL_TWICE "approval/nonce-twice" Warning {
        "Two approvals have one nonce, and a nonce counts once: the one whose name comes first counts, whatever both are about."
        "spec: {task: \"12\", policy: deploys, nonce: 8f3a, …}   # as in the approval of task 11"
        "Give each approval a nonce of its own: any text that no other has."
    }
}
