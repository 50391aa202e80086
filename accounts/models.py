"""People who use EvoSync."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.choices import SecurityEventKind
from evosync.common import clock


class UserManager(BaseUserManager["User"]):
    """Makes users. Email addresses are kept in lower case, so one address is one account."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a saved user; without a password nobody can log in as them."""
        if not email:
            raise ValueError("A user needs an email address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a saved user with every right."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user with this email address, whatever its case."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A merchant or a member of staff, known by email address."""

    email = models.EmailField(_("email"), unique=True)
    first_name = models.CharField(_("first name"), max_length=150, blank=True)
    last_name = models.CharField(_("last name"), max_length=150, blank=True)
    # Anybody may write anybody's: it is for support to call, proves nothing and tells nobody who is known.
    phone = models.CharField(
        _("phone"),
        max_length=16,
        db_index=True,
        null=True,
        blank=True,
        validators=[RegexValidator(r"^\+[1-9]\d{6,14}$", _("Write the phone as +79991234567."))],
    )
    language = models.CharField(
        _("language"), max_length=2, choices=[("ru", _("Russian")), ("en", _("English"))], default="ru"
    )
    is_staff = models.BooleanField(_("staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    # Until then members of staff may look at this merchant's pages; null: they may not.
    support_until = models.DateTimeField(_("support may look until"), null=True, blank=True)
    wants_notifications = models.BooleanField(
        _("emails about my shop"), default=True, db_default=True, db_column="wants_notices"
    )
    # Counts how often all sessions were ended at once; a session of another number is none.
    session_epoch = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects: ClassVar[UserManager] = UserManager()

    # True while the person chooses a password on their own pages; any other new one is by somebody else.
    chooses_password = False

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.email

    def get_full_name(self) -> str:
        """Return first and last name, or the address where neither is given."""
        return f"{self.first_name} {self.last_name}".strip() or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Bind sessions to the password, as Django does, and to their epoch.

        The epoch that everybody begins with leaves Django's value as it is.
        """
        value: str = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        if not self.session_epoch:
            return value
        key = f"{value}:{self.session_epoch}"
        return salted_hmac("accounts.session_epoch", key, secret=secret, algorithm="sha256").hexdigest()


# The merchant's consent to visits of support lasts so long.
SUPPORT_CONSENT = timedelta(hours=24)


class SupportVisitQuerySet(models.QuerySet["SupportVisit"]):
    """Visits of staff to merchants' pages."""

    def for_merchant(self, user: User) -> Self:
        """Filter to those to this merchant, newest first."""
        return self.filter(merchant=user).order_by("-pk")

    def by_staff(self, user: User) -> Self:
        """Filter to those of this member of staff."""
        return self.filter(staff=user)

    def open(self, now: datetime) -> Self:
        """Filter to those that go on at `now`, as long as the merchant still allows them."""
        consent = clock.before("merchant__support_until", now, longest=SUPPORT_CONSENT)
        return self.filter(consent, ended_at__isnull=True, ends_at__gt=now, merchant__is_active=True)

    def older_than(self, moment: datetime) -> Self:
        """Filter to those that had begun before `moment`."""
        return self.filter(started_at__lt=moment)

    def unended(self) -> Self:
        """Filter to those whose end is not recorded yet."""
        return self.filter(ended_at__isnull=True)

    def search(self, text: str) -> Self:
        """Filter to those in which either address begins so."""
        return self.filter(Q(staff_email__istartswith=text) | Q(merchant__email__istartswith=text))


class SupportVisit(models.Model):
    """A visit of support to a merchant's pages, with the merchant's consent. It outlives both accounts."""

    staff = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("member of staff")
    )
    merchant = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="support_visits", verbose_name=_("merchant")
    )
    # Which member of staff visited stays known when their account is deleted; a merchant's address does not.
    staff_email = models.EmailField(_("email of the member of staff"))
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    ends_at = models.DateTimeField(_("ends at the latest"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = SupportVisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit of support")
        verbose_name_plural = _("visits of support")
        permissions = [("look_as_merchant", "May look at the pages of merchants who allow it")]

    def __str__(self) -> str:
        return f"{self.staff_email} → {self.merchant_id or '…'}"


class SecurityEventQuerySet(models.QuerySet["SecurityEvent"]):
    """What touched the safety of accounts."""

    def for_user(self, user: User) -> Self:
        """Filter to those of this user, newest first."""
        return self.filter(user=user).order_by("-pk")

    def of_kind(self, kind: str, *, since: datetime) -> Self:
        """Filter to those of this kind that are not older than `since`."""
        return self.filter(kind=kind, created_at__gte=since)

    def from_ip(self, ip: str | None) -> Self:
        """Filter to those from this address."""
        return self.filter(ip=ip)

    def older_than(self, moment: datetime) -> Self:
        """Filter to those before `moment`."""
        return self.filter(created_at__lt=moment)

    def readings_by(self, staff: User, *, of: Collection[int], since: datetime) -> Self:
        """Filter to this person's readings of these merchants' goods."""
        rows = self.filter(user__in=of, created_at__gte=since, detail=staff.email)
        return rows.filter(kind=SecurityEventKind.SUPPORT_READ)

    def search(self, text: str) -> Self:
        """Filter to those of users whose address begins so."""
        return self.filter(user__email__istartswith=text)


class SecurityEvent(models.Model):
    """Something that touched the safety of an account: the merchant's own list of them.

    `times` counts failures of one hour that share a row. `detail` is an address or a name, never a secret.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="security_events", verbose_name=_("user"))
    kind = models.CharField(_("event"), max_length=32, choices=SecurityEventKind)
    detail = models.CharField(_("detail"), max_length=254, blank=True, default="")
    ip = models.GenericIPAddressField(_("IP address"), null=True, blank=True)
    user_agent = models.CharField(_("browser"), max_length=200, blank=True, default="")
    times = models.PositiveIntegerField(_("times"), default=1)
    created_at = models.DateTimeField(_("time"), default=timezone.now, db_index=True)

    objects = SecurityEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("security event")
        verbose_name_plural = _("security events")
        indexes = [models.Index(fields=["user", "-id"], name="events_by_user")]

    def __str__(self) -> str:
        return f"{self.kind} {self.created_at:%Y-%m-%d %H:%M}"
