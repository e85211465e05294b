"""The settings of the service, and the checks that find mistakes in them before it starts."""
