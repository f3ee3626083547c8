//! Readings: cmn.
