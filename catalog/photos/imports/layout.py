"""What of the matched pictures would be saved, and in which order. Rows in, a plan out; nothing is asked."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalog.choices import PhotoProblem
from catalog.models import PhotoImportFile


@dataclass(frozen=True, slots=True)
class Place:
    """One picture, and why it would not be saved with the others of its product."""

    file: PhotoImportFile
    problem: PhotoProblem | None = None


def lay_out(
    files: Iterable[PhotoImportFile], kept: Mapping[int, set[str]], *, replaces: bool, most: int
) -> dict[int, list[Place]]:
    """Return each product's pictures in their order: by the number in the name, else by the name.

    `kept` has the hashes of the photos that the products have; those that are replaced make room.
    """
    by_product: dict[int, list[PhotoImportFile]] = defaultdict(list)
    for file in files:
        if file.product_id is not None:
            by_product[file.product_id].append(file)
    return {
        product: _places(mine, set() if replaces else kept.get(product, set()), most)
        for product, mine in by_product.items()
    }


def _places(files: list[PhotoImportFile], kept: set[str], most: int) -> list[Place]:
    known, room = set(kept), most - len(kept)
    places = []
    for file in sorted(files, key=lambda one: (one.number, one.name, one.pk)):
        problem = None
        if file.content_hash in known:
            problem = PhotoProblem.REPEATED
        elif room <= 0:
            problem = PhotoProblem.ONE_TOO_MANY
        else:
            known.add(file.content_hash)
            room -= 1
        places.append(Place(file, problem))
    return places
