"""The only place that imports torch: cells, models, training, tracing, gradients."""
