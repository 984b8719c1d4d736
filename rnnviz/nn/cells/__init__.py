"""The recurrent cells, one file each: the step equations, then a layer as fast as torch allows."""
