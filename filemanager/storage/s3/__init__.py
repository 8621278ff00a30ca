"""What every user of an S3 store shares."""
