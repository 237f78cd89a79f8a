"""The server: OGC API from the live snapshot, through two doors.

app        puts it together, from the outside in: version, lane, limits, guard, pygeoapi
lane       answers from memory, and features joined from pieces
door       our guard, pages and documents around pygeoapi; ``provider`` is pygeoapi's way in
ask        what a request asks: parameters, forms, languages; ``cql2`` reads filters
matching   which features meet it
read       the snapshot, opened: editions, layers, shapes
formats, tiles, openapi    files of a selection, vector tiles, the document of the API
operate, process           limits and health of one worker; processes, logs and counts
"""
