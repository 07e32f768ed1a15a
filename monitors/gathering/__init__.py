"""Gets what feeds, pages and hubs hold, in time and politely: polls, reads pages, finds feeds.

In: ports that somebody else implements, and the time. Out: documents for the pipeline to take
in, and rows that remember how it went. Refuses to know: any driver, any network library.
"""
