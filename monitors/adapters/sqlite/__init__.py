"""The store on SQLite: one writer thread with group commit, read-only connections beside it.

In: functions that run in a transaction. Out: what they answer, once it is safely committed.
"""
