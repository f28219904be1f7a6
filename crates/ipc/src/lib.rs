//! What the windows and the engine say to each other.
