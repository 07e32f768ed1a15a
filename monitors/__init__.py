"""Newsbell, room by room, in the order in which data flows.

    feeds     what a feed is; bytes to entries; when to poll next
    stories   entry to article; canonical links; words; which articles tell one story
    language  the text of a rule to its tree and back
    rules     rules.yaml to a rulebook; matching; evidence
    alerts    who is told, when, and in which words
    pipeline  carries values between the rooms: poll, alert, deliver, reload, replay
    adapters  the technologies: http, sqlite, telegram, terminal, files, workers
    app       settings, logs, wiring, schedule, command line

A room imports only rooms above it in this list. `times` and `errors` serve all.
"""
