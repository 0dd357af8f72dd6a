"""A believable, reproducible ledger to show and to try the platform with. No real person in it."""
