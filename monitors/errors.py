"""The errors of Newsbell: promises that could not be kept.

    MonitorsError
    ├── SettingsError     an environment variable or option cannot be used
    ├── RulebookError     rules.yaml cannot be used; carries its problems
    └── StoreError        the store cannot be used
        ├── StoreBusyError      another Newsbell runs on the same data
        └── StoreNewerError     the store was written by a newer Newsbell

The message of each is written for the person at the terminal: what is wrong and
what to do. What a feed, a page, Telegram or a user gets wrong is a value, not an
error (`FetchFailed`, `NotAFeed`, `Refused`, `Problem`).
"""


class MonitorsError(Exception):
    """Something that Newsbell cannot go on without is missing or broken."""


class SettingsError(MonitorsError):
    """An environment variable or a command-line option cannot be used."""


class RulebookError(MonitorsError):
    """The file of rules cannot be used."""


class StoreError(MonitorsError):
    """The store cannot be read or written."""


class StoreBusyError(StoreError):
    """Another Newsbell runs on the same data."""


class StoreNewerError(StoreError):
    """The store was written by a newer Newsbell."""
