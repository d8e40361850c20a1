"""Verbs: from a recording and a recipe to results. Pure functions, and one runner in a process of its own."""
