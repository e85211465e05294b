"""The HTTP benchmark: the service and two hand-written applications, through real sockets."""
