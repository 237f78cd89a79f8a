import json

import pytest
from pygeoapi.api import itemtypes
from pyproj.exceptions import CRSError

from spatial.domain.crs import CRS84, RD
from spatial.serve.ask.query import Box
from spatial.serve.door.amend import amend_pygeoapi, to_json


def test_json_is_what_was_given_and_safe_in_a_script() -> None:
    document = {"naam": "</script> <= 432,51 & é", "leeg": None, "aandeel": 12.0}

    text = to_json(document)

    assert json.loads(text) == document
    assert "<" not in text
    assert '"aandeel":12.0' in text


def test_json_can_be_written_for_people() -> None:
    assert to_json({"a": [1]}, pretty=True).startswith('{\n    "a": [')


def test_a_number_that_json_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_json({"a": float("nan")})


def test_pygeoapi_keeps_a_box_in_its_own_system() -> None:
    amend_pygeoapi()

    assert itemtypes.transform_bbox([1, 2, 3, 4], RD.uri, CRS84.uri) == Box(1, 2, 3, 4, RD)
    with pytest.raises(CRSError, match="not one of"):
        itemtypes.transform_bbox([1, 2, 3, 4], "EPSG:1", CRS84.uri)


def test_amending_twice_changes_nothing() -> None:
    amend_pygeoapi()
    first = (itemtypes.to_json, itemtypes.render_j2_template)

    amend_pygeoapi()

    assert (itemtypes.to_json, itemtypes.render_j2_template) == first
