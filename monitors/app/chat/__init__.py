"""Puts together who answers people."""
