"""How it acts: representations by matrices or index maps, their constructions, forms, and the checks when made."""
