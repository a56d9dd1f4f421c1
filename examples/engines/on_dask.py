"""Scores Parquet files on Dask: python examples/engines/on_dask.py cases.parquet scored.parquet."""

import sys

import dask.dataframe as dd
from distributed import Client

import aetia

if __name__ == "__main__":  # workers import this file
    source, target = sys.argv[1:]
    with Client():
        cases = dd.read_parquet(source)
        scored = aetia.dask.score(cases, aetia.load("morning_back_pain"), id="case_id")
        scored.to_parquet(target)
