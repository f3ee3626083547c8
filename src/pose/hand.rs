//! The parametric hand: joint angles to 21 joints in three dimensions.
