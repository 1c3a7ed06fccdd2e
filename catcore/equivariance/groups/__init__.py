"""What acts: monoids, groups and Lie groups by generators and relations, their words, elements and homomorphisms."""
