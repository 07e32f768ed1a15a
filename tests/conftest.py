"""What holds for every test."""

import os

from hypothesis import settings

# A busy machine is no bug: the time that an example takes is never asserted.
settings.register_profile("developer", deadline=None)
# What one run of continuous integration finds, the next one finds, too.
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "developer")
