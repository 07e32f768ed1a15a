"""From what a person knows (a site, a channel, a list of another reader) to feeds.

In: addresses, pages, OPML. Out: addresses of feeds to try, lists of feeds. Refuses to know:
sockets, files, rules, how a feed is read.
"""
