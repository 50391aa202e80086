"""Strict stand-ins for Evotor and VK on loopback, for the demo and the tests.

No production module imports this package. Start with `server.Sandbox`; the faults that can be asked
for are listed in `faults`.
"""

from sandbox.server import Sandbox

__all__ = ["Sandbox"]
