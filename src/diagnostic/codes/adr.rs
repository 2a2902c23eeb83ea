//! What is wrong with decisions: with specs, and with records in Markdown. Reports of an import write these codes without
//! `adr/`.

super::entries! { ADR:
    ADR_DUPLICATE_NUMBER "adr/duplicate-number" Error {
        "Two records of one folder have one number, so that nobody knows which of them a reference means. It happens where two branches each take the next number."
        "0012-use-kafka.md\n0012-use-rabbitmq.md"
        "Give the later one the next free number, and mend what refers to it."
    }
    ADR_CYCLE "adr/cycle" Error {
        "Decisions supersede each other in a circle, so that none of them holds; or one supersedes itself. Specs that amend each other in a circle are meant too."
        "0001: supersedes ADR-2\n0002: supersedes ADR-1"
        "Take out the claim that is wrong: the older one is superseded by the newer one."
    }
    ADR_SUPERSEDED_YET_ACCEPTED "adr/superseded-yet-accepted" Error {
        "A record says that it is accepted, although another one that holds supersedes it as a whole. One that supersedes a part of it leaves it in force and is not meant. Of specs this is a hint, since it is drift and opens a task."
        "0001: {status: accepted}\n0002: {status: accepted; supersedes ADR-0001}"
        "Write `superseded by …` as the older one's status; or, where a part of it still holds, say in the newer one which part it supersedes."
    }
    ADR_UNREAD "adr/unread" Error {
        "A file that somebody named, or that is called like a record, cannot be read as one: it is no Markdown, no UTF-8 or too large, its front matter is broken, or it holds no decision that could be told. Nothing of it is guessed, so nothing else is said of it."
        "0013-use-nats.adoc"
        "Write it as Markdown with a heading and sections such as Context and Decision; or name other files."
    }
    ADR_UNKNOWN_STATUS "adr/unknown-status" Error {
        "A record's status is a word that has no known meaning, or a template's choice that nobody made. Such a record is never taken for accepted."
        "Status: proposed | accepted | rejected"
        "Write draft, proposed, accepted, rejected, deprecated or superseded."
    }
    ADR_ONE_SIDED_SUPERSESSION "adr/one-sided-supersession" Warning {
        "A record says that it supersedes another, or that another supersedes it, and the other says nothing of it."
        "0001: {status: superseded}   # by what?\n0002: {status: accepted; supersedes ADR-0001}"
        "Write it into the other one too: `superseded by …` into the older, `supersedes …` into the newer."
    }
    ADR_PROPOSED_OVER_ACCEPTED "adr/proposed-over-accepted" Warning {
        "A record that is only proposed supersedes one that is accepted, or that was marked as superseded for it. Until it is accepted it takes nobody's place. Of specs this is a hint: they have no other way to say what they will supersede."
        "0001: {status: accepted}\n0002: {status: proposed; supersedes ADR-0001}"
        "Accept it; or write `supersedes when accepted`, and leave the older one as it is."
    }
    ADR_ILLEGAL_MOVE "adr/illegal-move" Error {
        "A decision's status cannot follow the one that it had in the commit before. A draft or a proposal is accepted or rejected; what was accepted is deprecated or superseded, and does not become a proposal again; what was rejected may be proposed again; what is superseded stays so, unless nothing supersedes it any longer."
        "status: proposed   # and accepted in the commit before"
        "Leave the status as it was, and write a new decision that supersedes this one."
    }
    ADR_EDITED_AFTER_ACCEPTANCE "adr/edited-after-acceptance" Warning {
        "The text of an accepted decision is not what was accepted: its title, number, date, deciders, context, drivers, options, decision or consequences differ from the commit before, and no new decision amends it. Line breaks do not count; labels, owners, review dates, delivery and what it says of other decisions may change. A rule that was taken out or changed is told as a hint."
        "decision: use RabbitMQ   # and `use Kafka` in the commit before, with status: accepted in both"
        "Leave it as it was, and add a decision that supersedes or amends it."
    }
    ADR_ACCEPTED_AND_GONE "adr/accepted-and-gone" Warning {
        "A decision that was accepted in the commit before is no longer there, under this name or another. Whoever looks for why things are as they are finds nothing."
        "git rm specs/decisions/use-kafka.yaml"
        "Put it back with `status: deprecated`, or superseded by a new one."
    }
    ADR_NUMBER_ACROSS_BRANCHES "adr/number-across-branches" Error {
        "Two branches that are not merged each give one number to a decision of their own, or one of them takes a number that the main branch has given away since."
        "kafka-branch: {name: use-kafka, number: 12}\nrabbit-branch: {name: use-rabbitmq, number: 12}"
        "Give one of them the next free number before either is merged."
    }
    ADR_SUPERSEDED_ACROSS_BRANCHES "adr/superseded-across-branches" Error {
        "Two branches that are not merged each supersede one and the same decision by a decision of their own."
        "kafka-branch: {name: use-kafka, supersedes: [file-queue]}\nrabbit-branch: {name: use-rabbitmq, supersedes: [file-queue]}"
        "Talk before either is merged: only one of them can take its place."
    }
    ADR_TWO_SUCCESSORS "adr/two-successors" Warning {
        "Two accepted decisions say that they supersede one and the same. Only one of them can have taken its place."
        "kafka: {status: accepted, supersedes: [file-queue]}\nrabbitmq: {status: accepted, supersedes: [file-queue]}"
        "Let one of them supersede it; the other one supersedes or amends the first, or relates to it."
    }
    ADR_RESTS_ON_SUPERSEDED "adr/rests-on-superseded" Warning {
        "An accepted decision amends one that is superseded, deprecated or rejected, so that what it rests on no longer holds. Where it only relates to a superseded one this is a hint."
        "queue: {status: superseded}\nqueue-limits: {status: accepted, amends: [queue]}"
        "Let it amend what took the place of the older one; or supersede it too."
    }
    ADR_SUPERSEDED_BY_NOTHING "adr/superseded-by-nothing" Info {
        "A decision says that it is superseded, and no decision says that it supersedes it. Who looks for what holds now does not find it."
        "file-queue: {status: superseded}   # by what?"
        "Name it in `supersedes` of the decision that took its place; a decision that nothing replaces is deprecated."
    }
    ADR_DANGLING_LINK "adr/dangling-link" Warning {
        "A link leads to a file of the folder that is not there, or a claim to a number that no record has. Names are compared letter by letter, as servers do."
        "See [ADR-004](module-loading.md).   # the file is adr-004-module-loading.md"
        "Write the name of the file as it is."
    }
    ADR_EXPIRED_PROVISIONAL "adr/expired-provisional" Warning {
        "A record was to hold for a time only, the time is over, and its status has not changed."
        "Status: provisional until 2024-06-30"
        "Accept it, let it go, or set another day."
    }
    ADR_HEADING_NUMBER_MISMATCH "adr/heading-number-mismatch" Warning {
        "The number in a record's heading is not the number in its file's name: mostly the file was copied from another, or was given a new number. The file's number is taken."
        "# 11. Use Kafka   # in 0012-use-kafka.md"
        "Write the number of the file into the heading."
    }
    ADR_MISSING_STATUS "adr/missing-status" Info {
        "A record says nowhere whether it is proposed or accepted. Some teams take everything that is merged for accepted; nothing of it is assumed here."
        "# Use Kafka\n\n## Context"
        "Write `status: accepted` into its front matter, or a section `## Status`."
    }
    ADR_NUMBER_GAP "adr/number-gap" Info {
        "Numbers are counted up, and one of them is not there: a record was lost, withdrawn, or renamed."
        "0001-a.md\n0002-b.md\n0004-d.md"
        "Nothing need be done where it was withdrawn; a record that says so helps those who look for it."
    }
}

/// What is said of a change, commit against commit, and not of a state.
pub static MOVES: [&super::Entry; 3] = [&ADR_ILLEGAL_MOVE, &ADR_EDITED_AFTER_ACCEPTANCE, &ADR_ACCEPTED_AND_GONE];
