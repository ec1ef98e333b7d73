"""Words of conversations as they are searched: taken apart, asked for, shown around a hit."""
