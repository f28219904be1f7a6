//! What can be on screen.
