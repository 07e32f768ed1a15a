"""The tables, step by step as they came to be."""
