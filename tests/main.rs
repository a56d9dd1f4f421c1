//! Everything a user could observe, in one binary.
