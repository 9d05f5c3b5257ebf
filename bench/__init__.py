"""Speed and size as ratios, measured beside bare Bolt in the same run: `make bench`."""
