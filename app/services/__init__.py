"""What a person can do here: a function per verb."""
