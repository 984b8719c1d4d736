"""Who runs experiments: worker processes that train many jobs side by side and stream their frames."""
