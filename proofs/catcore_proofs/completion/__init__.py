"""Ordered completion at speed: interned first-order terms, simplification orders, and the saturation loop."""
