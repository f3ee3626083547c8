//! what
