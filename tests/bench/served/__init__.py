"""What gunicorn serves beside the portal: the limit and the plain way of the same list."""
