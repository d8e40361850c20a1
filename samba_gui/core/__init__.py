"""Nouns of the program: plain, frozen, numpy and the standard library only."""
