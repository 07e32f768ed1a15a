"""Fetches feeds and pages with aiohttp, politely and only from where it may.

In: addresses and validators. Out: `FetchOutcome`. Bounds: time, decoded size, redirects,
and the addresses that are really connected to.
"""
