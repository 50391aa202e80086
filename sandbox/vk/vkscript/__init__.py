"""Runs VKScript, the language of `execute`, within limits (reference, vk.md §2.2).

Understood is what VK documents: `var`, assignments to variables, fields and elements, `if` and `else`,
`while`, `return`, `delete`, the arithmetic and logical operators, `?:`, arrays and objects, columns
(`a@.b`), `length`, the methods of arrays and strings that `methods` lists, `parseInt`, `parseDouble`,
`Args.name` and API calls. Functions, `for`, `break`, `++` and `+=` do not compile, here as there.

A script is somebody else's program: how deep it nests, how many steps it takes, how much it builds and
how often it calls the API are bounded.
"""

from sandbox.vk.vkscript.machine import CALLS_MAX, ApiCall
from sandbox.vk.vkscript.program import Script
from sandbox.vk.vkscript.values import size_of

__all__ = ["CALLS_MAX", "ApiCall", "Script", "size_of"]
