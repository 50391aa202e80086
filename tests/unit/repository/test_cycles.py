"""No module imports itself by way of others: at start-up, inside a function or for its types alone."""

import graphlib

import grimp

from tests.unit.repository.test_imports import PACKAGES


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    order = graphlib.TopologicalSorter(
        {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    )
    order.prepare()
