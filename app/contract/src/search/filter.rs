//! `Tìm kiếm nâng cao`: what a procedure must be. An empty part asks for nothing.

use crate::procedure::ProcedureSummary;
use crate::unit::Units;

/// What is asked for; all parts that are set must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// `Chọn cơ quan thực hiện`: code of a kind of [`Units::agencies`].
    pub agency: String,
    /// `Lĩnh vực`.
    pub field: String,
    /// `Cấp thủ tục`, as [`crate::procedure::Level::tag`].
    pub level: String,
    /// `Mức độ`, as [`crate::procedure::Service::tag`].
    pub service: String,
    /// `Sự kiện`.
    pub event: String,
    /// For whom, as [`crate::procedure::Audience::tag`].
    pub audience: String,
}

impl Filter {
    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a procedure is what is asked for.
    #[must_use]
    pub fn admits(&self, procedure: &ProcedureSummary, units: &Units) -> bool {
        let is = |asked: &str, given: &str| asked.is_empty() || asked == given;
        is(&self.field, &procedure.field)
            && is(&self.level, procedure.level.tag())
            && is(&self.service, procedure.service.tag())
            && (self.event.is_empty() || procedure.life_events.contains(&self.event))
            && (self.audience.is_empty()
                || procedure
                    .audience
                    .iter()
                    .any(|audience| audience.tag() == self.audience))
            && (self.agency.is_empty()
                || units
                    .kind_of(&procedure.agency)
                    .is_some_and(|kind| kind.code == self.agency))
    }
}
