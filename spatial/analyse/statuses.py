"""Statuses as whole numbers, so that numpy can work with columns of them."""

import numpy as np

from spatial.domain.status import Status

STATUSES = tuple(Status)
"""The status of every place."""
PLACE = {status: place for place, status in enumerate(STATUSES)}
"""The place of every status."""
HAS_VALUE = np.array([status.has_value for status in STATUSES])
"""Per place, whether such a status has a number."""
