"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from evosync import embedded
from evosync.common.bodies import CountedBodies, WholeBodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evosync.settings")

application = CountedBodies(WholeBodies(get_wsgi_application()))
embedded.start()
