//! Stages of a tenant's move between isolation levels. Pure.

use contracts::internal::moves::MoveStep;

/// Tries in a row that may fail before a move is rolled back: about a minute and a half.
const TRIES: i32 = 10;

/// How far a move is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Towards the target.
    Forward(MoveStep),
    /// Back to the origin. The same steps: where the tenant was not switched, two of them find nothing to do.
    Back(MoveStep),
    /// At the target, and the origin is cleared.
    Succeeded,
    /// At the origin, and the target is cleared.
    RolledBack,
}

impl Stage {
    /// The stage that a row means; none when it says something unheard of.
    pub fn parse(status: &str, step: &str) -> Option<Self> {
        let step = MoveStep::parse(step)?;
        Some(match status {
            "running" => Self::Forward(step),
            "rolling_back" => Self::Back(step),
            "succeeded" => Self::Succeeded,
            "rolled_back" => Self::RolledBack,
            _ => return None,
        })
    }

    /// Status and step as they are stored.
    pub const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Forward(step) => ("running", step.name()),
            Self::Back(step) => ("rolling_back", step.name()),
            Self::Succeeded => ("succeeded", MoveStep::Clear.name()),
            Self::RolledBack => ("rolled_back", MoveStep::Clear.name()),
        }
    }

    /// What follows when every service has taken the step.
    pub const fn next(self) -> Self {
        match self {
            Self::Forward(MoveStep::Copy) => Self::Forward(MoveStep::Switch),
            Self::Forward(MoveStep::Switch) => Self::Forward(MoveStep::Clear),
            Self::Forward(MoveStep::Clear) | Self::Succeeded => Self::Succeeded,
            Self::Back(MoveStep::Copy) => Self::Back(MoveStep::Switch),
            Self::Back(MoveStep::Switch) => Self::Back(MoveStep::Clear),
            Self::Back(MoveStep::Clear) | Self::RolledBack => Self::RolledBack,
        }
    }

    /// Whether there is nothing left to do.
    pub const fn is_end(self) -> bool {
        matches!(self, Self::Succeeded | Self::RolledBack)
    }

    /// Whether a failure leads back. Once every service has switched, what is left is clearing up, and on the way back
    /// there is only back: both are tried until they succeed.
    pub const fn can_turn_back(self) -> bool {
        matches!(self, Self::Forward(MoveStep::Copy | MoveStep::Switch))
    }
}

/// What the services answered in one round.
#[derive(Debug, Default)]
pub struct Round {
    /// Some are still at it.
    pub is_waiting: bool,
    /// Some did not answer, and why.
    pub failures: Vec<String>,
    /// Some refused for good, and why.
    pub refusals: Vec<String>,
}

/// What to do after a round.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Ask again in a moment.
    Wait,
    /// All have taken the step.
    Advance,
    /// Ask again later, for this reason.
    Postpone(String),
    /// Bring the tenant back, for this reason.
    TurnBack(String),
}

/// Judges a round of a move that has failed `attempts` times in a row before.
pub fn judge(stage: Stage, attempts: i32, round: &Round) -> Verdict {
    let reasons = || [round.refusals.as_slice(), round.failures.as_slice()].concat().join("; ");
    if !round.refusals.is_empty() && stage.can_turn_back() {
        // Those that are still at it are overtaken by the order to go back.
        return Verdict::TurnBack(reasons());
    }
    if round.is_waiting {
        return Verdict::Wait;
    }
    if round.refusals.is_empty() && round.failures.is_empty() {
        return Verdict::Advance;
    }
    if stage.can_turn_back() && attempts + 1 >= TRIES {
        return Verdict::TurnBack(reasons());
    }
    Verdict::Postpone(reasons())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed() -> Round {
        Round { failures: vec!["away".into()], ..Round::default() }
    }

    fn refused() -> Round {
        Round { refusals: vec!["different".into()], ..Round::default() }
    }

    #[test]
    fn a_refusal_or_too_many_failures_turn_a_move_back_until_all_have_switched() {
        for step in [MoveStep::Copy, MoveStep::Switch] {
            let stage = Stage::Forward(step);
            assert_eq!(judge(stage, 0, &refused()), Verdict::TurnBack("different".into()));
            assert_eq!(judge(stage, 0, &failed()), Verdict::Postpone("away".into()));
            assert_eq!(judge(stage, 9, &failed()), Verdict::TurnBack("away".into()));
        }
    }

    #[test]
    fn clearing_up_and_going_back_are_tried_for_ever() {
        for stage in [
            Stage::Forward(MoveStep::Clear),
            Stage::Back(MoveStep::Copy),
            Stage::Back(MoveStep::Switch),
            Stage::Back(MoveStep::Clear),
        ] {
            assert_eq!(judge(stage, 1_000, &failed()), Verdict::Postpone("away".into()));
            assert_eq!(judge(stage, 1_000, &refused()), Verdict::Postpone("different".into()));
        }
    }

    #[test]
    fn every_stage_is_stored_and_leads_to_an_end() {
        for mut stage in [Stage::Forward(MoveStep::Copy), Stage::Back(MoveStep::Copy)] {
            for _ in 0..3 {
                let (status, step) = stage.names();
                assert_eq!(Stage::parse(status, step), Some(stage));
                assert!(!stage.is_end());
                stage = stage.next();
            }
            assert!(stage.is_end());
        }
    }
}
