//! The words by which records make claims of each other.

use std::sync::LazyLock;

use regex::Regex;

use super::identity::pattern;

/// The verbs of a claim, each by what it says.
pub(super) static VERB: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:(?P<active>supers?edes|supercedes|superseeds|replaces|obsoletes)\b|(?P<passive>supers?eded|superceded|superseeded|replaced|obsoleted)(?P<part>[*_ ]+(?:in part|partially|partly))?[*_]*\s*[(:—–]?\s*(?:by\b|see\b|in favou?r of\b|→|->)|(?P<amends>amends\b)|(?P<amended>amended\s+by\b))",
    )
});

/// What stands before a verb whose subject is the record itself.
pub(super) static SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:^|[.;:,(—–-]\s*|\s)(?:this|the present)\s+(?:adr|decision|record|document|one|proposal)?(?:\s+record)?\s*(?:\w+ly\s+)?(?:is|was|has been|has now been|is now|therefore|now|itself)?\s*(?:(?:\w+ly|in part)\s+)?[*_\[]*$",
    )
});

/// The same in other languages.
pub(super) static SUBJECT_ABROAD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:^|[.;:,(—–-]\s*|\s)(?:diese[rs]?|cet|cette|este|esta|questo|questa|dit|deze|ten|ta|этот|эта|это)\s+(?:adr|entscheidung|d[eé]cision|registro|decisi[oó]n|decis[aã]o|decisione|besluit|beslissing|decyzja|решение|документ)\s*(?:(?:wird|wurde|ist|est|a été|es|fue|é|foi|è|è stat[oa]|wordt|is|został[ao]?)\s+)?[*_\[]*$|(?:本|此|该|この)(?:adr|决策|决定|決策|決定|记录|記録)?(?:は|已经|已)?\s*[*_\[]*$",
    )
});

/// What says that a part of the older one stays in force.
pub(super) static PARTIAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\bpartial|\bpartly\b|\bin part\b|\bparts? of\b|\baspects?\b|\bsections?\b|§|\bonly\b|\bportions?\b|\bsome of\b|\bremains?\b|\bstill (?:in force|applies|valid|stands)\b|\bexcept\b|\bclauses?\b|\bparagraphs?\b|\bstands\b|\bstays\b|\bdecisions? \d|\bpoints? \d|\bitems? \d|\brules? \d|\bteilweise\b|\bpartiellement\b|\ben partie\b|\bparcialmente\b|\ben parte\b|\bem parte\b|\bparzialmente\b|\bin parte\b|\bgedeeltelijk\b|\bdeels\b|\bcz[eę][sś]ciowo\b|\bчастично\b|部分|一部|일부",
    )
});

/// What behind the name of another says that only a part of it is meant.
pub(super) static NARROWED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:'s|’s|的|for\b|as\b|in\b|on\b|regarding\b|where\b|with respect\b|with regard\b|concerning\b|to the extent\b|insofar\b|w\.?r\.?t|\bD\d|\bwhen\b)",
    )
});

/// What behind the name of another says no such thing, although it begins alike.
pub(super) static HARMLESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:as of\b|on (?:\d|[a-z]{3,9} \d)|in (?:\d|(?:full|entirety|its entirety|total|whole)\b|[a-z]{3,9} \d|favou?r of)|for (?:details|more|reasons|the reasons|rationale|why|context)|as (?:a whole|the (?:decision|record)))",
    )
});

/// What says that a claim holds only once the record is accepted.
pub(super) static CONDITION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:when|if|once|upon|on|after|until|pending) (?:it is |this is |being )?(?:accept|approv|adopt|ratif|merge)",
    )
});

/// What says that a claim does not hold, or not yet.
pub(super) static DOUBT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:would|will|shall|may|might|could|to be|proposes to|intends to|not|never|nicht|soll|würde|sera|pas|será|não|sarà|zal|niet|nie|będzie|не|будет)\b|[将將]|予定",
    )
});

/// What a text speaks of that speaks of a change.
pub(super) static CHANGE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)supers|superc|replac|obsolet|amend|revis|retir|deprecat|instead of|overrid|revers|updat|extend|evol|refin|mandated|change|ersetz|abgel(?:ö|oe?)s|abl(?:ö|oe?)s|rempla[cç]|reemplaz|remplaz|s[uo][bs]s?tit[uo]|vervang|zast[aą]p|замен|取代|替代|替换|置き換|廃止|대체|\bold\b|\bolder\b|previous|earlier|former",
    )
});
