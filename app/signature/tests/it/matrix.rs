//! A sample of all that is written: each algorithm, level and kind of file at least once. All of it, before outside judges, is
//! `end2end/judge/matrix.py`.

use crate::support::begun::NOW;
use crate::support::matrix::{ALGORITHMS, KINDS, LEVELS, cell};
use contract::validation::Verdict;

#[test]
fn each_algorithm_level_and_kind_of_file_is_valid_and_reaches_its_level() {
    let count = ALGORITHMS.len() * LEVELS.len();
    for (place, (algorithm, (name, level))) in ALGORITHMS
        .iter()
        .flat_map(|algorithm| LEVELS.iter().map(move |level| (algorithm, level)))
        .enumerate()
    {
        // Sixteen of ninety-six, no kind of file beside one level or algorithm alone.
        let kind = KINDS[(place + place / LEVELS.len()) % KINDS.len()];
        let (bytes, report) = cell(algorithm, *level, kind, NOW);
        assert_eq!(
            report.verdict,
            Verdict::Valid,
            "{algorithm} {name} {kind}: {report:#?}"
        );
        assert_eq!(
            report.signatures[0].level, *level,
            "{algorithm} {name} {kind}"
        );
        assert!(bytes.len() > 4000);
    }
    assert_eq!(count, 16);
}
