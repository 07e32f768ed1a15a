"""The text of rules.yaml, as whoever edits it needs it."""

from typing import Protocol

from monitors.language.problems import Problem


class RulesText(Protocol):
    """The file rules.yaml."""

    def read(self) -> str | Problem:
        """Answer the text exactly as it stands in the file, or why there is none."""

    def replace(self, text: str, expected: str) -> Problem | None:
        """Put *text* into the file, if it still is what is *expected*; else say why not.

        Nobody else who replaces it in this way comes between the look and the change.

        Args:
            text: the new one.
            expected: digest of the text that it replaces, as `digest_of` answers it.
        """

    def refusal(self) -> Problem | None:
        """Answer why the file cannot be replaced, as far as that can be seen without trying."""
