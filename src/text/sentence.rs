//! Where French sentences end.
