"""What holds for every test."""

from hypothesis import settings

# A busy machine is no bug: the time that an example takes is never asserted.
settings.register_profile("newsbell", deadline=None)
settings.load_profile("newsbell")
