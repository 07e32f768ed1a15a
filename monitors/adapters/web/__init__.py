"""Listens at one address for everything that calls from outside.

In: requests from anywhere, within bounds of size, time and number. Out: the answers of its doors.
Refuses to know: who calls, and what for.
"""
