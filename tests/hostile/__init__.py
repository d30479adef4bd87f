"""Hostile text on every surface of the program, in a real terminal: `python -m tests.hostile FILE`."""
