"""Scores a Parquet file or folder on Spark: python examples/engines/on_spark.py cases.parquet scored.parquet."""

import sys

from pyspark.sql import SparkSession

import aetia

source, target = sys.argv[1:]
cases = SparkSession.builder.getOrCreate().read.parquet(source)
scored = aetia.spark.score(cases, aetia.load("morning_back_pain"), id="case_id")
scored.write.parquet(target)
