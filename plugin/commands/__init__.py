"""The command line, a file for each group. Parses, calls one library function, prints; decides nothing."""
