"""Answers WebSub hubs that call back.

In: requests from anywhere, within bounds of size. Out: calls of `Callbacks`.
Refuses to know: feeds, the store, what a push holds.
"""
