//! Journeys, drafts and settings on this device, in SQLite.
