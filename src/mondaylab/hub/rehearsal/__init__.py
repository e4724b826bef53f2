"""A rehearsal: scripted learners and an instructor walk the whole way through the real hub."""
