"""Relations of shapes, in the reference system of the filter."""

import numpy as np
import numpy.typing as npt
import shapely

from spatial.domain.crs import OFFERED, Crs
from spatial.serve.cql2.expression import Place, Spatial
from spatial.serve.matching.truth import Mask, Truth, known
from spatial.serve.read.layer import Matched
from spatial.serve.read.shapes import Shapes

_CRS = {crs.uri: crs for crs in OFFERED}
_TURNED = {"within": "contains", "contains": "within"}
_OF_ITSELF = {"intersects", "equals", "within", "contains"}
_RELATIONS = {
    "intersects": shapely.intersects,
    "disjoint": shapely.disjoint,
    "equals": shapely.equals,
    "touches": shapely.touches,
    "within": shapely.within,
    "overlaps": shapely.overlaps,
    "crosses": shapely.crosses,
    "contains": shapely.contains,
}


def relate_shapes(condition: Spatial, layer: Matched) -> Truth:
    """Tell of each feature whether its shape is so related; unknown where it has none.

    Intersecting and disjoint look at the shapes as they are stored, as ``bbox`` does. The other
    relations depend on shared points, and look at them as they are published: rounded to the
    decimals of the reference system, so that a shape from an answer equals itself.
    """
    op, left, right = condition.op, condition.left, condition.right
    crs = _CRS[condition.crs]
    if isinstance(left, Place) and isinstance(right, Place):
        yes = np.array([bool(_RELATIONS[op](left.shape, right.shape))])
        return known(yes, np.zeros(1, dtype=bool))
    if isinstance(right, Place):
        found = _related(_TURNED.get(op, op), right.shape, layer.shapes, crs)
    elif isinstance(left, Place):
        found = _related(op, left.shape, layer.shapes, crs)
    else:
        # a feature has one shape, so both are the same
        found = np.full(len(layer.shapes.placed(crs)), op in _OF_ITSELF)
    # a feature without shape has place -1: the last
    return known(np.append(found, [False])[layer.shape_of], layer.shape_of < 0)


def _related(op: str, shape: shapely.Geometry, shapes: Shapes, crs: Crs) -> Mask:
    """Tell of each shape whether a geometry as written is so related to it."""
    tree = shapes.tree(crs)
    found = np.zeros(len(tree.geometries), dtype=bool)
    if op in {"intersects", "disjoint"}:
        found[tree.query(shape, predicate="intersects")] = True
        return found if op == "intersects" else ~found

    def rounded(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.round(points, crs.decimals)

    margin = 10.0**-crs.decimals
    west, south, east, north = shapely.bounds(shape)
    near = tree.query(shapely.box(west - margin, south - margin, east + margin, north + margin))
    if len(near):
        published = shapely.transform(shapes.placed(crs)[near], rounded)
        written = shapely.transform(shape, rounded)
        shapely.prepare(written)
        found[near] = _RELATIONS[op](written, published)
    return found
