"""The quarterly build: sources checked, executed by papermill, laid down with what they were made from."""
