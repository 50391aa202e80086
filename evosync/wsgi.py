"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from evosync import embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evosync.settings")

application = get_wsgi_application()
embedded.start()
