//! `slo/objective`: a service level holds, and does not go through its budget too fast.

use std::sync::Arc;

use super::account::Account;
use super::burn::Fire;
use super::figures::Figures;
use super::ground::Ground;
use super::state::{Known, State, known};
use super::target::{Target, Whole, targets};
use super::words;
use crate::kinds::{Asked, Body, Case, Findings, RuleDef, Seen};
use crate::model::{Code, Drift, Duration, Kind, NoAnswer, Question, Rule, Severity, Standing, Timestamp, Window};

/// The rule.
pub static RULE: RuleDef = RuleDef {
    rule: Rule::SloObjective,
    kind: Some(Kind::Slo),
    applies: |_| true,
    asks,
    judge,
    means: "The good share over the SLO's window is at least the target, and nothing burns its budget too fast: no pair of \
            windows exceeds its factor in both, or no condition of its alert policies holds. Windows are (now - length, \
            now]; a task counts at its finish; exceeding means strictly greater. Fewer than 10 events prove nothing, \
            unless the policy's `minEvents` says otherwise. A burn opens on what exceeds now, and eases when its short \
            window has not exceeded for its own length. What cannot be evaluated is unknown, never healthy.",
};

fn targets_of(case: &Case<'_>) -> Vec<Target> {
    match (case.spec, case.body()) {
        (Some(spec), Some(Body::Slo(slo))) => targets(case.specs, spec, slo),
        _ => Vec::new(),
    }
}

fn asks(case: &Case<'_>) -> Vec<Question> {
    let mut questions = Vec::new();
    for question in targets_of(case).iter().filter(|target| target.judged).flat_map(Target::questions) {
        if !questions.contains(&question) {
            questions.push(question);
        }
    }
    questions
}

fn judge(case: &Case<'_>, asked: &Asked<'_>, findings: &mut Findings) -> Result<(), NoAnswer> {
    let targets = targets_of(case);
    let several = targets.iter().filter(|target| target.judged).count() > 1;
    for target in targets.iter().filter(|target| target.judged) {
        let known = known(target, asked);
        if let Some(at) = due(target, &known, asked.now) {
            findings.due(at);
        }
        let name = words::name(case.title(), target, several);
        if let (Some(spec), Some(figures)) = (case.spec, &known.figures) {
            findings.samples.push(figures.sample(&spec.id, &target.subject, known.state.word()));
        }
        if let Some(standing) = standing(case, target, &name, &known, asked.now) {
            findings.stands(target.subject.clone(), standing);
        }
    }
    Ok(())
}

/// How things stand, unless the objective holds.
fn standing(case: &Case<'_>, target: &Target, name: &str, known: &Known, now: Timestamp) -> Option<Standing> {
    let unknown = |reason: String| Some(Standing::Unknown(NoAnswer { reason: reason.into(), since: now }));
    let burning = known.figures.iter().flat_map(|figures| &figures.burns);
    let burning = burning.filter(|burn| burn.fire == Fire::Burns && burn.alarm.speaks());
    let burns = burning.map(|burn| burn.alarm.severity()).max();
    let (code, severity) = match (&known.state, burns) {
        (State::NotEvaluated(why), _) => return unknown(format!("not evaluated: {why}")),
        (State::CannotEvaluate(why), _) => return unknown(format!("cannot be evaluated: {why}")),
        (State::NoAnswer(none), _) => return Some(Standing::Unknown(none.clone())),
        (State::NoData, _) => match no_data(target) {
            Some(severity) => (Code::SloNoData, severity),
            None => return unknown("no data: its source answers, and has nothing".into()),
        },
        (State::Exhausted, burns) => (Code::SloBudgetSpent, burns.map_or(Severity::High, |it| it.max(Severity::High))),
        (State::Burning, Some(severity)) => (Code::SloBurning, severity),
        (State::Burning, None) => return easing(known.figures.as_ref()?, now).map(Standing::Unsettled),
        _ => return None,
    };
    let drift = Drift {
        place: case.line(target.line),
        ..case.drift(seen(target, name, known.figures.as_ref(), (code, severity)), now)
    };
    Some(Standing::Drift(Arc::new(drift)))
}

/// How bad it is that there are no data; nothing where no alert policy wants to hear of that.
fn no_data(target: &Target) -> Option<Severity> {
    target.whole.iter().flat_map(Whole::objectives).filter_map(|objective| objective.no_data).max()
}

/// What was too fast last, and how long ago; nothing where nobody wanted to hear of it in the first place.
fn easing(figures: &Figures, now: Timestamp) -> Option<Arc<str>> {
    let last = figures.burns.iter().filter(|burn| burn.alarm.speaks()).filter_map(|burn| match burn.fire {
        Fire::Eases(last) => Some((last, burn.alarm.short(), burn.alarm.ease())),
        _ => None,
    });
    let (last, short, ease) = last.max()?;
    Some(format!("the short window of {short} exceeded {} ago; it must stay below for {ease}", now.since(last)).into())
}

fn seen(target: &Target, name: &str, figures: Option<&Figures>, (code, severity): (Code, Severity)) -> Seen {
    let over = figures.map_or_else(String::new, |figures| figures.window.to_string());
    let (what, verify) = match code {
        Code::SloBudgetSpent => {
            ("the error budget is spent", format!("the good share over {over} is at least the target"))
        }
        Code::SloNoData => ("its source has no data", "its source gives data again".to_owned()),
        _ => (
            "the error budget goes too fast",
            "nothing burns too fast, and the short windows have been quiet for as long as they must".to_owned(),
        ),
    };
    let (desired, answer, how) = match figures {
        Some(figures) => (
            words::desired(figures),
            words::answer(figures),
            "find what the bad events have in common and mend its cause; what no longer fits may be changed in the SLO by \
             pull request",
        ),
        None => (
            "its source gives data".to_owned(),
            "its source answers, and has nothing".to_owned(),
            "find out why nothing is measured any more: the exporter, the scrape, or the query of the indicator",
        ),
    };
    Seen {
        subject: target.subject.clone(),
        code,
        severity,
        title: format!("{name}: {what}"),
        desired,
        question: if over.is_empty() {
            "what has its source measured?".to_owned()
        } else {
            format!("how much of what happened over {over} was good?")
        },
        answer,
        how: how.into(),
        verify,
    }
}

/// When time alone may change the verdict: something leaves a window that holds something bad, a burn has eased or lasted, a
/// slice ends, or a calendar begins anew. Never sooner than a sixtieth of the shortest window, nor than a second.
pub(super) fn due(target: &Target, known: &Known, now: Timestamp) -> Option<Timestamp> {
    let whole = target.whole.as_ref().ok()?;
    let shortest = whole.objectives().flat_map(|it| it.alarms.iter().map(|alarm| alarm.short())).min();
    let shortest = shortest.unwrap_or(Duration::from_mins(1));
    let soonest = now.plus(shortest.scaled(1, 60).max(Duration::from_secs(1)));
    let moment = Duration::from_millis(1);
    let Some(figures) = &known.figures else {
        // Before its calendar begins there are no figures.
        let begins = whole.objectives().filter_map(|objective| match &objective.window {
            Window::Calendar(calendar) => calendar.begins(),
            Window::Rolling(_) => None,
        });
        return begins.filter(|&at| at > now).min();
    };
    let fires = figures.burns.iter().filter_map(|burn| match burn.fire {
        Fire::Eases(last) => Some(last.plus(burn.alarm.ease())),
        Fire::Out
            if burn.alarm.after() > Duration::default() && (figures.spent > 0.0 || burn.alarm.is_quiet_loud()) =>
        {
            Some(now.plus(burn.alarm.after().scaled(1, 4)))
        }
        _ => None,
    });
    let anew = matches!(figures.window, Window::Calendar(_)).then(|| figures.bounds.until.plus(moment));
    // What sources of metrics say moves when they are asked again.
    let of_tasks =
        whole.objectives().zip(known.grounds.iter()).filter(|(objective, _)| objective.measured.is_of_tasks());
    let leaves = of_tasks.filter_map(|(_, ground)| match ground {
        Ground::Account { account, .. } => moves(account, figures, now),
        Ground::Totals(_) => None,
    });
    fires.chain(anew).chain(leaves).min().map(|at| at.max(soonest))
}

/// When something first leaves a window in which that makes a difference, or comes to be.
fn moves(account: &Account, figures: &Figures, now: Timestamp) -> Option<Timestamp> {
    let of_alarms = figures.burns.iter().flat_map(|burn| {
        let always = burn.alarm.is_quiet_loud();
        [burn.alarm.long(), burn.alarm.short()].map(|window| (window, always))
    });
    let rolling = match &figures.window {
        Window::Rolling(window) => Some((*window, false)),
        Window::Calendar(_) => None,
    };
    let windows = of_alarms.chain(rolling).filter(|&(window, always)| always || account.last(window, now).bad > 0);
    let leaves =
        windows.filter_map(|(window, _)| Some(account.moments(now.minus(window), now).first()?.plus(window))).min();
    let ahead = account.moments(now, Timestamp::from_millis(i64::MAX)).first().copied();
    [leaves, ahead].into_iter().flatten().min()
}
