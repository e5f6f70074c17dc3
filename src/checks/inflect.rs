//! inflect
