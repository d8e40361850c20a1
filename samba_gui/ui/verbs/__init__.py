"""What actions do, one class per menu; each public method is the verb of one row of the tables."""
