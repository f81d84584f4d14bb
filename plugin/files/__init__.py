"""Where bytes lie, below `storage`: local files, objects in S3, scratch space; and what interrupts leave behind."""
