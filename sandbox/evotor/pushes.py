"""Evotor's side of an installed application: it introduces itself once and then reports changes and sales."""

from collections.abc import Mapping

from sandbox.evotor.state import EvotorState
from sandbox.evotor.webhooks import WebhookAnswer, Webhooks

OK = 200


class InstallRefused(Exception):
    """The site refused the installation, for example because the code is wrong."""

    def __init__(self, answer: WebhookAnswer) -> None:
        super().__init__(f"EvoSync answered {answer.status}: {answer.body.decode('utf-8', 'replace')[:200]}")


class Pushes:
    """Installs the application for Evotor accounts and pushes their products' changes and receipts.

    `base_url` includes the site's webhook prefix; `app_token` is the one typed in Evotor's portal. It goes
    with the pushes of accounts that connected by OAuth or a pasted token: the site gave Evotor none for
    them.
    """

    def __init__(self, state: EvotorState, base_url: str, *, app_token: str) -> None:
        self._state = state
        self._hooks = Webhooks(state, base_url, app_token=app_token)
        self._user_tokens: dict[str, str] = {}

    def install(self, *, user_id: str, code: str) -> None:
        """Install the application with the code that its site has shown. Raises InstallRefused, OSError."""
        hooks = self._hooks
        answer = hooks.send(hooks.user_verify(user_id, linkCode=code))
        if answer.status != OK:
            raise InstallRefused(answer)
        self._user_tokens[user_id] = str(answer.json()["token"])
        for call in (
            hooks.subscription_event("SubscriptionCreated", user_id, subscription_id=f"sub-{user_id}"),
            hooks.installation_event("ApplicationInstalled", user_id),
            hooks.user_token(user_id),
        ):
            hooks.send(call)

    def report(self, store_id: str, product_ids: list[str]) -> None:
        """Push these products. Raises OSError where no site answers; what it refuses is not sent again."""
        store = self._state.stores[store_id]
        present = [product_id for product_id in product_ids if product_id in store.products]
        if present:
            self._hooks.send(self._hooks.products(store_id, present, user_token=self._token_for(store_id)))

    def report_sale(self, store_id: str, sold: Mapping[str, float], *, kind: str = "SELL") -> None:
        """Push a receipt, SELL or PAYBACK. Raises OSError where no site answers."""
        token = self._token_for(store_id)
        self._hooks.send(self._hooks.document(store_id, sold, kind=kind, user_token=token))

    def _token_for(self, store_id: str) -> str | None:
        return self._user_tokens.get(self._state.stores[store_id].user_id)
