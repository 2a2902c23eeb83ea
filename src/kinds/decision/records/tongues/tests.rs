//! Decisions in eleven languages, and words that are none.

use super::super::claims::Relation::{self, SupersededBy, Supersedes};
use super::super::fields::Key;
use super::super::{Source, read};
use super::*;
use Status::{Accepted, Deprecated, Draft, Proposed, Rejected, Superseded};

#[test]
fn statuses_are_read_in_every_language_with_accents_or_without() {
    let table = [
        (
            Accepted,
            "angenommen; Akzeptiert; ACCEPTÉ; acceptée; accepte; Aceptada; vigente; Aceito; aceite; aprovada; Accettata",
        ),
        (
            Accepted,
            "Geaccepteerd; przyjęta; przyjete; Принято; принят; утверждён; 已接受; 已采纳; 採用; 承認済み; 승인됨; acte\u{301}",
        ),
        (
            Proposed,
            "Vorgeschlagen; Proposé; Propuesta; pendiente; Proposto; proposta; Voorgesteld; Propozycja; Предложено; 提议",
        ),
        (Proposed, "提案; 承認待ち; 제안됨; noch nicht angenommen"),
        (Draft, "Entwurf; Brouillon; Borrador; Rascunho; Bozza; Concept; Szkic; Черновик; 草稿; 下書き; 초안"),
        (
            Rejected,
            "Abgelehnt; verworfen; Rejetée; rechazado; Rejeitada; Rifiutata; Afgewezen; Odrzucona; Отклонено; 已拒绝; 却下; 거부됨",
        ),
        (Rejected, "nicht angenommen; no aceptada; não aceita; 被拒绝; 不採用"),
        (
            Deprecated,
            "Veraltet; obsolète; Dépréciée; obsoleta; Depreciado; Verouderd; przestarzała; Устарело; 废弃; 已被废弃; 廃止; 폐기됨",
        ),
        (
            Superseded,
            "Abgelöst durch ADR-3; abgeloest; ERSETZT; ersetzt durch 3; Remplacée par 3; remplace par 3; Reemplazada por 3",
        ),
        (
            Superseded,
            "Substituído por 3; substituida; Sostituito da 3; Vervangen door 3; Zastąpiona przez 3; Заменено на 3; 被 ADR-3 取代",
        ),
    ];
    for (status, words) in table {
        for word in words.split("; ") {
            assert_eq!(super::status(&word.to_lowercase()), Some(status), "{word}");
        }
    }
}

#[test]
fn what_only_begins_alike_is_no_status() {
    for word in
        ["ersetzt adr-3", "remplace adr-3", "acteurs", "offensive", "acceptation à venir", "decisivo", "已取代 adr-3"]
    {
        assert_eq!(super::status(word), None, "{word}");
    }
}

#[test]
fn fields_and_sections_are_known_by_their_names() {
    for (key, names) in [
        (Key::Status, "statut, estado, stato, статус, 状态, ステータス, 상태, etat, situacao"),
        (Key::Date, "fecha, datum, data, дата, 日付, 날짜"),
        (Key::Supersedes, "ersetzt, remplace, reemplaza, reemplaza a, substitui, vervangt, zastepuje, заменяет, 取代"),
        (
            Key::SupersededBy,
            "ersetzt durch, remplacé, remplacé par, remplace par, sustituida por, substituido por, 被取代",
        ),
    ] {
        for name in list(names) {
            assert_eq!(field(name), Some(key), "{name}");
        }
    }
    for (canonical, names) in [
        ("context", "contexte, contexto, kontext, contesto, kontekst, контекст, 背景, コンテキスト, 배경"),
        (
            "decision",
            "décision, decisión, entscheidung, decisão, decisione, besluit, decyzja, решение, 决策, 決定, 결정",
        ),
        ("consequences", "conséquences, consecuencias, konsequenzen, последствия, 后果, 影響, 결과"),
    ] {
        for name in list(names) {
            assert_eq!(section(name), Some(canonical), "{name}");
        }
    }
    assert_eq!((field("remplacons"), section("annexe")), (None, None));
}

#[test]
fn months_are_known_in_other_languages() {
    let found = ["janvier", "März", "fevereiro", "dic", "августа", "aout", "września", "maio"].map(month);
    assert_eq!(found, [1, 3, 2, 12, 8, 8, 9, 5].map(Some));
    assert_eq!((month("ab"), month("week")), (None, None));
}

/// What one record says of others.
fn said(text: &str) -> Vec<(Relation, u32)> {
    let text: &'static str = Box::leak(format!("# X\n\n{text}\n").into_boxed_str());
    let record = read(&[Source { file: "0001-x.md".into(), text, named: false }]).records.remove(0);
    let claims = record.claims.into_iter().filter(|claim| claim.relation != Relation::Mentions);
    claims.filter_map(|claim| Some((claim.relation, claim.to.number?))).collect()
}

#[test]
fn claims_are_read_in_other_languages() {
    for text in [
        "Remplacé par [ADR-3](0003-y.md)",
        "Remplacé par : ADR-3",
        "- Status: Abgelöst durch ADR-3 (Wolke)",
        "## Status\n\nErsetzt durch ADR-3",
        "## Status\n\nAngenommen, inzwischen durch ADR-3 ersetzt",
        "Diese Entscheidung wurde durch ADR-3 abgelöst.",
        "Estado: reemplazada por ADR-3",
        "Sustituida por: ADR-3",
        "## Estado\n\nSubstituída por [ADR-3](0003-y.md)",
        "Stato: sostituita da ADR-3",
        "* Status: vervangen door ADR-3",
        "Status: zastąpiona przez ADR-3",
        "Статус: Заменено на ADR-3",
        "## 状态\n\n被ADR-3取代",
        "## 状态\n\n已被 [ADR-3](0003-y.md) 取代",
        "## ステータス\n\nADR-3に置き換えられた",
        "## 상태\n\nADR-3로 대체됨",
    ] {
        assert_eq!(said(text), [(SupersededBy, 3)], "{text}");
    }
    for text in [
        "Remplace : ADR-3",
        "Remplace [ADR-3](0003-y.md)",
        "## Status\n\nAkzeptiert\n\nErsetzt ADR-3",
        "- Löst ADR-3 ab",
        "Dieses ADR ersetzt ADR-3.",
        "Cette décision remplace ADR-3.",
        "Reemplaza a ADR-3",
        "Substitui: ADR-3",
        "Vervangt ADR-3",
        "Заменяет ADR-3",
        "取代 ADR-3",
        "ADR-3を置き換える",
        "ADR-3를 대체",
    ] {
        assert_eq!(said(text), [(Supersedes, 3)], "{text}");
    }
    assert_eq!(said("Reemplaza parcialmente a ADR-3"), [(Relation::Amends, 3)]);
}

#[test]
fn prose_of_other_languages_claims_nothing() {
    for text in [
        "Remplaçons la file de ADR-3.",
        "Este ADR no reemplaza a ADR-3.",
        "La cola remplace celle de ADR-3.",
        "Der neue Dienst ersetzt ADR-3 nicht.",
        "Der Dienst wird durch ADR-3 ersetzt.",
        "Cet écran est remplacé par celui de ADR-3.",
        "- 替代方案：见 ADR-3",
        "缓存被 ADR-3 取代",
    ] {
        assert_eq!(said(text), [], "{text}");
    }
}

#[test]
fn a_status_that_does_something_is_not_done() {
    let status = |text: &'static str| {
        read(&[Source { file: "0001-x.md".into(), text, named: false }]).records.remove(0).status.status
    };
    assert_eq!(status("# X\n\n## Status\n\nAkzeptiert\n\nErsetzt ADR-3\n"), Some(Accepted));
    assert_eq!(status("# X\n\n## Status\n\nAngenommen 2024, abgelöst durch ADR-3\n"), Some(Superseded));
    assert_eq!(status("# X\n\n## Status\n\nWurde durch ADR-3 ersetzt\n"), Some(Superseded));
    assert_eq!(status("# X\n\n## Status\n\nAngenommen, teilweise ersetzt durch ADR-3\n"), Some(Accepted));
    assert_eq!(status("# X\n\nEstado: propuesta | vigente | reemplazada\n"), None);
    assert_eq!(status("# X\n\n## Statut\n\nAccepté\n\n## Contexte\n\nRefusé.\n"), Some(Accepted));
}

#[test]
fn a_whole_record_of_another_language_is_read() {
    let text = "# 7. Garder les sessions\n\nDate : 14 janvier 2026\nDécideurs : Anne, Zoé\n\n## Statut\n\nAccepté\n\n## Contexte\n\na\n\n\
                ## Décision\n\nb\n\n## Conséquences\n\n* c\n";
    let record = read(&[Source { file: "0007-sessions.md".into(), text, named: false }]).records.remove(0);
    assert_eq!(
        (record.status.status, record.date.map(|date| date.to_string())),
        (Some(Accepted), Some("2026-01-14".into()))
    );
    assert_eq!(record.people.deciders, ["Anne", "Zoé"]);
    let slots = super::super::Slots::of(&record.preamble, &record.sections);
    assert_eq!((&*slots.decision, slots.neutral), ("b\n", vec!["c".to_owned()]));
    let english = "# X\n\n**Data:** we store rows of the first load, which we made on 2020-01-01\n";
    assert_eq!(read(&[Source { file: "0001-x.md".into(), text: english, named: false }]).records.remove(0).date, None);
}
