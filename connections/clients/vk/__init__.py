"""VK's API and VK ID over HTTP."""
