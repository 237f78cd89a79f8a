"""All observations as one matrix per group, memory-mapped: every cell is found by its place.

    <snapshot>/kubus/index.json           groups in order, and the size of the matrix of each
    <snapshot>/kubus/kolommen.npy         which places the columns of each are
    <snapshot>/kubus/onderwerpen.arrow    what is counted: groep, kenmerk, maat; a row of a matrix
    <snapshot>/kubus/plaatsen.arrow       where and when: region, period, indeling; a column
    <snapshot>/kubus/waarden.npy          int32 per cell
    <snapshot>/kubus/staten.npy           uint8 per cell (see ``states``)
    <snapshot>/kubus/grens-*.npy          bounds of cells that do not follow from rounding
    <snapshot>/waarnemingen/groep=<groep>/part-0.parquet

The matrices are dense: that the source has no row for a cell is a state of that cell, and never zero.
"""
