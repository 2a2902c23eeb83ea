//! What is odd about an assignment, although it can be read.

super::entries! { ASSIGNMENT:
    ASSIGNMENT_ODD_WIP "assignment/odd-wip" Info {
        "A limit on work in progress lets nothing run, or has no effect: it is 0, one agent may run more than all together, or the selector leaves running tasks out."
        "wip: {max: 2, perAgent: 5}"
        "Set `max` to at least 1 and `perAgent` to at most `max`, or leave out what has no effect."
    }
    ASSIGNMENT_IDLE_ESCALATION "assignment/idle-escalation" Info {
        "A step of an escalation changes nothing: no limit can be missed because there is no `sla`, the step before it goes to the same owner, or no agent has the role that it goes to."
        "to: role/developer\nescalate: [{after: 30m, to: role/architect}]   # no sla"
        "Add the limits under `sla`, name somebody else, or declare an agent with that role."
    }
    ASSIGNMENT_NOBODY_CAN "assignment/nobody-can" Info {
        "An assignment demands skills that no agent of its role has, or that the agent that it names does not have, so that nobody can take its tasks."
        "to: role/developer\nskills: [cobol]   # and no agent with the role developer knows cobol"
        "Correct the name of the skill, add it to an agent that has it, or leave it out."
    }
}
