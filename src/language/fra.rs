//! Readings: fra.
