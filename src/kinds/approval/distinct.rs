//! A group whose parts must be met by different people.
//!
//! Each way to meet it is a list of places to fill; a way is open if every place can have a person of its own, which is a
//! matching in a bipartite graph (found by augmenting paths: H. W. Kuhn, *The Hungarian method*, 1955, without weights).

use super::requirement::{Form, Requirement};
use super::voice::Voice;
use super::weigh::counts;

/// More ways than this are refused when the spec is read.
pub(super) const MOST_WAYS: usize = 256;

/// More places than this, people of one role counted each, are refused too.
const MOST_PLACES: usize = 64;

/// A way to meet a requirement: what must be met, each once for every person that it asks for.
type Way<'r> = Vec<&'r Requirement>;

/// Every way to meet a requirement; none where there are too many.
pub(super) fn ways(requirement: &Requirement) -> Option<Vec<Way<'_>>> {
    match requirement.form() {
        Form::People(count) => {
            let count = count as usize;
            (count <= MOST_PLACES).then(|| vec![vec![requirement; count]])
        }
        Form::Group(count, parts) => {
            let parts = parts.iter().map(ways).collect::<Option<Vec<_>>>()?;
            choices(&parts, count as usize)
        }
    }
}

/// Every way to meet `count` of these parts.
fn choices<'r>(parts: &[Vec<Way<'r>>], count: usize) -> Option<Vec<Way<'r>>> {
    // Of each number of parts met so far, the ways to meet them.
    let mut open: Vec<Vec<Way<'r>>> = vec![Vec::new(); count + 1];
    open[0].push(Vec::new());
    for part in parts {
        for met in (0..count).rev() {
            let longer: Vec<Way<'r>> = open[met]
                .iter()
                .flat_map(|way| part.iter().map(move |more| way.iter().chain(more).copied().collect()))
                .take(MOST_WAYS + 1)
                .collect();
            open[met + 1].extend(longer);
            let fits = open[met + 1].len() <= MOST_WAYS && open[met + 1].iter().all(|way| way.len() <= MOST_PLACES);
            if !fits {
                return None;
            }
        }
    }
    open.pop()
}

/// Whether these voices meet a requirement with a person of its own for every place. Somebody whom nothing names may be any of the
/// others, and so counts by themselves alone.
pub(super) fn is_met(requirement: &Requirement, voices: &[&Voice]) -> bool {
    let (named, unnamed): (Vec<&Voice>, Vec<&Voice>) = voices.iter().partition(|voice| voice.by.is_some());
    let met = |voices: &[&Voice]| could_be_met(requirement, voices.len(), |part, voice| counts(part, voices[voice]));
    met(&named) || unnamed.iter().any(|voice| met(&[voice]))
}

/// Whether so many people meet a requirement with one of them for every place, where `fits` says who fits what.
pub(super) fn could_be_met(
    requirement: &Requirement,
    people: usize,
    fits: impl Fn(&Requirement, usize) -> bool,
) -> bool {
    // What has too many ways was refused when the spec was read.
    ways(requirement).unwrap_or_default().iter().any(|way| {
        let mut taken: Vec<Option<usize>> = vec![None; people];
        (0..way.len())
            .all(|place| seat(place, &|place, person| fits(way[place], person), &mut taken, &mut vec![false; people]))
    })
}

/// Finds a person for a place, moving others where that helps.
fn seat(place: usize, fits: &dyn Fn(usize, usize) -> bool, taken: &mut [Option<usize>], tried: &mut [bool]) -> bool {
    for person in 0..taken.len() {
        if tried[person] || !fits(place, person) {
            continue;
        }
        tried[person] = true;
        let is_free = match taken[person] {
            None => true,
            Some(other) => seat(other, fits, taken, tried),
        };
        if is_free {
            taken[person] = Some(place);
            return true;
        }
    }
    false
}
