"""The site's application, where the hour starts nothing: it would come amid whichever test is going on.

What comes every minute still comes, since it stands in for lost messages.
"""

import dramatiq
from django.conf import settings
from django.utils.module_loading import autodiscover_modules

autodiscover_modules(*settings.DRAMATIQ_AUTODISCOVER_MODULES)
for actor in dramatiq.get_broker().actors.values():
    if str(actor.options.get("periodic")) != "* * * * *":
        actor.options.pop("periodic", None)

# It starts the schedule.
from evosync.wsgi import application  # noqa: E402

__all__ = ["application"]
