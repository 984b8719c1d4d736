"""What is measured on a model: states, gates, gradients, Jacobians, influence."""
