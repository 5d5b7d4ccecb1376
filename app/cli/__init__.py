"""The command line, a group each."""
