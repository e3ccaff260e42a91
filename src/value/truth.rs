//! Kleene's three truths.

/// Whether something holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Truth {
    /// It does not.
    False,
    /// It may: a value is missing, or known only within bounds.
    Unknown,
    /// It does.
    True,
}

impl Truth {
    /// From a bool.
    pub fn from_bool(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }

    /// True where it holds for certain, unknown where only possibly.
    pub fn from_bounds(certain: bool, possible: bool) -> Self {
        match (certain, possible) {
            (true, _) => Self::True,
            (false, true) => Self::Unknown,
            (false, false) => Self::False,
        }
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// Either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::Unknown => Self::Unknown,
            Self::False => Self::True,
        }
    }
}
