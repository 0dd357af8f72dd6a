"""Tables in and out of the registers: xlsx and csv as offices send them.

``gate`` lets a file in and reads it in a limited child process (``child``), ``headings`` finds what its
columns mean, ``describing`` says what the table of a register looks like, ``checking`` judges every row and
stages it (``rules``: what only the database can say), ``applying`` imports in one transaction, ``writing``
makes the files that go out. ``services`` are the verbs. ``vault`` keeps what was handed in, sealed.
"""
