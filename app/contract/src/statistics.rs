//! `Thống kê`: how many dossiers came, how many were done in time, how many came with digital signatures.

use crate::value::Timestamp;
use serde::{Deserialize, Serialize};

/// Numbers of dossiers submitted within a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Figures {
    /// Submitted.
    pub received: u64,
    /// Done by the day that was named, with at most one supplement request (the national rule).
    pub on_time: u64,
    /// Done later, or with more than one.
    pub late: u64,
    /// Not done, and the day that was named is over.
    pub overdue: u64,
    /// Refused.
    pub refused: u64,
    /// With at least one supplement request.
    pub supplemented: u64,
    /// With at least one file signed on this portal.
    pub signed: u64,
}

impl Figures {
    /// Adds others.
    pub const fn add(&mut self, other: &Self) {
        self.received += other.received;
        self.on_time += other.on_time;
        self.late += other.late;
        self.overdue += other.overdue;
        self.refused += other.refused;
        self.supplemented += other.supplemented;
        self.signed += other.signed;
    }

    /// Share of a part in a whole, in tenths of a percent; none of nothing.
    #[must_use]
    pub const fn share(part: u64, whole: u64) -> Option<u64> {
        match (part * 1000 + whole / 2).checked_div(whole) {
            Some(tenths) => Some(tenths),
            None => None,
        }
    }
}

/// Figures of one agency, field or month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiguresOf {
    /// Its name; a month as `YYYY-MM`.
    pub name: String,
    /// Its figures.
    pub figures: Figures,
}

/// `GET /api/officer/statistics`: the last twelve months, for the agencies of who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics {
    /// When they were counted.
    pub at: Timestamp,
    /// All together.
    pub total: Figures,
    /// By agency, the most dossiers first.
    pub agencies: Vec<FiguresOf>,
    /// By field.
    pub fields: Vec<FiguresOf>,
    /// By month of submission, oldest first.
    pub months: Vec<FiguresOf>,
}

/// `GET /api/statistics`: what everybody may know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicStatistics {
    /// When they were counted.
    pub at: Timestamp,
    /// Of the last twelve months.
    pub total: Figures,
    /// By month of submission, oldest first.
    pub months: Vec<FiguresOf>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_and_nothing_has_none() {
        assert_eq!(Figures::share(1, 3), Some(333));
        assert_eq!(Figures::share(2, 3), Some(667));
        assert_eq!(Figures::share(3, 3), Some(1000));
        assert_eq!(Figures::share(0, 0), None);
    }
}
