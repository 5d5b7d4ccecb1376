"""The screens, a blueprint each."""
