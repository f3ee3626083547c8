//! Readings: eng.
