"""The pages of 指标: a place read against a document, and the units that fall short."""
