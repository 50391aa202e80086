"""The merchant's rules and filters: read, set, explained when wrong."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Product, ProductGroup, Store
from evosync.common import clock
from evosync.common.rows import row_or_none
from syncing.models import RULES, SyncConfig, SyncFilter, SyncJob
from syncing.services.forbidden_words import check_text

# `configure` switches the automatic sync by this key, which is no rule.
AUTO = "auto"
YES, NO = {"on", "yes", "true", "1", "да"}, {"off", "no", "false", "0", "нет"}


class WrongRule(Exception):
    """A rule that cannot be set; the message names the key, the value and what is allowed."""


def config_for(user: User) -> SyncConfig:
    """Return the merchant's rules, made with the defaults on first use."""
    return SyncConfig.objects.get_or_create(user=user)[0]


def lock_config(user: User) -> SyncConfig:
    """Return the merchant's rules, locked until the transaction ends; who else changes them waits."""
    locked = SyncConfig.objects.of_user(user).select_for_update()
    return row_or_none(locked) or locked.get(pk=config_for(user).pk)


def rules_of(user: User) -> SyncConfig:
    """Return the merchant's rules; before the first use the defaults, which are not written."""
    return row_or_none(SyncConfig.objects.of_user(user)) or SyncConfig(user=user)


def set_enabled(user: User, *, enabled: bool) -> SyncConfig:
    """Switch the hourly sync on or off; the first switching on confirms the first run."""
    config = config_for(user)
    _switch(config, enabled=enabled)
    config.save(update_fields=["is_enabled", "confirmed_at"])
    return config


def text_of_off(user: User) -> str:
    """Return what is said when the sync was switched off: a run that has begun goes on to its end."""
    if SyncJob.objects.active().for_user(user).exists():
        return _("Sync is off. The run that has begun goes on to its end; “Stop” on its page ends it now.")
    return _("Sync is off. Your goods in VK stay as they are.")


def set_unconfirmed(user: User) -> None:
    """Switch the hourly sync off until the merchant has looked at the preview and confirmed a first run."""
    SyncConfig.objects.of_user(user).update(is_enabled=False, confirmed_at=None)


def _switch(config: SyncConfig, *, enabled: bool) -> None:
    config.is_enabled = enabled
    if enabled and config.confirmed_at is None:
        config.confirmed_at = clock.now()


def configure(user: User, *, values: Mapping[str, str]) -> SyncConfig:
    """Set rules from text, all or none; `auto` is the switch. Raises WrongRule naming every fault."""
    config = config_for(user)
    faults = []
    for key, text in values.items():
        try:
            if key == AUTO:
                _switch(config, enabled=_parse_switch(key, text))
            else:
                setattr(config, key, _parse(key, text))
        except WrongRule as error:
            faults.append(str(error))
    try:
        config.clean_fields(exclude={"user", "category_by_group", "store_order"})
    except ValidationError as error:
        faults += [f"{key}: {' '.join(messages)}" for key, messages in error.message_dict.items()]
    if {"description_template", "legal_filter"} & values.keys():
        try:
            check_text(config.description_template, legal_filter=config.legal_filter)
        except ValidationError as error:
            faults.append(f"description_template: {' '.join(error.messages)}")
    if faults:
        raise WrongRule("\n".join(faults))
    switch = ["is_enabled", "confirmed_at"] if AUTO in values else []
    config.save(update_fields=[*(key for key in values if key != AUTO), *switch])
    return config


def _parse(key: str, text: str) -> Any:
    if key not in RULES:
        raise WrongRule(
            _("%(key)s: there is no such rule. Rules: %(rules)s.")
            % {"key": key, "rules": ", ".join((AUTO, *RULES))}
        )
    field: models.Field[Any, Any] = SyncConfig._meta.get_field(key)  # type: ignore[assignment]  # noqa: SLF001
    if isinstance(field, models.BooleanField):
        return _parse_switch(key, text)
    if field.choices:
        allowed = [str(value) for value, _label in field.flatchoices]
        if text not in allowed:
            raise WrongRule(
                _("%(key)s: “%(text)s” is not one of %(allowed)s.")
                % {"key": key, "text": text, "allowed": ", ".join(allowed)}
            )
        return text
    if not text and field.null:
        return None
    try:
        return field.to_python(text)
    except ValidationError as error:
        raise WrongRule(f"{key}: {' '.join(error.messages)}") from error


def _parse_switch(key: str, text: str) -> bool:
    if text.lower() in YES | NO:
        return text.lower() in YES
    raise WrongRule(_("%(key)s: “%(text)s” is neither on nor off.") % {"key": key, "text": text})


def set_filter(user: User, *, mode: str, entity_type: str, entity_id: str) -> SyncFilter:
    """Add one line to the merchant's choice, or change its mode. Raises WrongRule for an unknown id."""
    entity = _entity(user, entity_type, entity_id)
    config = config_for(user)
    _followed(config, entity_type, entity_id).update(filter_mode=mode)
    row, _created = SyncFilter.objects.update_or_create(
        sync_config=config,
        entity_type=entity_type,
        entity_id=entity_id,
        defaults={
            "filter_mode": mode,
            "entity_name": entity.name,
            "parent_entity_id": _parent_id(entity),
        },
    )
    return row


def remove_filter(user: User, *, entity_type: str, entity_id: str) -> None:
    """Take back the merchant's word on one store, group or product; none given is no error."""
    config = config_for(user)
    _followed(config, entity_type, entity_id).delete()
    config.filters.filter(entity_type=entity_type, entity_id=entity_id).delete()


def _followed(config: SyncConfig, entity_type: str, entity_id: str) -> QuerySet[SyncFilter]:
    """Return the row that this one follows: the same word on the same goods under their old id."""
    rows = config.filters.filter(entity_type=entity_type)
    return rows.filter(entity_id__in=rows.filter(entity_id=entity_id).exclude(follows="").values("follows"))


def current_filters(user: User) -> list[SyncFilter]:
    """Return the merchant's choice, without the lines of ids that other lines follow."""
    rows = list(config_for(user).filters.order_by("entity_type", "entity_name"))
    followed = {(row.entity_type, row.follows) for row in rows}
    return [row for row in rows if (row.entity_type, row.entity_id) not in followed]


def clear_filters(user: User) -> int:
    """Remove all filters, so that everything is chosen; return how many there were."""
    return config_for(user).filters.all().delete()[0]


def _entity(user: User, entity_type: str, entity_id: str) -> Store | ProductGroup | Product:
    rows: QuerySet[Store] | QuerySet[ProductGroup] | QuerySet[Product]
    match entity_type:
        case SyncFilter.Entity.STORE:
            rows = Store.objects.for_user(user)
        case SyncFilter.Entity.GROUP:
            rows = ProductGroup.objects.for_user(user)
        case _:
            rows = Product.objects.for_user(user)
    found = rows.filter(evotor_id=entity_id).first()
    if found is None:
        raise WrongRule(
            _("There is no %(kind)s with the id %(id)s in this shop's catalogue. Read the till first.")
            % {"kind": entity_type, "id": entity_id}
        )
    return found


def _parent_id(entity: Store | ProductGroup | Product) -> str:
    match entity:
        case ProductGroup():
            return entity.parent_evotor_id
        case Product():
            return entity.group_evotor_id
    return ""
