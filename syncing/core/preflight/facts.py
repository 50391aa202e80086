"""Every fact that a rehearsal answers or has to leave open; docs/api-facts.md lists them too."""

from syncing.core.preflight.evotor_facts import EVOTOR_FACTS
from syncing.core.preflight.vk_facts import VK_FACTS

FACTS = EVOTOR_FACTS + VK_FACTS
