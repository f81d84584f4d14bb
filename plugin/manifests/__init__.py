"""Input manifests: made from what people hold, checked, read with the texts that they refer to."""
