"""The renderer of QGIS for one indicator: a tree of rules, their symbols, and the order of drawing.

A layer has all periods. Drawn together they would lie on each other: of what the time slider or a
filter leaves, the newest period that has numbers is drawn.
"""

import xml.etree.ElementTree as ET

from spatial.qgis.conditions import as_expression, quoted
from spatial.qgis.rules import Circle, Thematic, rules_of
from spatial.qgis.symbols import outline, symbol_of
from spatial.qgis.temporal import day_of


def renderer(shown: Thematic) -> ET.Element:
    """Return the element ``renderer-v2`` that draws an indicator.

    Raises:
        StoreError: there is no scheme of the indicator, or it cannot be drawn.
    """
    rules = rules_of(shown)
    circles = any(isinstance(rule.drawing, Circle) for rule in rules)
    element = _element("RuleRenderer", ordered=circles)
    root = ET.SubElement(element, "rules", key=_key(shown, "wortel"))
    group = ET.SubElement(root, "rule", key=_key(shown, "groep"), label=shown.title)
    if shown.begin:
        group.set("filter", newest(shown))
    symbols = ET.SubElement(element, "symbols")
    for place, rule in enumerate(rules):
        line = ET.SubElement(group, "rule", key=_key(shown, str(place)), label=rule.label)
        if rule.condition is not None and rule.drawing is not None:
            line.set("filter", as_expression(rule.condition))
            line.set("symbol", str(len(symbols)))
            symbols.append(symbol_of(rule.drawing, str(len(symbols))))
    if circles:
        # the large ones below the small ones
        clauses = ET.SubElement(element, "orderby")
        clause = ET.SubElement(clauses, "orderByClause", asc="0", nullsFirst="0")
        clause.text = f"abs({quoted(shown.indicator)})"
    return element


def plain_renderer() -> ET.Element:
    """Return the renderer of a layer without figures: the edges of its features."""
    element = _element("singleSymbol")
    ET.SubElement(element, "symbols").append(outline("0"))
    return element


def newest(shown: Thematic) -> str:
    """Return the expression that is true of the features of one period, which are drawn.

    That is the period of ``Thematic.day``, when there is one and the time slider is not used. Else it
    is the newest that has numbers, of what a filter on the layer leaves. When the time slider is
    used, moments are chosen by it (see ``temporal``); of periods the newest that begins or is under
    way in its range is drawn. Periods are compared as text, since QGIS takes a day and a moment for
    different kinds of values. The list of periods depends on nothing that QGIS takes for changing
    (as it does the ends of the slider), so it is made once per picture.
    """
    begin = quoted(shown.begin)
    if shown.day:
        return f"@map_start_time IS NOT NULL OR {quoted(shown.eind)} = '{shown.day}'"
    numbers = f"filter := {quoted(shown.indicator)} IS NOT NULL"
    if shown.begin == shown.eind:
        known = f"coalesce(maximum({begin}, {numbers}), maximum({begin}))"
        month, day = day_of(shown.indicator)
        in_year = f"year({begin}) = year(@map_start_time)"
        chosen = f"{in_year} AND month({begin}) = {month} AND day({begin}) = {day}"
        return f"if(@map_start_time IS NULL, {begin} = to_date({known}), {chosen})"
    period = f"to_string({begin}) || '/' || to_string({quoted(shown.eind)})"
    first, last = (f"{side}(@element, 10) || 'T00:00:00'" for side in ("left", "right"))
    used = f"{last} >= @van AND ({first} < @tot OR {first} = @van)"
    known, all_ = (
        f"nullif(array_max(array_filter(string_to_array(concatenate_unique({period}, "
        f"{which}concatenator := ',')), @van IS NULL OR ({used}))), '')"
        for which in (f"{numbers}, ", "")
    )
    chosen = f"coalesce({known}, {all_})"
    for name, end in (("tot", "@map_end_time"), ("van", "@map_start_time")):
        chosen = f"with_variable('{name}', left(to_string({end}), 19), {chosen})"
    return f"{period} = {chosen}"


def _element(kind: str, *, ordered: bool = False) -> ET.Element:
    return ET.Element(
        "renderer-v2",
        type=kind,
        forceraster="0",
        symbollevels="1",
        referencescale="-1",
        enableorderby=str(int(ordered)),
    )


def _key(shown: Thematic, part: str) -> str:
    return f"{shown.style['collectie']}.{shown.indicator}.{part}"
