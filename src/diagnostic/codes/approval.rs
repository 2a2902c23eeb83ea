//! What is odd about an approval policy, although its spec can be read.

super::entries! { APPROVAL:
    APPROVAL_NEVER "approval/never" Info {
        "Nobody who is declared could ever say the yes that a policy asks for: no person has the role, the role may not approve, or \
         everybody is excluded. What the policy selects can never start."
        "spec: {select: {types: [deploy]}, require: {role: architect, count: 2}}   # only one person is an architect"
        "Give the role to people (`human: true`), let it approve (`mayApprove: true`), or ask others."
    }
}
