//! What may happen to a payment: one function for store, page and tests.

use crate::payment::due;
use crate::value::Dong;
use serde::{Deserialize, Serialize};

/// How a payment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PaymentState {
    /// There is nothing to pay.
    Free,
    /// An exemption leaves nothing to pay.
    Exempt,
    /// Something is to be paid.
    Unpaid,
    /// The applicant says that money was transferred; an officer looks at the account.
    Announced,
    /// All is paid.
    Paid,
    /// What was paid was given back.
    Refunded,
}

/// What happens to a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PaymentAct {
    /// The applicant chose another way to pay.
    Chosen,
    /// The applicant went to the gateway.
    Started,
    /// `Tôi đã chuyển khoản`.
    Announced,
    /// The gateway says that it was paid.
    PaidOnline,
    /// The gateway declined, or the person did.
    Declined,
    /// The gateway's page was left alone too long.
    Expired,
    /// An officer found the transfer in the account.
    TransferConfirmed,
    /// An officer took the money at the counter.
    CashReceived,
    /// An officer did not find the transfer.
    TransferMissing,
    /// An officer gave back what was paid.
    Refunded,
    /// An officer saw the proof of an exemption.
    ExemptionAccepted,
    /// An officer refused an exemption: the whole fee is to be paid.
    ExemptionRefused,
}

impl PaymentAct {
    /// Whether an officer does it.
    #[must_use]
    pub const fn is_officers(self) -> bool {
        matches!(
            self,
            Self::TransferConfirmed
                | Self::CashReceived
                | Self::TransferMissing
                | Self::Refunded
                | Self::ExemptionAccepted
                | Self::ExemptionRefused
        )
    }
}

/// What a payment stands at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// What is owed all in all.
    pub amount: Dong,
    /// What would be owed without the exemption.
    pub full: Dong,
    /// What was paid.
    pub paid: Dong,
    /// State.
    pub state: PaymentState,
    /// Whether an exemption is claimed.
    pub exempt: bool,
    /// What was decided on it.
    pub accepted: Option<bool>,
}

/// The act does not fit the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the payment's state does not allow it")]
pub struct NotAllowed;

impl Standing {
    /// How a payment begins.
    #[must_use]
    pub const fn new(amount: Dong, full: Dong, exempt: bool) -> Self {
        let state = match (amount.0, exempt && full.0 > 0) {
            (1.., _) => PaymentState::Unpaid,
            (_, true) => PaymentState::Exempt,
            _ => PaymentState::Free,
        };
        Self {
            amount,
            full,
            paid: Dong(0),
            state,
            exempt,
            accepted: None,
        }
    }

    /// What is still to be paid.
    #[must_use]
    pub fn due(&self) -> Dong {
        due(self.amount, self.paid)
    }

    /// What stands after an act; `money` is what came with it.
    ///
    /// # Errors
    /// [`NotAllowed`].
    pub fn after(mut self, act: PaymentAct, money: Dong) -> Result<Self, NotAllowed> {
        use PaymentAct as A;
        use PaymentState as S;
        let open = matches!(self.state, S::Unpaid | S::Announced);
        match act {
            A::Chosen | A::Started if open => {}
            A::Announced if self.state == S::Unpaid => self.state = S::Announced,
            // Money that came is never denied: paid twice is told and given back by people.
            A::PaidOnline if money.0 > 0 => {
                self.paid = Dong(self.paid.0.saturating_add(money.0));
                if self.due().0 == 0 {
                    self.state = S::Paid;
                }
            }
            // Nothing came; where it was paid meanwhile nothing changes either.
            A::Declined | A::Expired => {}
            A::TransferConfirmed | A::CashReceived if open => {
                self.paid = Dong(self.paid.0.saturating_add(self.due().0));
                self.state = S::Paid;
            }
            A::TransferMissing if self.state == S::Announced => self.state = S::Unpaid,
            A::Refunded if self.paid.0 > 0 => {
                self.paid = Dong(0);
                self.state = S::Refunded;
            }
            A::ExemptionAccepted if self.exempt && self.accepted.is_none() => {
                self.accepted = Some(true);
            }
            A::ExemptionRefused if self.exempt && self.accepted.is_none() => {
                self.accepted = Some(false);
                self.amount = self.full;
                if self.due().0 > 0 && self.state != S::Refunded {
                    self.state = S::Unpaid;
                }
            }
            _ => return Err(NotAllowed),
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use PaymentAct as A;
    use PaymentState as S;
    use proptest::prelude::*;

    fn unpaid(amount: i64) -> Standing {
        Standing::new(Dong(amount), Dong(amount), false)
    }

    fn walk(from: Standing, acts: &[A]) -> Result<Standing, NotAllowed> {
        acts.iter()
            .try_fold(from, |standing, act| standing.after(*act, Dong(8000)))
    }

    #[test]
    fn a_payment_begins_as_its_amount_says() {
        assert_eq!(unpaid(8000).state, S::Unpaid);
        assert_eq!(unpaid(0).state, S::Free);
        assert_eq!(Standing::new(Dong(0), Dong(8000), true).state, S::Exempt);
        assert_eq!(Standing::new(Dong(4000), Dong(8000), true).state, S::Unpaid);
    }

    #[test]
    fn a_transfer_is_announced_then_confirmed_or_not_found() {
        let paid = walk(unpaid(8000), &[A::Announced, A::TransferConfirmed]).expect("allowed");
        assert_eq!(
            (paid.state, paid.paid, paid.due()),
            (S::Paid, Dong(8000), Dong(0))
        );
        let missing = walk(unpaid(8000), &[A::Announced, A::TransferMissing]).expect("allowed");
        assert_eq!((missing.state, missing.due()), (S::Unpaid, Dong(8000)));
        assert_eq!(
            walk(unpaid(8000), &[A::Announced, A::Announced]),
            Err(NotAllowed)
        );
    }

    #[test]
    fn declining_then_paying_pays_and_paying_twice_is_kept_as_too_much() {
        let paid = walk(
            unpaid(8000),
            &[A::Started, A::Declined, A::Started, A::PaidOnline],
        )
        .expect("allowed");
        assert_eq!(paid.state, S::Paid);
        let twice = paid.after(A::PaidOnline, Dong(8000)).expect("kept");
        assert_eq!(
            (twice.state, twice.paid, twice.due()),
            (S::Paid, Dong(16_000), Dong(0))
        );
        assert_eq!(paid.after(A::CashReceived, Dong(0)), Err(NotAllowed));
        let back = twice.after(A::Refunded, Dong(0)).expect("allowed");
        assert_eq!((back.state, back.paid), (S::Refunded, Dong(0)));
    }

    #[test]
    fn too_little_money_leaves_the_rest_to_pay() {
        let part = unpaid(20_000)
            .after(A::PaidOnline, Dong(8000))
            .expect("kept");
        assert_eq!((part.state, part.due()), (S::Unpaid, Dong(12_000)));
    }

    #[test]
    fn a_refused_exemption_asks_for_the_rest_even_of_who_paid() {
        let exempt = Standing::new(Dong(0), Dong(8000), true);
        let refused = exempt.after(A::ExemptionRefused, Dong(0)).expect("allowed");
        assert_eq!((refused.state, refused.due()), (S::Unpaid, Dong(8000)));
        assert_eq!(
            refused.after(A::ExemptionAccepted, Dong(0)),
            Err(NotAllowed)
        );
        let half = Standing::new(Dong(4000), Dong(8000), true);
        let paid = half.after(A::CashReceived, Dong(0)).expect("allowed");
        let refused = paid.after(A::ExemptionRefused, Dong(0)).expect("allowed");
        assert_eq!((refused.state, refused.due()), (S::Unpaid, Dong(4000)));
        assert_eq!(
            unpaid(1).after(A::ExemptionAccepted, Dong(0)),
            Err(NotAllowed)
        );
    }

    const ALL: [A; 12] = [
        A::Chosen,
        A::Started,
        A::Announced,
        A::PaidOnline,
        A::Declined,
        A::Expired,
        A::TransferConfirmed,
        A::CashReceived,
        A::TransferMissing,
        A::Refunded,
        A::ExemptionAccepted,
        A::ExemptionRefused,
    ];

    proptest! {
        #[test]
        fn whatever_happens_paid_means_paid(
            amount in 0i64..1_000_000, part in 0i64..=100, acts in proptest::collection::vec((0usize..12, any::<i64>()), 0..20),
        ) {
            let mut standing = Standing::new(Dong(amount * part / 100), Dong(amount), part < 100);
            for (act, money) in acts {
                if let Ok(next) = standing.after(ALL[act], Dong(money)) {
                    standing = next;
                }
                prop_assert!(standing.paid.0 >= 0 && standing.due().0 >= 0);
                prop_assert!(standing.state != S::Paid || standing.due().0 == 0);
                prop_assert!(!matches!(standing.state, S::Unpaid | S::Announced) || standing.due().0 > 0);
            }
        }
    }
}
