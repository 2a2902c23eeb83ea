//! What is odd about an agent, although its spec can be read.

super::entries! { AGENT:
    AGENT_OWN_BACKUP "agent/own-backup" Info {
        "An agent is named as its own backup. While it is away, it is away as a backup too."
        "metadata: {name: dev-1}\nspec: {backup: [agent/dev-1]}"
        "Name another agent, or leave it out."
    }
    AGENT_UNFIT_BACKUP "agent/unfit-backup" Info {
        "A backup has not all roles and skills of the agent that it stands in for, so that it cannot take over all of its tasks."
        "metadata: {name: dev-1}\nspec: {roles: [developer], skills: [rust], backup: [agent/qa-1]}   # who knows no rust"
        "Add what is missing to the backup if it has it, or name a backup that does."
    }
    AGENT_KEYS_OF_NOBODY "agent/keys-of-nobody" Warning {
        "An agent that is no person has keys. Only what a person signs approves anything, so that they are of no use; where it is a person, its approvals do not count as such."
        "metadata: {name: ada}\nspec: {keys: [\"gpg:0123456789ABCDEF0123456789ABCDEF01234567\"]}   # human: true is missing"
        "Say `human: true` if it is a person, or remove the keys."
    }
}
