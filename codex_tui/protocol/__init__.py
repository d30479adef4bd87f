"""What goes over the wire: models by family, and the registry of methods. No I/O."""
