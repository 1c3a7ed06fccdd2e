"""Groups and actions by name: classical groups, Platonic solids, wreath products, grids, graphs, complexes, shifts."""
