//! The one loop that owns journey data.
