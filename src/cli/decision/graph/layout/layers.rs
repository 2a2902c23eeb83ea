//! In which layer each decision stands.

use std::collections::{BTreeSet, VecDeque};

use super::{Arrow, at};
use crate::kinds::decision::graph::Tie;

/// The layer of each decision, from 0 for the oldest: the longest way along what supersedes and amends. What only relates to
/// others stands beside them.
pub(super) fn layers(count: usize, arrows: &[Arrow]) -> Vec<usize> {
    let strong: Vec<Arrow> =
        arrows.iter().filter(|arrow| arrow.tie != Tie::Relates && arrow.from != arrow.to).copied().collect();
    let order = oldest_first(count, &strong);
    let mut rank = vec![0; count];
    order.iter().enumerate().for_each(|(place, &index)| set(&mut rank, index, place));
    // Each tie leads from a lower rank to a higher; those against it lie on circles.
    let mut older: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut newer: Vec<Vec<usize>> = vec![Vec::new(); count];
    for arrow in &strong {
        let is_up = at(&rank, arrow.to) < at(&rank, arrow.from);
        let (low, high) = if is_up { (arrow.to, arrow.from) } else { (arrow.from, arrow.to) };
        older.get_mut(high).into_iter().for_each(|list| list.push(low));
        newer.get_mut(low).into_iter().for_each(|list| list.push(high));
    }
    let mut layers = vec![0; count];
    for &index in &order {
        let below = older.get(index).into_iter().flatten().map(|&other| at(&layers, other) + 1).max();
        set(&mut layers, index, below.unwrap_or_default());
    }
    // What has nothing older moves next to what came after it, so that ties are short.
    for &index in order.iter().filter(|&&index| older.get(index).is_some_and(Vec::is_empty)) {
        let above = newer.get(index).into_iter().flatten().map(|&other| at(&layers, other)).min();
        above.into_iter().for_each(|above| set(&mut layers, index, above.saturating_sub(1)));
    }
    beside(count, arrows, &strong, &mut layers);
    layers
}

fn set(list: &mut [usize], index: usize, value: usize) {
    list.get_mut(index).into_iter().for_each(|slot| *slot = value);
}

/// All decisions so that each comes behind those that it supersedes and amends. Where a circle leaves no such one, the one of
/// the lowest place comes next.
fn oldest_first(count: usize, strong: &[Arrow]) -> Vec<usize> {
    let mut waits = vec![0_usize; count];
    let mut newer: Vec<Vec<usize>> = vec![Vec::new(); count];
    for arrow in strong {
        waits.get_mut(arrow.from).into_iter().for_each(|waits| *waits += 1);
        newer.get_mut(arrow.to).into_iter().for_each(|list| list.push(arrow.from));
    }
    let mut left: BTreeSet<usize> = (0..count).collect();
    let mut ready: BTreeSet<usize> = left.iter().copied().filter(|&index| at(&waits, index) == 0).collect();
    let mut order = Vec::with_capacity(count);
    while let Some(next) = ready.pop_first().or_else(|| left.first().copied()) {
        if !left.remove(&next) {
            continue;
        }
        order.push(next);
        for &index in newer.get(next).into_iter().flatten() {
            let Some(waits) = waits.get_mut(index) else { continue };
            *waits = waits.saturating_sub(1);
            if *waits == 0 && left.contains(&index) {
                ready.insert(index);
            }
        }
    }
    order
}

/// Puts each decision that neither supersedes nor amends into a column beside one that it relates to.
fn beside(count: usize, arrows: &[Arrow], strong: &[Arrow], layers: &mut [usize]) {
    let mut near: Vec<Vec<usize>> = vec![Vec::new(); count];
    for arrow in arrows.iter().filter(|arrow| arrow.from != arrow.to) {
        near.get_mut(arrow.from).into_iter().for_each(|list| list.push(arrow.to));
        near.get_mut(arrow.to).into_iter().for_each(|list| list.push(arrow.from));
    }
    let mut placed: BTreeSet<usize> = strong.iter().flat_map(|arrow| [arrow.from, arrow.to]).collect();
    if placed.is_empty() {
        let hub = (0..count).max_by_key(|&index| (near.get(index).map_or(0, Vec::len), count - index));
        placed.extend(hub);
    }
    let mut open: VecDeque<(usize, bool)> = placed.iter().map(|&index| (index, true)).collect();
    while let Some((index, up)) = open.pop_front() {
        for &other in near.get(index).into_iter().flatten() {
            if placed.insert(other) {
                let here = at(layers, index);
                // Up and down again: a chain of relations takes two columns, and not as many as it is long.
                set(layers, other, if up { here + 1 } else { here.saturating_sub(1) });
                open.push_back((other, !up));
            }
        }
    }
}
