"""Alerts, and the letters that bring them."""
