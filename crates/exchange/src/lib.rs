//! Journeys as files: JSON and Markdown, out and in again.
