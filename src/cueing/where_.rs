//! where_
