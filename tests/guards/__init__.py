"""What must stay true of the repository itself, whatever is built in it."""
