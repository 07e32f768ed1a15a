"""Listens for WebSub hubs that call back.

In: requests from anywhere, within bounds of size, time and number. Out: calls of `Callbacks`.
Refuses to know: feeds, the store, what a push holds.
"""
