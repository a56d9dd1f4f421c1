//! Knowledge bases as data.
