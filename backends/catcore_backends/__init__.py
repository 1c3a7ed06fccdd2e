"""What the terms compute: array code for NumPy, CuPy and every array-API library."""
