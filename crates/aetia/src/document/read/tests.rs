//! What reading a document promises, by example.
