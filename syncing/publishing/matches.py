"""What reading VK showed about our listings: written down before the first step of the plan."""

from dataclasses import asdict, dataclass, replace

from evosync.common.bulk import update_rows
from syncing.core.choices import MatchKind
from syncing.core.diff import PICTURE_FIELDS
from syncing.core.records import Action, DesiredItem, Match, ProductKey, SyncResult
from syncing.core.sku_stamp import stamp
from syncing.models import Listing, SyncJobItem, UndoneChange
from syncing.publishing.journal import Journal
from syncing.publishing.listing_rows import forget_refusal, is_hidden, lose, state_of
from syncing.shop_mappers import desired_to_json


@dataclass(frozen=True, slots=True)
class MatchRecorder:
    """Writes down which VK items turned out to belong to which products, and what VK shows of them."""

    journal: Journal

    def record(self, plan: SyncResult) -> None:
        """Write all of it down as one."""
        if not (plan.matches or plan.merchant_fields or plan.confirmed or plan.departed or plan.kept_forms):
            return
        changed = {action.key: action for action in plan.actions}
        with self.journal.lease.held():
            for match in plan.matches:
                self._apply_match(match, plan.desired.get(match.key), changed.get(match.key))
            for key, names in plan.merchant_fields.items():
                listing = self.journal.listings[key]
                was_theirs = "hidden" in listing.merchant_fields
                listing.merchant_fields = sorted(names)
                if was_theirs != ("hidden" in names):
                    listing.state = state_of(hidden="hidden" in names)
                listing.save(update_fields=["merchant_fields", "state"])
            self._note_shown(plan)

    def _note_shown(self, plan: SyncResult) -> None:
        """Write down what VK turned out to show although its answer was lost."""
        rows = []
        for key, shown in plan.confirmed.items():
            listing = self.journal.listings[key]
            listing.sent = desired_to_json(shown)
            listing.state, listing.hidden_since = state_of(hidden=is_hidden(listing, shown)), None
            rows.append(listing)
        for key in plan.departed:
            listing = self.journal.listings[key]
            listing.state, listing.hidden_since = Listing.State.HIDDEN, self.journal.clock()
            rows.append(listing)
        update_rows(rows, ["sent", "state", "hidden_since"])
        formed = []
        for key, forms in plan.kept_forms.items():
            listing = self.journal.listings[key]
            listing.kept_forms = {name: asdict(form) for name, form in forms.items()} or None
            formed.append(listing)
        update_rows(formed, ["kept_forms"])

    def _apply_match(self, match: Match, desired: DesiredItem | None, action: Action | None) -> None:
        if match.kind is MatchKind.RELINKED and match.old_key is not None:
            self._move(match.old_key, match)
            return
        listing = self.journal.listings.get(match.key) or self.journal.new_listing(match.key)
        if match.kind is MatchKind.LOST:
            lose(listing)
        else:
            listing.vk_item_id = match.item_id
            listing.state = Listing.State.LIVE
            forget_refusal(listing)
            listing.sent = desired_to_json(_shown(desired, action)) if desired else {}
        listing.save()
        self.journal.listings[match.key] = listing

    def _move(self, old: ProductKey, match: Match) -> None:
        """Give a product's listing to the product that it came back as."""
        new = match.key
        if (stale := self.journal.listings.pop(new, None)) is not None:
            stale.delete()
        listing = self.journal.listings.pop(old)
        listing.store_evotor_id, listing.product_evotor_id = new
        listing.stamp = stamp(new)
        before, listing.product_id = listing.product_id, self.journal.product_of(new)
        if match.reset_to is None and before and listing.product_id and before != listing.product_id:
            self._move_history(before, listing.product_id)
        listing.hidden_since = None
        if match.reset_to is not None:
            listing.sent, listing.merchant_fields = desired_to_json(match.reset_to), []
            listing.photo_id, listing.photo_key, listing.saved_photos = None, "", None
            listing.own_values = None
        listing.save()
        self.journal.listings[new] = listing

    def _move_history(self, old: int, new: int) -> None:
        """Give what runs sent of the item, and what of it is undone, to the product that it is of now."""
        SyncJobItem.objects.of_product_ids([old]).update(product=new)
        word = UndoneChange.objects.filter(product=old)
        if UndoneChange.objects.filter(product=new).exists():
            # What the merchant said about the new product counts for the item. The old word would ask for an
            # item again that is another product's now, and run after run.
            word.delete()
        else:
            word.update(product=new)


def _shown(desired: DesiredItem, action: Action | None) -> DesiredItem:
    """Return what VK shows now: what is desired, but for what the plan is about to change."""
    if action is None:
        return desired
    now = {
        name: old
        for name, (old, _) in action.changes.items()
        if name not in PICTURE_FIELDS and old is not None
    }
    return replace(desired, **now)  # type: ignore[arg-type]
