"""The database engine while no stack runs: it loads like PostgreSQL and says how to start one."""
