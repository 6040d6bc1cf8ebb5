"""What people read: the report, the tables in READMEs, kept reference runs."""
