use super::*;

fn arrows(ties: &[(usize, usize, Tie)]) -> Vec<Arrow> {
    ties.iter().map(|&(from, to, tie)| Arrow { from, to, tie }).collect()
}

fn columns(count: usize, ties: &[(usize, usize, Tie)]) -> Vec<i32> {
    layout(count, &arrows(ties)).boxes.iter().map(|(x, _)| x / (BOX.0 + GAP)).collect()
}

/// Ties as a hundred decisions could have them, the same at every run.
fn many(count: usize) -> Vec<Arrow> {
    let mut seed: usize = 7;
    let mut next = move |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let tie = |n: usize| [Tie::Supersedes, Tie::Amends, Tie::Relates].get(n % 3).copied().unwrap();
    (0..count * 3 / 2).map(|n| Arrow { from: next(count), to: next(count), tie: tie(n) }).collect()
}

#[test]
fn the_newer_stands_to_the_right_of_what_it_takes_the_place_of() {
    use Tie::{Amends, Relates, Supersedes};
    assert_eq!(columns(3, &[(1, 0, Supersedes), (2, 1, Supersedes)]), [0, 1, 2]);
    assert_eq!(columns(3, &[(1, 0, Supersedes), (2, 1, Amends), (2, 0, Supersedes)]), [0, 1, 2]);
    // What has nothing older stands next to its successor.
    assert_eq!(columns(4, &[(1, 0, Supersedes), (2, 1, Supersedes), (2, 3, Amends)]), [0, 1, 2, 1]);
    // What is only related is put beside, and a chain of it is no longer than two columns.
    assert_eq!(columns(3, &[(1, 0, Supersedes), (2, 1, Relates)]), [0, 1, 2]);
    let chain: Vec<(usize, usize, Tie)> = (0..9).map(|n| (n + 1, n, Relates)).collect();
    assert_eq!(columns(10, &chain).iter().max(), Some(&1));
}

#[test]
fn circles_have_a_place_too() {
    use Tie::Supersedes;
    assert_eq!(columns(3, &[(0, 1, Supersedes), (1, 2, Supersedes), (2, 0, Supersedes)]), [0, 2, 1]);
    let itself = layout(1, &arrows(&[(0, 0, Supersedes)]));
    assert!(matches!(itself.ways[..], [Way::Around { .. }]));
    assert_eq!(itself.size, (BOX.0 + 26, BOX.1));
}

#[test]
fn no_box_lies_upon_another_and_no_way_begins_outside_its_box() {
    for count in [2, 20, 100] {
        let arrows = many(count);
        let laid = layout(count, &arrows);
        assert_eq!(laid, layout(count, &arrows), "the same for the same");
        for (n, a) in laid.boxes.iter().enumerate() {
            assert!(a.0 >= 0 && a.1 >= 0 && a.0 + BOX.0 <= laid.size.0 && a.1 + BOX.1 <= laid.size.1);
            let apart = |b: &&Point| a.0 != b.0 || (a.1 - b.1).abs() >= BOX.1;
            assert!(laid.boxes[n + 1..].iter().all(|b| apart(&b)), "{count}: {n}");
        }
        for (arrow, way) in arrows.iter().zip(&laid.ways) {
            let (from, to) = match way {
                Way::Through(points) => (points[0], points[points.len() - 1]),
                Way::Around { from, to, .. } => (*from, *to),
            };
            for (index, end) in [(arrow.from, from), (arrow.to, to)] {
                let (x, y) = laid.boxes[index];
                assert!((end.0 == x || end.0 == x + BOX.0) && (y..=y + BOX.1).contains(&end.1), "{arrow:?} {way:?}");
            }
        }
    }
}

#[test]
fn two_ties_that_need_not_cross_do_not() {
    let crossed =
        arrows(&[(2, 1, Tie::Supersedes), (3, 0, Tie::Supersedes), (3, 1, Tie::Relates), (2, 0, Tie::Relates)]);
    let layers = layers::layers(4, &crossed[..2]);
    let mut grid = order::Grid::of(&layers, &crossed[..2]);
    grid.untangle();
    assert_eq!(grid.crossings(), 0);
}

#[test]
fn a_long_history_is_drawn_in_time() {
    let chain: Vec<(usize, usize, Tie)> = (0..3000).map(|n| (n + 1, n, Tie::Supersedes)).collect();
    let long: Vec<(usize, usize, Tie)> = (2..40).map(|n| (3000, n * 70, Tie::Relates)).collect();
    assert_eq!(layout(3001, &arrows(&[chain, long].concat())).boxes.len(), 3001);
}
