//! Every duty × every action × every state, beside a table that says what is right.

use super::*;
use crate::dossier::DossierStatus as S;
use crate::life::Act;
use crate::work::WorkAct;

const STATES: [S; 10] = [
    S::New,
    S::Received,
    S::Refused,
    S::Processing,
    S::SupplementRequested,
    S::PaymentRequested,
    S::Withdrawn,
    S::Stopped,
    S::Done,
    S::Returned,
];

fn grant(duty: Duty) -> Grant {
    Grant {
        duty,
        agencies: vec!["Sở Y tế".into()],
        procedures: vec![super::EVERY.into()],
    }
}

const fn subject(status: S, before: Option<S>, step: Option<Duty>) -> Subject<'static> {
    Subject {
        agency: "Sở Y tế",
        procedure: "1.000001",
        status,
        before,
        step,
    }
}

/// The letters of the duties that may (R, P, L), by state in the order of the national codes; `-` is nobody. Supplements were asked
/// for before the dossier was received; the step of processing is the processing officer's.
const TABLE: &[(Action, [&str; 10])] = &[
    (Action::View, ["RPL"; 10]),
    (Action::Write, ["RPL"; 10]),
    (Action::Settle, ["R"; 10]),
    (
        Action::PrepareResult,
        ["-", "-", "-", "PL", "-", "-", "-", "-", "PL", "-"],
    ),
    (
        Action::SignResult,
        ["-", "-", "-", "L", "-", "-", "-", "-", "L", "-"],
    ),
    (
        Action::SealResult,
        ["-", "-", "-", "RL", "-", "-", "-", "-", "RL", "-"],
    ),
    (Action::SignSlip, ["RPL"; 10]),
    (
        Action::Act(Act::Receive),
        ["R", "-", "-", "-", "-", "-", "-", "-", "-", "-"],
    ),
    (
        Action::Act(Act::Refuse),
        ["R", "-", "-", "-", "R", "-", "-", "-", "-", "-"],
    ),
    (
        Action::Act(Act::AskSupplement),
        ["R", "R", "-", "P", "-", "-", "-", "-", "-", "-"],
    ),
    (
        Action::Act(Act::TakeBackSupplement),
        ["-", "-", "-", "-", "R", "-", "-", "-", "-", "-"],
    ),
    (
        Action::Act(Act::Process),
        ["-", "R", "-", "-", "-", "R", "-", "-", "-", "-"],
    ),
    (
        Action::Act(Act::Finish),
        ["-", "-", "-", "L", "-", "-", "-", "-", "-", "-"],
    ),
    (
        Action::Act(Act::Return),
        ["-", "-", "-", "-", "-", "-", "-", "-", "R", "-"],
    ),
    (
        Action::Act(Act::Stop),
        ["-", "L", "-", "L", "-", "L", "-", "-", "-", "-"],
    ),
    (Action::Act(Act::Supplement), ["-"; 10]),
    (Action::Act(Act::Withdraw), ["-"; 10]),
    (
        Action::Work(WorkAct::Advance),
        ["-", "-", "-", "P", "-", "-", "-", "-", "-", "-"],
    ),
    (
        Action::Work(WorkAct::SendBack),
        ["-", "-", "-", "P", "-", "-", "-", "-", "-", "-"],
    ),
    (
        Action::Work(WorkAct::Take),
        ["-", "-", "-", "P", "-", "-", "-", "-", "-", "-"],
    ),
    (
        Action::Work(WorkAct::Assign),
        ["-", "-", "-", "L", "-", "-", "-", "-", "-", "-"],
    ),
    (
        Action::Work(WorkAct::Apologise),
        ["-", "PL", "-", "PL", "-", "PL", "-", "-", "-", "-"],
    ),
    (
        Action::Work(WorkAct::AllowSupplement),
        ["L", "L", "-", "L", "-", "-", "-", "-", "-", "-"],
    ),
    (Action::Feedback, ["-"; 10]),
    (Action::Audit, ["-"; 10]),
    (Action::Statistics, ["-"; 10]),
    (Action::Rights, ["-"; 10]),
    (Action::Catalogue, ["-"; 10]),
];

const LETTERS: [(Duty, char); 5] = [
    (Duty::Reception, 'R'),
    (Duty::Processing, 'P'),
    (Duty::Leader, 'L'),
    (Duty::Administrator, 'A'),
    (Duty::Auditor, 'V'),
];

#[test]
fn every_duty_may_exactly_what_the_table_says_in_every_state() {
    for (action, cells) in TABLE {
        for (status, cell) in STATES.into_iter().zip(cells) {
            let before = (status == S::SupplementRequested).then_some(S::New);
            let dossier = subject(status, before, Some(Duty::Processing));
            for (duty, letter) in LETTERS {
                let allowed = may(&[grant(duty)], *action, &dossier);
                assert_eq!(
                    allowed.is_ok(),
                    cell.contains(letter),
                    "{duty:?} {action:?} {status:?}: {allowed:?}"
                );
            }
            assert_eq!(may(&[], *action, &dossier), Err(Refusal::Hidden));
        }
    }
}

#[test]
fn the_table_leaves_no_act_out() {
    for act in Act::ALL {
        assert!(TABLE.iter().any(|(action, _)| *action == Action::Act(act)));
    }
    for act in WorkAct::ALL {
        assert!(TABLE.iter().any(|(action, _)| *action == Action::Work(act)));
    }
}

#[test]
fn a_step_is_moved_on_by_whose_it_is() {
    for (step, duty, right) in [
        (Duty::Leader, Duty::Leader, true),
        (Duty::Leader, Duty::Processing, false),
        (Duty::Processing, Duty::Leader, false),
        (Duty::Reception, Duty::Reception, true),
    ] {
        let dossier = subject(S::Processing, None, Some(step));
        let allowed = may(&[grant(duty)], Action::Work(WorkAct::Advance), &dossier);
        assert_eq!(allowed.is_ok(), right, "{step:?} {duty:?}");
    }
}

#[test]
fn what_was_asked_while_it_was_worked_on_is_taken_back_by_who_works_on_it() {
    let dossier = subject(S::SupplementRequested, Some(S::Processing), None);
    let action = Action::Act(Act::TakeBackSupplement);
    assert_eq!(may(&[grant(Duty::Processing)], action, &dossier), Ok(()));
    assert_eq!(
        may(&[grant(Duty::Reception)], action, &dossier),
        Err(Refusal::Duty)
    );
}

#[test]
fn another_agency_and_another_procedure_see_nothing() {
    let dossier = subject(S::New, None, None);
    for duty in Duty::ALL {
        let elsewhere = Grant {
            agencies: vec!["Sở Nội vụ".into()],
            ..grant(duty)
        };
        let other = Grant {
            procedures: vec!["1.000002".into()],
            ..grant(duty)
        };
        let nothing = Grant {
            agencies: Vec::new(),
            ..grant(duty)
        };
        for grant in [elsewhere, other, nothing] {
            for (action, _) in TABLE {
                assert_eq!(
                    may(std::slice::from_ref(&grant), *action, &dossier),
                    Err(Refusal::Hidden)
                );
            }
        }
    }
    // A duty here and another there do not make both everywhere.
    let mixed = [
        grant(Duty::Reception),
        Grant {
            agencies: vec!["Sở Nội vụ".into()],
            ..grant(Duty::Leader)
        },
    ];
    let dossier = subject(S::Processing, None, None);
    let finish = Action::Act(Act::Finish);
    assert_eq!(may(&mixed, finish, &dossier), Err(Refusal::Duty));
}

#[test]
fn what_is_about_no_dossier_has_its_own_duties() {
    let table = [
        (Action::Feedback, "R"),
        (Action::Audit, "V"),
        (Action::Statistics, "LAV"),
        (Action::Rights, "A"),
        (Action::Catalogue, "A"),
        (Action::View, ""),
        (Action::Settle, ""),
    ];
    for (action, letters) in table {
        for (duty, letter) in LETTERS {
            let everywhere = Grant {
                agencies: vec![super::EVERY.into()],
                ..grant(duty)
            };
            let nowhere = Grant {
                agencies: Vec::new(),
                ..grant(duty)
            };
            let right = letters.contains(letter);
            assert_eq!(
                may_at_desk(&[everywhere], action),
                right,
                "{action:?} {duty:?}"
            );
            // What is of all agencies is nobody's who is limited to one.
            let of_all = matches!(action, Action::Audit | Action::Rights | Action::Catalogue);
            assert_eq!(
                may_at_desk(&[grant(duty)], action),
                right && !of_all,
                "{action:?} {duty:?}"
            );
            assert!(!may_at_desk(&[nowhere], action), "{action:?} {duty:?}");
        }
    }
}
