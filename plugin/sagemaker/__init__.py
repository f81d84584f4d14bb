"""Labeling jobs on SageMaker Ground Truth, over boto3."""
