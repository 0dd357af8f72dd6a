"""The doors of 汇总表 and of 季报、年报."""
