"""Pages and emails speak the merchant's words: no name of our code or of Evotor's stands in them."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from syncing.choices import JobTrigger
from syncing.core.choices import Reason
from syncing.models import RestrictedDecision
from syncing.services import labels
from syncing.web.presenters.exclusion_reasons import reason_sentence
from tests.web.shop import Shop

RAW = re.compile(r"\b[A-Za-z]{2,}(?:_[A-Za-z0-9]+)+\b")
TYPES = (
    "ALCOHOL_MARKED",
    "ALCOHOL_NOT_MARKED",
    "ALTERNATIVE_TOBACCO_MARKED",
    "BEER_MARKED_KEG",
    "NOT_ALCOHOL_BEER_MARKED",
    "TOBACCO_MARKED",
    "TOBACCO_PRODUCTS_MARKED",
    "DIETARY_SUPPLEMENTS_MARKED",
    "LIGHT_INDUSTRY_MARKED",
    "SERVICE",
    "SOMETHING_NEW_MARKED",
    "SOMETHING_NEW",
)


def visible(html: str) -> str:
    """Return what a reader sees of a page's content."""
    main = html[html.find("<main") :] if "<main" in html else html
    return re.sub(r"<(script|style|template|code)\b.*?</\1>|<[^>]*>", " ", main, flags=re.DOTALL)


@pytest.mark.once
@pytest.mark.parametrize("product_type", TYPES)
def test_the_till_s_type_is_said_in_words(owner: Client, shop: Shop, product_type: str) -> None:
    product = shop.product("x", "Пачка синяя", product_type=product_type)
    for name in ("product", "why"):
        text = visible(owner.get(reverse(f"catalog:{name}", args=[product.pk])).content.decode())
        assert not RAW.findall(text)


@pytest.mark.once
def test_goods_of_an_unknown_type_are_asked_about_without_a_guess_at_what_they_are(
    owner: Client, shop: Shop
) -> None:
    product = shop.product("x", "Вещь синяя", product_type="SOMETHING_NEW")
    with translation.override("en"):
        page = owner.get(reverse("catalog:product", args=[product.pk])).content.decode()
        assert "perhaps goods that VK forbids" in page
        why = owner.get(reverse("catalog:why", args=[product.pk])).content.decode()
        assert "EvoSync does not know the type that it has in Evotor" in why
    owner.post(reverse("catalog:decide", args=[product.pk]), {"choice": "name:allowed"})
    assert RestrictedDecision.objects.get().label == product.name


def test_goods_whose_name_nobody_can_read_are_asked_about_without_a_guess(owner: Client, shop: Shop) -> None:
    product = shop.product("x", "Âîäêà 0,5")
    with translation.override("en"):
        page = owner.get(reverse("catalog:product", args=[product.pk])).content.decode()
        assert "perhaps goods that VK forbids" in page
        why = owner.get(reverse("catalog:why", args=[product.pk])).content.decode()
        assert "“Âîäêà 0,5” cannot be read, so it may be anything" in why
    owner.post(reverse("catalog:decide", args=[product.pk]), {"choice": "name:allowed"})
    assert RestrictedDecision.objects.get().label == product.name


@pytest.mark.once
def test_like_types_are_told_apart() -> None:
    with translation.override("en"):
        assert labels.product_type_label("NOT_ALCOHOL_BEER_MARKED") == "alcohol-free beer"
        assert labels.product_type_label("ALTERNATIVE_TOBACCO_MARKED") == "tobacco substitutes"
        assert labels.product_type_label("BEER_MARKED") == "beer"


@pytest.mark.once
@pytest.mark.parametrize("trigger", JobTrigger.values)
def test_a_run_says_who_began_it(owner: Client, shop: Shop, trigger: str) -> None:
    job = shop.job(triggered_by=trigger)
    with translation.override("en"):
        text = labels.started_by(trigger)
    assert text
    for url in (reverse("syncing:history"), reverse("syncing:job", args=[job.pk])):
        assert text in visible(owner.get(url).content.decode())
    with translation.override("ru"):
        assert "командой" not in labels.started_by(trigger)


@pytest.mark.once
@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_a_sentence(reason: Reason) -> None:
    assert not RAW.findall(reason_sentence(reason))
    assert reason_sentence(reason) != reason


@pytest.mark.once
def test_no_email_template_puts_a_code_into_its_text() -> None:
    for template in (Path(settings.BASE_DIR) / "templates").glob("**/email/*.txt"):
        text = re.sub(r"{%.*?%}|{#.*?#}", "", template.read_text(), flags=re.DOTALL)
        assert not re.findall(r"{{[^}]*(?:_code|\.code|\.status|\.trigger)[^}]*}}", text), template


@pytest.mark.once
def test_a_place_has_one_name_and_the_language_button_too(owner: Client, shop: Shop) -> None:
    html = owner.get(reverse("connections:index"), headers={"accept-language": "ru"}).content.decode()
    with translation.override("ru"):
        assert translation.gettext("Connections") in html
    assert "Связь" not in html
    [button] = re.findall(r'<button class="es-tool" name="language".*?</button>', html)
    assert button.count("aria-label=") == 1
    assert "visually-hidden" not in button
