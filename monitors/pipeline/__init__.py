"""Carries values between the rooms: accept, decide, deliver, reload, replay.

In: ports (`pipeline.ports`) that somebody else implements, and the time. Out: rows in the
store, messages in chats. Refuses to know: any driver, any file, any network library.
"""
