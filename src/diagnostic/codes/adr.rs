//! What is wrong with decision records that are imported. Reports of an import write these codes without `adr/`.

super::entries! { ADR:
    ADR_DUPLICATE_NUMBER "adr/duplicate-number" Error {
        "Two records of one folder have one number, so that nobody knows which of them a reference means. It happens where two branches each take the next number."
        "0012-use-kafka.md\n0012-use-rabbitmq.md"
        "Give the later one the next free number, and mend what refers to it."
    }
    ADR_CYCLE "adr/cycle" Error {
        "Decisions supersede each other in a circle, so that none of them holds."
        "0001: supersedes ADR-2\n0002: supersedes ADR-1"
        "Take out the claim that is wrong: the older one is superseded by the newer one."
    }
    ADR_SUPERSEDED_YET_ACCEPTED "adr/superseded-yet-accepted" Error {
        "A record says that it is accepted, although another one that holds supersedes it as a whole. One that supersedes a part of it leaves it in force and is not meant."
        "0001: {status: accepted}\n0002: {status: accepted; supersedes ADR-0001}"
        "Write `superseded by …` as the older one's status; or, where a part of it still holds, say in the newer one which part it supersedes."
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
        "A record that is only proposed supersedes one that is accepted, or that was marked as superseded for it. Until it is accepted it takes nobody's place."
        "0001: {status: accepted}\n0002: {status: proposed; supersedes ADR-0001}"
        "Accept it; or write `supersedes when accepted`, and leave the older one as it is."
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
