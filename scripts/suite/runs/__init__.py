"""Reading and writing runs and what lies beside them; quantities, words, intervals."""
