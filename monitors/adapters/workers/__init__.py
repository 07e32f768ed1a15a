"""Runs the heavy pure functions (feedparser, trafilatura) in processes that can be killed.

In: bytes. Out: what `feeds.document` and `stories.page` answer, or a refusal when time or
memory ran out.
"""
