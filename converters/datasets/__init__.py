"""Rows of each dataset type, and the Parquet files and card that hold them."""
