//! The `cadrage` command.

fn main() {}
