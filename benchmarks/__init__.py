"""One file per figure; each prints ours, the peer and the raw limit from one run."""
