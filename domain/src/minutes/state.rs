//! The states of minutes, the steps between them, and the reasons a step is refused.
//!
//! `draft -> circulated -> adopted`. While they are circulated, delegations propose corrections until an instant;
//! circulating them again sets another. What is adopted is final.

use jiff::Timestamp;
use thiserror::Error;

crate::words! {
    /// Where minutes stand.
    #[derive(Default)]
    #[schemars(rename = "MinutesState")]
    pub enum State {
        /// The secretariat and the chair are writing.
        #[default]
        Draft = "draft",
        /// Laid before the delegations.
        Circulated = "circulated",
        /// Adopted by a session. The text is final.
        Adopted = "adopted",
    }
}

/// Why something was refused. The text of each is meant for people and says how to mend it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MinutesRefusal {
    /// The step does not start from this state.
    #[error("Minutes that are {state} cannot become {to}; circulate a draft, then adopt what was circulated.")]
    WrongState {
        /// What was asked for.
        to: State,
        /// Where they stand.
        state: State,
    },
    /// Corrections need time.
    #[error("Say until when corrections are taken, an instant still to come.")]
    NoWindow,
    /// Delegations were promised the time.
    #[error("Corrections are taken until {until}. Adopt the minutes after that.")]
    WindowOpen {
        /// When it closes.
        until: Timestamp,
    },
    /// Nothing adopts itself.
    #[error("Name the session that adopts the minutes.")]
    NoSession,
    /// Some corrections wait for an answer.
    #[error("Accept or decline every correction before the minutes are adopted.")]
    CorrectionsOpen,
    /// The text is adopted.
    #[error("The minutes are adopted and their text is final.")]
    MinutesFinal,
    /// It is not the time for corrections.
    #[error("Corrections are taken while the minutes are circulated and until the instant named there.")]
    WindowClosed,
}

impl MinutesRefusal {
    /// Stable machine-readable code in `snake_case`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongState { .. } => "wrong_state",
            Self::NoWindow => "no_window",
            Self::WindowOpen { .. } => "window_open",
            Self::NoSession => "no_session",
            Self::CorrectionsOpen => "corrections_open",
            Self::MinutesFinal => "minutes_final",
            Self::WindowClosed => "window_closed",
        }
    }
}

impl State {
    /// Lays them before the delegations, who may propose corrections until an instant; perhaps not for the first time.
    pub fn circulate(self, until: Option<Timestamp>, now: Timestamp) -> Result<(Self, Timestamp), MinutesRefusal> {
        if self == Self::Adopted {
            return Err(MinutesRefusal::WrongState { to: Self::Circulated, state: self });
        }
        let until = until.filter(|until| *until > now).ok_or(MinutesRefusal::NoWindow)?;
        Ok((Self::Circulated, until))
    }

    /// A session adopts what was circulated, once the window is closed and every correction answered.
    pub fn adopt(
        self,
        in_session: bool,
        until: Option<Timestamp>,
        corrections_wait: bool,
        now: Timestamp,
    ) -> Result<Self, MinutesRefusal> {
        if self != Self::Circulated {
            return Err(MinutesRefusal::WrongState { to: Self::Adopted, state: self });
        }
        match until {
            Some(until) if now < until => Err(MinutesRefusal::WindowOpen { until }),
            _ if corrections_wait => Err(MinutesRefusal::CorrectionsOpen),
            _ if !in_session => Err(MinutesRefusal::NoSession),
            _ => Ok(Self::Adopted),
        }
    }

    /// Refuses once the text is final.
    pub fn admit_editing(self) -> Result<(), MinutesRefusal> {
        if self == Self::Adopted { Err(MinutesRefusal::MinutesFinal) } else { Ok(()) }
    }

    /// Refuses corrections outside their window.
    pub fn admit_correction(self, until: Option<Timestamp>, now: Timestamp) -> Result<(), MinutesRefusal> {
        let open = self == Self::Circulated && until.is_some_and(|until| now < until);
        if open { Ok(()) } else { Err(MinutesRefusal::WindowClosed) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn minutes_are_adopted_after_the_window_and_every_answer() {
        assert_eq!(State::Draft.circulate(Some(at(20)), at(10)), Ok((State::Circulated, at(20))));
        assert_eq!(State::Draft.circulate(Some(at(10)), at(10)), Err(MinutesRefusal::NoWindow));
        let adopt = |in_session, wait, now| State::Circulated.adopt(in_session, Some(at(20)), wait, at(now));
        assert_eq!(adopt(true, false, 19), Err(MinutesRefusal::WindowOpen { until: at(20) }));
        assert_eq!(adopt(true, true, 20), Err(MinutesRefusal::CorrectionsOpen));
        assert_eq!(adopt(false, false, 20), Err(MinutesRefusal::NoSession));
        assert_eq!(adopt(true, false, 20), Ok(State::Adopted));
        assert_eq!(State::Draft.adopt(true, None, false, at(1)).unwrap_err().code(), "wrong_state");
        assert_eq!(State::Adopted.circulate(Some(at(20)), at(10)).unwrap_err().code(), "wrong_state");
    }

    #[test]
    fn corrections_are_taken_while_the_window_is_open_and_not_after() {
        let admits = |state: State, until| state.admit_correction(until, at(15)).is_ok();
        assert!(admits(State::Circulated, Some(at(16))));
        assert!(!admits(State::Circulated, Some(at(15))) && !admits(State::Circulated, None));
        assert!(!admits(State::Draft, Some(at(16))) && !admits(State::Adopted, Some(at(16))));
    }
}
