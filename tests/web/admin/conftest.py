"""Staff of each kind, and a shop with one row in every table."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone
from django_dramatiq.models import Task
from dramatiq import Message
from model_bakery import baker

from accounts.models import SecurityEvent, SupportVisit, User
from catalog.models import PhotoImport, PhotoImportFile, ProductPhoto
from connections.models import EvotorSubscription, HealthCheckLog, LinkingRecord, OperatorAlert
from syncing.models import (
    AccountClosure,
    Album,
    CategoryTree,
    Computation,
    GoodsRule,
    HeldPrice,
    Notification,
    NotificationChannel,
    NotificationDelivery,
    NotificationSettings,
    ProductTag,
    RestrictedDecision,
    ShopLimits,
    SyncFilter,
    SyncJob,
    TableExport,
    TableImport,
    TableImportLine,
    UndoneChange,
)
from tests.secrets import MARK, plant
from tests.web.shop import Shop, a_merchant


@pytest.fixture(autouse=True)
def _one_factor(settings: object) -> None:
    """Let staff in by password alone; the second factor has tests of its own."""
    settings.ADMIN_REQUIRES_MFA = False  # type: ignore[attr-defined]


@pytest.fixture
def superuser(db: None) -> User:
    return User.objects.create_superuser("boss@example.com", "correct horse battery")


@pytest.fixture
def supporter(db: None) -> User:
    user = User.objects.create_user("support@example.com", "correct horse battery", is_staff=True)
    # The migrations make the group, and every test finds what they wrote.
    user.groups.add(Group.objects.get(name="Support"))
    return user


@pytest.fixture
def as_superuser(superuser: User) -> Client:
    client = Client()
    client.force_login(superuser)
    return client


@pytest.fixture
def as_support(supporter: User) -> Client:
    client = Client()
    client.force_login(supporter)
    return client


@pytest.fixture
def shop(db: None) -> Shop:
    shop = Shop(a_merchant("anna@example.com"))
    shop.config.is_enabled, shop.config.confirmed_at = True, shop.now
    shop.config.save()
    return shop


@pytest.fixture
def secrets(shop: Shop, superuser: User) -> list[str]:
    """Fill every table, with secrets wherever one may stand; return the secrets."""
    user, now = shop.user, timezone.now()
    planted = plant(user)
    job = shop.job(SyncJob.Status.PARTIAL, error_code="vk.5", error_detail="Токен", approved_by=superuser)
    shop.item(job, shop.bread, result="failed", error_code="vk.100", changes={"stock": [1, 2]})
    baker.make(
        SyncFilter, sync_config=shop.config, entity_type="group", entity_id="food", filter_mode="include"
    )
    baker.make(RestrictedDecision, user=shop.user, scope="name", key="миллер", verdict="allowed")
    baker.make(GoodsRule, user=shop.user, position=1, name="Чай дешевле")

    baker.make(
        UndoneChange, user=user, product=shop.bread, kept={"title": "Хлеб"}, instead_of={"title": "Батон"}
    )
    baker.make(ProductTag, user=user, product=shop.bread, name="подарок")

    table = baker.make(TableImport, user=user, file_name="goods.csv")
    baker.make(TableImportLine, table=table, product=shop.bread, number=2, changes={"title": ["", "Батон"]})
    baker.make(CategoryTree, leaves=[[1, ["Продукты питания", "Бакалея"]]])
    baker.make(TableExport, user=user, format="csv", state="ready", file="exports/1/a.csv")
    baker.make(HeldPrice, user=user, product=shop.bread, old_kopecks=10_000, new_kopecks=99_000)
    baker.make(Computation, user=user, kind="preview", result={"parts": []}, error_code="vk.5")
    baker.make(ShopLimits, user=user, vk_group_id=shop.vk_group_id, albums=100)
    baker.make(Album, user=user, vk_group_id=shop.vk_group_id, key="еда", vk_album_id=3)
    baker.make(ProductPhoto, user=user, product=shop.bread, file="photos/a.jpg", content_hash="a" * 64)
    sent = baker.make(PhotoImport, user=user, state="open", changed_at=now)
    baker.make(PhotoImportFile, photo_import=sent, name="4600.jpg", state="ready", product=shop.bread)
    baker.make(HealthCheckLog, user=user, service="vk", event="offline", detail="vk.5", checked_at=now)
    baker.make(OperatorAlert, code="vk.tls_untrusted", host="partners.api.vk.ru", detail="unknown issuer")
    baker.make(LinkingRecord, user=user, event="pasted")
    baker.make(
        EvotorSubscription, subscription_id="s1", evotor_user_id="01-1", facts={"type": [1, "created"]}
    )
    baker.make(SecurityEvent, user=user, kind="login", ip="192.0.2.1", user_agent="Firefox")
    baker.make(SupportVisit, staff=superuser, staff_email=superuser.email, merchant=user, ends_at=now)
    baker.make(Notification, user=user, job=job, trouble="errors", open_key=f"{user.pk}:errors")
    channel = baker.make(
        NotificationChannel, user=user, kind="telegram", key="telegram:2", address=f"{MARK}77"
    )
    baker.make(NotificationDelivery, channel=channel, stage="test", key="2:test", state="sent")
    baker.make(NotificationSettings, user=user, link_code_hash=f"{MARK}codehash")
    baker.make(AccountClosure, user=user, job=job, goods="hide", then="disconnect")
    EmailAddress.objects.create(user=user, email=user.email, verified=False, primary=True)
    totp, session_key = f"{MARK}totp0123456789abcdef", f"{MARK}session0123456789abcdef"
    Authenticator.objects.create(user=user, type="totp", data={"secret": totp})
    UserSession.objects.create(user=user, session_key=session_key, ip="127.0.0.1", user_agent="x")
    leaked = f"vk1.a.{MARK}0123456789abcdef0123456789"
    message: Message[object] = Message(
        queue_name="sync",
        actor_name="run_sync_for_user",
        args=(user.pk,),
        kwargs={},
        options={"traceback": f"Refused: access_token={leaked}"},
    )
    Task.tasks.create_or_update_from_message(message, status="failed", actor_name="run_sync_for_user")
    LogEntry.objects.create(
        user=superuser,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(user.pk),
        object_repr=str(user),
        action_flag=CHANGE,
        change_message="x",
    )
    password = user.password
    return [*planted, totp, session_key, leaked, password]
