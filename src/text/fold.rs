//! Folding of characters for matching.
